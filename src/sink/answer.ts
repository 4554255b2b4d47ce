// Answers, and the forms in which SigNoz's receivers word an error.

/** What is sent back. An empty body goes without a content type, as Go's net/http sends it. */
export interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
}

/** Go's http.Error (net/http, server.go). */
export function plainError(statusCode: number, message: string): Answer {
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' };
  return { statusCode, headers, body: `${message}\n` };
}

/** A google.rpc.Status in JSON, as protobuf's JSON library writes it. */
export function jsonStatus(statusCode: number, grpcCode: number, message: string): Answer {
  const body = `{"code":${grpcCode}, "message":${JSON.stringify(message)}}`;
  return { statusCode, headers: { 'content-type': 'application/json' }, body };
}

/** A google.rpc.Status in protobuf: field 1 is the code, field 2 the message (google/rpc/status.proto). */
export function protobufStatus(statusCode: number, grpcCode: number, message: string): Answer {
  const text = Buffer.from(message);
  const length = text.length < 0x80 ? [text.length] : [(text.length & 0x7f) | 0x80, text.length >> 7];
  const body = Buffer.concat([Buffer.from([0x08, grpcCode, 0x12, ...length]), text]);
  return { statusCode, headers: { 'content-type': 'application/x-protobuf' }, body };
}

/** gRPC's code for an HTTP status (grpc, doc/http-grpc-status-mapping.md; 429 as the collector maps it). */
export function grpcCodeOf(statusCode: number): number {
  const codes: Readonly<Record<number, number>> = {
    400: 3,
    401: 16,
    403: 7,
    404: 5,
    413: 8,
    429: 8,
    500: 13,
    502: 14,
    503: 14,
    504: 14,
  };
  return codes[statusCode] ?? 2;
}
