// Opens a compressed body as the collector does: a wrong header is an answer before the path is looked at, damage further in
// only where the body is read (open-telemetry/opentelemetry-collector, config/confighttp/compression.go). Texts are those of
// Go's compress/gzip, compress/zlib and compress/flate.

import { gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib';

import { DecodeError } from './decode-error.ts';

interface Coding {
  /** Throws where the real one fails while it opens the decoder. */
  open(body: Uint8Array): void;
  decode(body: Uint8Array, limitBytes: number): Uint8Array;
}

const codings: Readonly<Record<string, Coding>> = {
  gzip: { open: openGzip, decode: decodeGzip },
  zlib: { open: openZlib, decode: decodeZlib },
  deflate: { open: openZlib, decode: decodeZlib },
  zstd: { open: () => undefined, decode: decodeZstd },
};

/** zlib's own size of a piece of output. */
const leastChunkBytes = 16 * 1024;

/** What zlib answers with `info: true`: how much of its input it consumed. */
interface Inflated {
  readonly buffer: Uint8Array;
  readonly engine: { readonly bytesWritten: number };
}

/** Checks the name of the encoding and the first bytes. `encoding` is the header's value; an empty one is none. */
export function openBody(body: Uint8Array, encoding: string): void {
  if (encoding === '') return;
  const coding = Object.hasOwn(codings, encoding) ? codings[encoding]! : undefined;
  if (!coding) throw new DecodeError(`unsupported Content-Encoding: ${encoding}`);
  coding.open(body);
}

/** The decoded body, at most `limitBytes` long. */
export function decodeBody(body: Uint8Array, encoding: string, limitBytes: number): Uint8Array {
  const decoded = encoding === '' ? body : codings[encoding]!.decode(body, limitBytes);
  if (decoded.length > limitBytes) throw tooLarge();
  return decoded;
}

/** What Go's http.MaxBytesReader says; the real collector answers 400 with it, not 413. */
export function tooLarge(): DecodeError {
  return new DecodeError('http: request body too large');
}

function openGzip(body: Uint8Array): void {
  if (body.length === 0) throw new DecodeError('EOF');
  if (body.length < 10) throw new DecodeError('unexpected EOF');
  if (body[0] !== 0x1f || body[1] !== 0x8b || body[2] !== 8) throw new DecodeError('gzip: invalid header');
}

function openZlib(body: Uint8Array): void {
  if (body.length < 2) throw new DecodeError('unexpected EOF');
  const header = body[0]! * 256 + body[1]!;
  if ((body[0]! & 15) !== 8 || body[0]! >> 4 > 7 || header % 31 !== 0) throw new DecodeError('zlib: invalid header');
}

/** Several members are joined. zlib stops silently at zeros behind the last one, Go does not. */
function decodeGzip(body: Uint8Array, limitBytes: number): Uint8Array {
  const chunkSize = gzipChunkBytes(body, limitBytes);
  const run = (): unknown => gunzipSync(body, { maxOutputLength: limitBytes, chunkSize, info: true });
  const { buffer, engine } = inflate('gzip', run) as Inflated;
  const rest = body.length - engine.bytesWritten;
  if (rest > 0) throw new DecodeError(rest < 10 ? 'unexpected EOF' : 'gzip: invalid header');
  return buffer;
}

/**
 * One piece that takes all of the output, so that zlib has nothing to join: the last four bytes are its length modulo 2^32 (RFC
 * 1952, section 2.3.1), a hint that a body may get wrong, and DEFLATE never makes more than 1032 bytes of one. A piece that is full
 * would be followed by another one.
 */
function gzipChunkBytes(body: Uint8Array, limitBytes: number): number {
  const { buffer, byteOffset, length } = body;
  const stated = new DataView(buffer, byteOffset, length).getUint32(length - 4, true);
  return Math.min(Math.max(stated + 1, leastChunkBytes), length * 1032, limitBytes + 1);
}

function decodeZlib(body: Uint8Array, limitBytes: number): Uint8Array {
  return inflate('zlib', () => inflateSync(body, { maxOutputLength: limitBytes }));
}

/** Several frames are joined; zlib stops behind the first. An empty body is an empty text. */
function decodeZstd(body: Uint8Array, limitBytes: number): Uint8Array {
  const frames: Uint8Array[] = [];
  let sizeBytes = 0;
  for (let at = 0; at < body.length;) {
    const run = (): unknown => zstdDecompressSync(body.subarray(at), { maxOutputLength: limitBytes, info: true });
    const { buffer, engine } = inflate('zstd', run) as Inflated;
    frames.push(buffer);
    sizeBytes += buffer.length;
    if (sizeBytes > limitBytes) throw tooLarge();
    at += engine.bytesWritten;
  }
  return Buffer.concat(frames);
}

/** Runs zlib and says what it found in Go's words. */
function inflate<T>(name: 'gzip' | 'zlib' | 'zstd', run: () => T): T {
  try {
    return run();
  } catch (error) {
    const { code, message } = error as Error & { code: string };
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
    if (code === 'Z_BUF_ERROR') throw new DecodeError('unexpected EOF');
    if (name === 'zstd') throw new DecodeError(zstdText(message));
    if (message.includes('header') || message.includes('compression method'))
      throw new DecodeError(`${name}: invalid header`);
    if (/incorrect (data|length) check/.test(message)) throw new DecodeError(`${name}: invalid checksum`);
    throw new DecodeError('flate: corrupt input');
  }
}

/** klauspost/compress, zstd/zstd.go. */
function zstdText(message: string): string {
  if (/checksum/i.test(message)) return 'CRC check failed';
  return /unknown frame|prefix/i.test(message) ? 'invalid input: magic number mismatch' : 'unexpected EOF';
}
