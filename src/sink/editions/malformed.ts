// What Go's server says to bytes that are no request (net/http, server.go, conn.serve), for what Node's parser finds in them.

import type { Answer } from '../answer.ts';

/** `code` is the parser's; 'no-host' and 'two-hosts' are ours. */
export function goMalformed(code: string): Answer {
  const [statusCode, body] = statuses[code] ?? [400, '400 Bad Request'];
  return { statusCode, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}

const statuses: Readonly<Record<string, readonly [statusCode: number, body: string]>> = {
  'no-host': [400, '400 Bad Request: missing required Host header'],
  HPE_HEADER_OVERFLOW: [431, '431 Request Header Fields Too Large'],
  HPE_INVALID_TRANSFER_ENCODING: [501, 'Unsupported transfer encoding'],
  HPE_INVALID_VERSION: [505, '505 HTTP Version Not Supported: unsupported protocol version'],
};

/** What reading a body ends with in Go where Node's parser finds it broken (net/http/internal/chunked.go; io.ErrUnexpectedEOF). */
export function goBodyDamage(code: string): string {
  if (code === 'HPE_INVALID_EOF_STATE') return 'unexpected EOF';
  return code === 'HPE_INVALID_CHUNK_SIZE' ? 'invalid byte in chunk length' : 'malformed chunked encoding';
}
