// Whether a request was signed by who may: in its header or, presigned, in its query ("Authenticating Requests (AWS Signature
// Version 4)", Amazon S3 API Reference). Only where the store is told to look.

import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

import { parseInstantMs } from '../../../core/units.ts';
import { S3Error } from '../errors.ts';
import { canonicalRequest, sha256Hex, sign, signingKey, type Scope } from './canonical-request.ts';
import { openChunkSignatures, type ChunkSignatures } from './chunk-signatures.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface VerifyNeeds {
  readonly credentials: Credentials;
  readonly region: string;
  /** Unix time by the machine's clock, which is the client's too. */
  readonly nowMs: number;
}

export interface RequestToVerify {
  readonly method: string;
  /** Path and query, as sent. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
}

const algorithm = 'AWS4-HMAC-SHA256';
/** How far a client's clock may be off, and how long a presigned request may live at most. */
const skewMs = 15 * 60_000;
const maxExpiresS = 7 * 24 * 3600;

/** What a request says of its signature. */
interface Claim extends Scope {
  readonly accessKeyId: string;
  readonly region: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly payloadHash: string;
  readonly isPresigned: boolean;
}

/** Throws what S3 answers; returns the signatures of the chunks that follow, where the body comes in such. */
export function verifyRequest(request: RequestToVerify, needs: VerifyNeeds): ChunkSignatures | undefined {
  const claim = readClaim(request, needs);
  if (claim.accessKeyId !== needs.credentials.accessKeyId) {
    throw new S3Error('InvalidAccessKeyId', { details: { AWSAccessKeyId: claim.accessKeyId } });
  }
  if (claim.region !== needs.region) {
    throw malformed(
      `The authorization header is malformed; the region '${claim.region}' is wrong; expecting '${needs.region}'`,
      {
        Region: needs.region,
      },
    );
  }
  checkSigned(request.headers, claim);
  const canonical = canonicalOf(request, claim);
  const key = signingKey(needs.credentials.secretAccessKey, claim);
  const expected = sign(key, claim, algorithm, [sha256Hex(canonical)]);
  if (!isSame(expected, claim.signature)) {
    throw new S3Error('SignatureDoesNotMatch', {
      details: {
        AWSAccessKeyId: claim.accessKeyId,
        StringToSign: [algorithm, claim.timestamp, claim.scope, sha256Hex(canonical)].join('\n'),
        SignatureProvided: claim.signature,
        CanonicalRequest: canonical,
      },
    });
  }
  return claim.payloadHash.startsWith(`STREAMING-${algorithm}-PAYLOAD`)
    ? openChunkSignatures({ key, scope: claim, seed: claim.signature })
    : undefined;
}

function canonicalOf({ method, target, headers }: RequestToVerify, claim: Claim): string {
  try {
    return canonicalRequest({ method, target, headers, ...claim });
  } catch {
    throw new S3Error('InvalidURI');
  }
}

function readClaim({ target, headers }: RequestToVerify, { nowMs }: VerifyNeeds): Claim {
  const query = new URLSearchParams(target.includes('?') ? target.slice(target.indexOf('?') + 1) : '');
  const authorization = headers.authorization;
  if (query.has('X-Amz-Signature')) {
    if (authorization !== undefined) {
      throw new S3Error('InvalidArgument', {
        message:
          'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified',
      });
    }
    return readPresigned(query, headers, nowMs);
  }
  if (authorization === undefined) throw new S3Error('AccessDenied');
  return readHeader(authorization, headers, nowMs);
}

function readHeader(authorization: string, headers: IncomingHttpHeaders, nowMs: number): Claim {
  const [word, ...rest] = authorization.trim().split(/\s+/);
  if (word !== algorithm) {
    throw new S3Error('InvalidRequest', {
      message: 'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
    });
  }
  const parts = new Map(
    rest
      .join('')
      .split(',')
      .map((part): [string, string] => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]),
  );
  const [credential, signedHeaders, signature] = ['Credential', 'SignedHeaders', 'Signature'].map((name) =>
    parts.get(name),
  );
  if (credential === undefined || signedHeaders === undefined || signature === undefined) {
    throw malformed(
      'The authorization header is malformed; the authorization header requires three components: Credential, SignedHeaders, and Signature.',
    );
  }
  const timestamp = readTimestamp(headers);
  const payloadHash = headers['x-amz-content-sha256'];
  if (typeof payloadHash !== 'string') {
    throw new S3Error('MissingSecurityHeader', { details: { MissingHeaderName: 'x-amz-content-sha256' } });
  }
  if (Math.abs(nowMs - parseTimestamp(timestamp)) > skewMs) {
    throw new S3Error('RequestTimeTooSkewed', { details: { RequestTime: timestamp } });
  }
  return {
    ...readCredential(credential, timestamp),
    timestamp,
    ...readSigned(signedHeaders, signature),
    payloadHash,
    isPresigned: false,
  };
}

