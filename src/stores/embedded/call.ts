// One request to the embedded S3, read from the raw HTTP request: a router's decoding would ruin keys such as `a//b` or `..`,
// and stops at 100 characters.

import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

import { S3Error } from './errors.ts';
import type { OpenRequest } from './open-requests.ts';
import { operationOf } from './operation.ts';
import type { RequestIds } from './request-ids.ts';
import type { ChunkSignatures } from './signing/chunk-signatures.ts';

/** Longest key in bytes of UTF-8: "Naming Amazon S3 objects", Amazon S3 User Guide. */
export const maxKeyBytes = 1024;

export interface Call {
  /** As the API Reference spells it. */
  readonly operation: string;
  readonly method: string;
  /** '' for the service itself. */
  readonly bucket: string;
  /** '' for the bucket itself. */
  readonly key: string;
  /** Of each name its first value. */
  readonly query: ReadonlyMap<string, string>;
  readonly headers: IncomingHttpHeaders;
  readonly request: IncomingMessage;
  readonly open: OpenRequest;
  readonly ids: RequestIds;
  /** Of a body in signed chunks, where signatures are verified. */
  readonly chunkSignatures?: ChunkSignatures | undefined;
}

const noQuery: ReadonlyMap<string, string> = new Map();

/** Reads bucket, key and operation. `target` is the request target as sent: path and query. */
export function readCall(
  request: IncomingMessage,
  target: string,
  context: Pick<Call, 'open' | 'ids' | 'chunkSignatures'>,
): Call {
  const method = request.method ?? '';
  const mark = target.indexOf('?');
  const path = mark === -1 ? target : target.slice(0, mark);
  if (!path.startsWith('/')) throw new S3Error('InvalidURI');
  const { host } = request.headers;
  // RFC 9112, section 3.2: HTTP/1.1 has one always.
  if (host === undefined && request.httpVersion === '1.1') throw new S3Error('BadRequest');
  const hostBucket = bucketOfHost(host ?? '');
  const slash = path.indexOf('/', 1);
  const pathBucket = slash === -1 ? path.slice(1) : path.slice(1, slash);
  const bucket = hostBucket ?? decodePath(pathBucket);
  const key = decodePath(hostBucket !== undefined ? path.slice(1) : slash === -1 ? '' : path.slice(slash + 1));
  checkKeyLength(key);
  const query = mark === -1 ? noQuery : readQuery(target.slice(mark + 1));
  const operation = operationOf({ method, bucket, key, query, headers: request.headers });
  if (operation === undefined) throw new S3Error('MethodNotAllowed', { details: { Method: method } });
  const { open, ids, chunkSignatures } = context;
  return { operation, method, bucket, key, query, headers: request.headers, request, open, ids, chunkSignatures };
}

/** A Map, because each look into URLSearchParams takes some 100 ns. */
function readQuery(text: string): Map<string, string> {
  const query = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(text)) if (!query.has(name)) query.set(name, value);
  return query;
}

function checkKeyLength(key: string): void {
  if (key.length * 3 <= maxKeyBytes) return;
  const sizeBytes = Buffer.byteLength(key);
  if (sizeBytes <= maxKeyBytes) return;
  throw new S3Error('KeyTooLongError', { details: { Size: String(sizeBytes), MaxSizeAllowed: String(maxKeyBytes) } });
}

/** The header's one value; Node joins most repeated headers already. */
export function header(call: Call, name: string): string | undefined {
  const value = call.headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}

/** S3 reads a bare `+` in a path as a space, which is why SDKs send `%2B`. */
function decodePath(text: string): string {
  if (!/[%+]/.test(text)) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw new S3Error('InvalidURI', { details: { URI: text } });
  }
}

/** S3's own hosts, those of dual-stack and FIPS endpoints included ("Amazon S3 endpoints and quotas", AWS General Reference). */
const service = String.raw`s3(?:-fips)?(?:\.dualstack)?(?:[.-][a-z0-9-]+)?\.(?:localhost|amazonaws\.com)`;
const serviceHost = new RegExp(String.raw`^${service}(?::\d+)?$`, 'i');
const bucketHost = new RegExp(String.raw`^(.+?)\.(?:${service}|localhost)(?::\d+)?$`, 'i');
const namedHost = /\.(?:localhost|amazonaws\.com)(?::\d+)?$/i;

/**
 * The bucket of a virtual-hosted request ("Virtual hosting of general purpose buckets", Amazon S3 User Guide), for AWS's hosts
 * and for `localhost`; undefined for path style.
 */
function bucketOfHost(host: string): string | undefined {
  // What most requests are asks nothing more.
  if (!namedHost.test(host) || serviceHost.test(host)) return undefined;
  return bucketHost.exec(host)?.[1]?.toLowerCase();
}
