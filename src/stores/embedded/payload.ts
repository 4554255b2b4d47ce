// Receives the body of a request: undoes its framing, and checks length, digests and checksum. A body that fails any of it
// never becomes an object.

import { createHash } from 'node:crypto';

import { openAwsChunkedDecoder, type AwsChunkedDecoder } from './aws-chunked.ts';
import { header, type Call } from './call.ts';
import {
  checkForm,
  expectedChecksum,
  isBase64Of,
  type Checksum,
  type ExpectedChecksum,
  type Hasher,
} from './checksum.ts';
import { invalidArgument, notImplementedHeader, S3Error } from './errors.ts';

/** Takes data as it comes; a promise means: wait before the next. */
export type TakeData = (data: Uint8Array) => Promise<void> | undefined;

/** What was received, whole and verified. */
export interface Payload {
  readonly sizeBytes: number;
  readonly md5Hex: string;
  readonly checksum?: Checksum;
}

/** Largest object of one PUT: "Amazon S3 quotas", AWS General Reference. */
const maxObjectBytes = 5 * 1024 ** 3;

/** What x-amz-content-sha256 may say, as S3's error names it (github.com/versity/versitygw, s3err, InvalidArgSHA256Payload). */
const contentHash =
  /^(?:[0-9a-fA-F]{64}|UNSIGNED-PAYLOAD|STREAMING-(?:UNSIGNED-PAYLOAD-TRAILER|AWS4-(?:HMAC-SHA256|ECDSA-P256-SHA256)-PAYLOAD(?:-TRAILER)?))$/;

/** What the headers promise about the body. */
interface Expectation {
  readonly decoder: AwsChunkedDecoder | undefined;
  readonly sizeBytes: number;
  readonly checksum: ExpectedChecksum | undefined;
  readonly md5Base64: string | undefined;
  readonly sha256Hex: string | undefined;
}

/** Reads the whole body. Throws the S3Error that AWS would answer, or `ClientGone`. */
export async function receivePayload(call: Call, take: TakeData): Promise<Payload> {
  const expected = readExpectation(call);
  const md5 = createHash('md5');
  const sha256 = expected.sha256Hex === undefined ? undefined : createHash('sha256');
  const hashers: Hasher[] = [
    md5,
    ...(sha256 ? [sha256] : []),
    ...(expected.checksum ? [expected.checksum.hasher] : []),
  ];
  const { decoder } = expected;
  let sizeBytes = 0;
  let waiting: Promise<void> | undefined;
  function onData(data: Uint8Array): void {
    sizeBytes += data.length;
    if (sizeBytes > expected.sizeBytes) throw new S3Error('IncompleteBody');
    for (const hasher of hashers) hasher.update(data);
    const wait = take(data);
    if (wait) waiting = waiting ? Promise.all([waiting, wait]).then(() => undefined) : wait;
  }
  await readBody(call, (chunk) => {
    waiting = undefined;
    if (decoder) decoder.decode(chunk, onData);
    else onData(chunk);
    return waiting;
  });
  const trailers = decoder?.end();
  if (sizeBytes !== expected.sizeBytes) throw new S3Error('IncompleteBody');
  const md5Bytes = md5.digest();
  checkDigests(expected, md5Bytes, sha256?.digest('hex'));
  const checksum = expected.checksum && verifyChecksum(expected.checksum, trailers);
  return { sizeBytes, md5Hex: md5Bytes.toString('hex'), ...(checksum ? { checksum } : {}) };
}

/** Far more than any configuration takes. */
export const maxXmlBytes = 256 * 1024;

/** Reads a small XML body; '' where there is none. */
export async function receiveText(call: Call, maxBytes: number): Promise<string> {
  const hasBody = call.headers['content-length'] !== undefined || call.headers['transfer-encoding'] !== undefined;
  if (!hasBody) return '';
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  await receivePayload(call, (data) => {
    sizeBytes += data.length;
    if (sizeBytes > maxBytes)
      throw new S3Error('MaxMessageLengthExceeded', { details: { MaxMessageLengthBytes: String(maxBytes) } });
    chunks.push(data);
    return undefined;
  });
  return Buffer.concat(chunks).toString('utf8');
}