function readPresigned(query: URLSearchParams, headers: IncomingHttpHeaders, nowMs: number): Claim {
  const [word, credential, timestamp, expires, signedHeaders, signature] = [
    'Algorithm',
    'Credential',
    'Date',
    'Expires',
    'SignedHeaders',
    'Signature',
  ].map((name) => query.get(`X-Amz-${name}`) ?? '') as [string, string, string, string, string, string];
  const refuse = (message: string): S3Error => new S3Error('AuthorizationQueryParametersError', { message });
  if (word !== algorithm) throw refuse('X-Amz-Algorithm only supports "AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256"');
  const issuedMs = parseTimestamp(timestamp);
  if (Number.isNaN(issuedMs)) throw refuse("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
  const expiresS = Number(expires);
  if (!/^\d{1,7}$/.test(expires)) throw refuse('X-Amz-Expires should be a number');
  if (expiresS > maxExpiresS)
    throw refuse(
      'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds',
    );
  if (nowMs > issuedMs + expiresS * 1000) {
    throw new S3Error('AccessDenied', { message: 'Request has expired', details: { 'X-Amz-Expires': expires } });
  }
  if (nowMs < issuedMs - skewMs) throw new S3Error('AccessDenied', { message: 'Request is not yet valid' });
  const hash = query.get('X-Amz-Content-Sha256') ?? headers['x-amz-content-sha256'];
  const payloadHash = typeof hash === 'string' ? hash : 'UNSIGNED-PAYLOAD';
  return {
    ...readCredential(credential, timestamp),
    timestamp,
    ...readSigned(signedHeaders, signature),
    payloadHash,
    isPresigned: true,
  };
}

function readSigned(signedHeaders: string, signature: string): Pick<Claim, 'signedHeaders' | 'signature'> {
  return { signedHeaders: signedHeaders.split(';'), signature };
}

/** `KEY/20260101/REGION/s3/aws4_request`; the key may hold slashes. */
function readCredential(credential: string, timestamp: string): Pick<Claim, 'accessKeyId' | 'region' | 'scope'> {
  const [, accessKeyId, scope, date, region] = /^(.+)\/((\d{8})\/([^/]+)\/s3\/aws4_request)$/.exec(credential) ?? [];
  if (accessKeyId === undefined || scope === undefined || region === undefined) {
    throw malformed(
      'The authorization header is malformed; the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
    );
  }
  if (!timestamp.startsWith(date!)) {
    throw malformed(
      `The authorization header is malformed; Invalid credential date "${date}". This date is not the same as X-Amz-Date: "${timestamp.slice(0, 8)}".`,
    );
  }
  return { accessKeyId, region, scope };
}

/** Who signs must sign where it goes to, and everything that is AWS's own. */
function checkSigned(headers: IncomingHttpHeaders, { signedHeaders, isPresigned }: Claim): void {
  const mustBe = Object.keys(headers).filter(
    (name) => name === 'host' || (name.startsWith('x-amz-') && !(isPresigned && name === 'x-amz-content-sha256')),
  );
  const unsigned = mustBe.filter((name) => !signedHeaders.includes(name));
  if (unsigned.length === 0) return;
  throw new S3Error('AccessDenied', {
    message: 'There were headers present in the request which were not signed',
    details: { HeadersNotSigned: unsigned.join(', ') },
  });
}

function readTimestamp(headers: IncomingHttpHeaders): string {
  const timestamp = headers['x-amz-date'];
  if (typeof timestamp === 'string' && !Number.isNaN(parseTimestamp(timestamp))) return timestamp;
  throw new S3Error('AccessDenied', {
    message: 'AWS authentication requires a valid Date or x-amz-date header',
  });
}

/** Unix ms; NaN for what is none. */
function parseTimestamp(text: string): number {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? [];
  if (year === undefined) return NaN;
  return parseInstantMs(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) ?? NaN;
}

function isSame(expected: string, given: string): boolean {
  return expected.length === given.length && timingSafeEqual(Buffer.from(expected), Buffer.from(given));
}

function malformed(message: string, details: Readonly<Record<string, string>> = {}): S3Error {
  return new S3Error('AuthorizationHeaderMalformed', { message, details });
}
