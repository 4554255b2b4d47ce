// What a client signs of a request, and the key that it signs with: "Create a signed AWS API request", IAM User Guide, with the
// exceptions for S3 that its page on the canonical request names: paths are encoded once, and never normalised.

import { createHash, createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export interface SignedRequest {
  readonly method: string;
  /** Path and query, as sent. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  /** Lower-case names, in order. */
  readonly signedHeaders: readonly string[];
  readonly payloadHash: string;
}

/** The time and the scope of a signature. */
export interface Scope {
  /** `20260101T000000Z`. */
  readonly timestamp: string;
  /** `20260101/us-east-1/s3/aws4_request`. */
  readonly scope: string;
}

/** Throws a URIError where the target is not percent-encoded UTF-8. */
export function canonicalRequest({ method, target, headers, signedHeaders, payloadHash }: SignedRequest): string {
  const mark = target.indexOf('?');
  const path = mark === -1 ? target : target.slice(0, mark);
  const query = mark === -1 ? '' : target.slice(mark + 1);
  const headerLines = signedHeaders.map((name) => `${name}:${canonicalValue(headers[name])}\n`);
  return [
    method,
    // A slash is signed as one, though it came as %2F: so the Java SDK sends the second of two in a row (aws/aws-sdk-java-v2,
    // Apache5HttpRequestFactory.java, sanitizeUri).
    reencode(path).replaceAll('%2F', '/'),
    canonicalQuery(query),
    headerLines.join(''),
    signedHeaders.join(';'),
    payloadHash,
  ].join('\n');
}

/** The signature, in hex, of what was derived from a request or a chunk. */
export function sign(key: Buffer, { timestamp, scope }: Scope, algorithm: string, lines: readonly string[]): string {
  return hmac(key, [algorithm, timestamp, scope, ...lines].join('\n')).toString('hex');
}

export function signingKey(secretAccessKey: string, { scope }: Scope): Buffer {
  const [date = '', region = '', service = ''] = scope.split('/');
  return hmac(hmac(hmac(hmac(`AWS4${secretAccessKey}`, date), region), service), 'aws4_request');
}

export function sha256Hex(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function canonicalValue(value: string | string[] | undefined): string {
  return String(value ?? '')
    .trim()
    .replaceAll(/ +/g, ' ');
}

/** Parameters in the order of their encoded names, then values; a presigned request does not sign its own signature. */
function canonicalQuery(query: string): string {
  if (query === '') return '';
  return query
    .split('&')
    .filter((part) => part !== '' && !/^X-Amz-Signature(=|$)/.test(part))
    .map((part): [string, string] => {
      const equals = part.indexOf('=');
      const [name, value] = equals === -1 ? [part, ''] : [part.slice(0, equals), part.slice(equals + 1)];
      return [reencodeParameter(name), reencodeParameter(value)];
    })
    .sort(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** In a query, unlike in a path, a plus is a space to whoever reads it. */
function reencodeParameter(text: string): string {
  return reencode(text.replaceAll('+', '%20'));
}

/** Every byte but the unreserved ones (RFC 3986, section 2.3) as a percent sign and two upper-case digits. */
function reencode(text: string): string {
  return encodeURIComponent(decodeURIComponent(text)).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
