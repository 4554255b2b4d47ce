// OTLP/HTTP logs as the collector's otlp receiver answers them (open-telemetry/opentelemetry-collector,
// receiver/otlpreceiver/otlphttp.go): errors are a google.rpc.Status in the encoding of the request.

import { jsonStatus, protobufStatus, type Answer } from '../answer.ts';
import { mediaType } from '../decode/media-type.ts';
import type { RequestHead } from '../request.ts';
import { partialSuccess } from './partial-success.ts';
import type { Route } from './route.ts';

const json = 'application/json';
const protobuf = 'application/x-protobuf';

export const otlpLogsRoute: Route = {
  early(request) {
    if (request.method !== 'POST') return plain(405, '405 method not allowed, supported: [POST]');
    const type = typeOf(request);
    if (type === json || type === protobuf) return undefined;
    return plain(415, `415 unsupported media type, supported: [${json}, ${protobuf}]`);
  },
  format: (request) => (typeOf(request) === protobuf ? 'otlp-protobuf' : 'otlp-json'),
  accept(request, statusCode) {
    // The collector always sends a partial success, empty (pdata/plog/plogotlp, NewExportResponse).
    return typeOf(request) === protobuf
      ? { statusCode, headers: { 'content-type': protobuf }, body: Buffer.from([0x0a, 0]) }
      : { statusCode, headers: { 'content-type': json }, body: '{"partialSuccess":{}}' };
  },
  acceptPartly(request, partial) {
    if (typeOf(request) === protobuf) {
      return { statusCode: 200, headers: { 'content-type': protobuf }, body: partialSuccess(partial) };
    }
    // Integers of 64 bits are texts in protobuf's JSON (protobuf.dev, "ProtoJSON Format").
    const rejected = { rejectedLogRecords: String(partial.rejectedCount), errorMessage: partial.message };
    return {
      statusCode: 200,
      headers: { 'content-type': json },
      body: JSON.stringify({ partialSuccess: rejected }),
    };
  },
  refuse(request, error) {
    const type = request.headers.get('content-type') ? typeOf(request) : json;
    if (type === protobuf) return protobufStatus(error.statusCode, error.grpcCode, error.message);
    if (type === json) return jsonStatus(error.statusCode, error.grpcCode, error.message);
    // There is no encoding to word the error in (otlphttp.go, errorHandler).
    return jsonStatus(500, 13, 'failed to marshal error message');
  },
};

function typeOf(request: RequestHead): string | undefined {
  return mediaType(request.headers.get('content-type') ?? '');
}

function plain(statusCode: number, body: string): Answer {
  return { statusCode, headers: { 'content-type': 'text/plain' }, body };
}
