// The answer of OTLP's logs service that some records were rejected, in protobuf.

/**
 * ExportLogsServiceResponse with its field 1, an ExportLogsPartialSuccess: rejected_log_records is 1, error_message 2
 * (opentelemetry-proto, collector/logs/v1/logs_service.proto).
 */
export function partialSuccess({ rejectedCount, message }: { rejectedCount: number; message: string }): Buffer {
  const text = Buffer.from(message);
  const inner = Buffer.concat([Buffer.from([0x08, ...varint(rejectedCount), 0x12, ...varint(text.length)]), text]);
  return Buffer.concat([Buffer.from([0x0a, ...varint(inner.length)]), inner]);
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value % 0x80) + 0x80, ...varint(Math.floor(value / 0x80))];
}