/** The client closed the connection before its request was whole: there is nobody to answer. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
}

function readExpectation(call: Call): Expectation {
  const contentSha256 = header(call, 'x-amz-content-sha256');
  if (contentSha256 !== undefined && !contentHash.test(contentSha256)) {
    const message =
      'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER or a valid sha256 value.';
    throw invalidArgument('x-amz-content-sha256', contentSha256, message);
  }
  const isFramed =
    contentSha256?.startsWith('STREAMING-') === true || /\baws-chunked\b/i.test(header(call, 'content-encoding') ?? '');
  if (!isFramed && header(call, 'transfer-encoding') !== undefined) throw notImplementedHeader('Transfer-Encoding');
  const sizeBytes = Number(header(call, isFramed ? 'x-amz-decoded-content-length' : 'content-length') ?? NaN);
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0) throw new S3Error('MissingContentLength');
  if (sizeBytes > maxObjectBytes) {
    throw new S3Error('EntityTooLarge', {
      details: { ProposedSize: String(sizeBytes), MaxSizeAllowed: String(maxObjectBytes) },
    });
  }
  const md5Base64 = header(call, 'content-md5');
  if (md5Base64 !== undefined && !isBase64Of(md5Base64, 16))
    throw new S3Error('InvalidDigest', { details: { 'Content-MD5': md5Base64 } });
  return {
    decoder: isFramed ? openAwsChunkedDecoder(call.chunkSignatures) : undefined,
    sizeBytes,
    checksum: expectedChecksum(call.headers),
    md5Base64,
    sha256Hex:
      contentSha256 !== undefined && /^[0-9a-f]{64}$/i.test(contentSha256) ? contentSha256.toLowerCase() : undefined,
  };
}

function checkDigests(expected: Expectation, md5: Buffer, sha256Hex: string | undefined): void {
  const md5Base64 = md5.toString('base64');
  if (expected.md5Base64 !== undefined && expected.md5Base64 !== md5Base64) {
    throw new S3Error('BadDigest', {
      message: 'The Content-MD5 you specified did not match what we received.',
      details: { ExpectedDigest: expected.md5Base64, CalculatedDigest: md5Base64 },
    });
  }
  if (expected.sha256Hex !== sha256Hex) {
    throw new S3Error('XAmzContentSHA256Mismatch', {
      details: { ClientComputedContentSHA256: expected.sha256Hex!, S3ComputedContentSHA256: sha256Hex! },
    });
  }
}

function verifyChecksum(expected: ExpectedChecksum, trailers: ReadonlyMap<string, string> | undefined): Checksum {
  const { algorithm, hasher } = expected;
  const claimed = expected.value ?? trailers?.get(`x-amz-checksum-${algorithm}`);
  if (claimed === undefined) throw new S3Error('MalformedTrailerError');
  checkForm(algorithm, claimed);
  const value = hasher.digest().toString('base64');
  if (claimed === value) return { algorithm, value };
  throw new S3Error('BadDigest', {
    message: `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`,
  });
}

/** Feeds the body's chunks to `take`, and holds the client back while it is busy. */
function readBody(call: Call, take: TakeData): Promise<void> {
  const { request, open } = call;
  // What has no body has no events of one.
  if (request.readableEnded) return Promise.resolve();
  return new Promise((resolve, reject) => {
    let failed = false;
    let pending: Promise<void> | undefined;
    function fail(reason: unknown): void {
      failed = true;
      reject(reason as Error);
      // The rest is read and thrown away, so that the client gets to read the answer.
      request.resume();
    }
    request.on('data', (chunk: Buffer) => {
      if (failed) return;
      try {
        pending = take(chunk);
      } catch (error) {
        fail(error);
        return;
      }
      open.turn('client');
      if (pending) holdBack(pending, call, fail);
    });
    request.once('end', () => {
      request.off('close', onGone);
      open.turn('ours');
      void Promise.resolve(pending).then(() => resolve(), fail);
    });
    const onGone = (): void => fail(new ClientGone());
    request.once('error', onGone).once('close', onGone);
    open.turn('client');
  });
}

function holdBack(pending: Promise<void>, { request, open }: Call, fail: (reason: unknown) => void): void {
  request.pause();
  open.turn('ours');
  pending.then(() => {
    open.turn('client');
    request.resume();
  }, fail);
}
