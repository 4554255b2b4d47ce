// OTLP/gRPC logs as the collector's otlp receiver answers them (open-telemetry/opentelemetry-collector, receiver/otlpreceiver; grpc-go
// beneath it). An answer tells its status in the headers `grpc-status` and `grpc-message`; the status of HTTP that stands for it is what
// deliveries and faults speak of.

import type { Answer } from '../answer.ts';
import { checkBody } from '../decode/index.ts';
import { goMalformed } from '../editions/malformed.ts';
import { DecodeError } from '../decode/decode-error.ts';
import type { Listener } from '../editions/edition.ts';
import type { RequestHead, SinkRequest } from '../request.ts';
import { partialSuccess } from './partial-success.ts';
import type { Route } from './route.ts';

/** `max_recv_msg_size_mib: 16` in SigNoz's own configurations (SigNoz/charts, charts/signoz/values.yaml). */
const messageLimitBytes = 16 * 1024 * 1024;

export const otlpGrpcRoute: Route = {
  early: () => undefined,
  format: () => 'otlp-protobuf',
  accept: (_request, statusCode) => ({ statusCode, headers: {}, body: Buffer.from([0x0a, 0]) }),
  acceptPartly: (_request, partial) => ({ statusCode: 200, headers: {}, body: partialSuccess(partial) }),
  refuse: (_request, error) => ({
    statusCode: error.statusCode,
    headers: { 'grpc-status': String(error.grpcCode), 'grpc-message': error.message },
    body: '',
  }),
};

/** `refuseKey` is asked for what reads as a request: grpc-go decodes before it calls an interceptor. */
export function grpcListener(refuseKey: (head: RequestHead) => DecodeError | undefined): Listener {
  const route = otlpGrpcRoute;
  return {
    limitBytes: messageLimitBytes,
    headers: {},
    // No limit of the collector's own is known; HTTP/2 connections are kept by their clients' pings.
    timeLimits: { idleMs: Infinity },
    malformed: goMalformed,
    tooLarge: (_route, request) => tooLarge(request),
    judgeHead: () => undefined,
    judge(request, watch) {
      if (!request.body) return { route, answer: tooLarge(request) };
      try {
        const decoded = checkBody('otlp-protobuf', request.body, watch);
        const refusal = refuseKey(request);
        if (refusal) return { route, answer: route.refuse(request, refusal) };
        return { route, answer: route.accept(request, 200), taken: { decoded, body: request.body } };
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
        const text = `grpc: error unmarshalling request: ${error.message}`;
        return { route, answer: route.refuse(request, new DecodeError(text, 500, 13)), decodeError: error.message };
      }
    },
  };
}

/** RESOURCE_EXHAUSTED without a RetryInfo, which says not to try again. */
function tooLarge(request: SinkRequest): Answer {
  const text = `grpc: received message larger than max (${request.sizeBytes} vs. ${messageLimitBytes})`;
  return otlpGrpcRoute.refuse(request, new DecodeError(text, 413, 8));
}
