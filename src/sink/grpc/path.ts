// Where OTLP/gRPC logs are sent (open-telemetry/opentelemetry-proto, collector/logs/v1/logs_service.proto).

export const exportPath = '/opentelemetry.proto.collector.logs.v1.LogsService/Export';
