// gzip (RFC 1952) as Go's compress/gzip reads it: members are joined, the first header is read when the decoder is opened, and
// bytes behind the last member that are no further member are an error. A right body is zlib's alone; only what zlib refuses is
// gone through again member by member, to say it in Go's words.

import { crc32, gunzipSync } from 'node:zlib';

import { DecodeError } from '../decode-error.ts';
import { cutShort, tooLarge, type Coding } from './coding.ts';
import { inflate, type Inflated } from './deflate.ts';

export const gzip: Coding = {
  opensEarly: true,
  open: (body) => void headerEnd(body, 0),
  decode(body, limitBytes) {
    return tryZlib(body, limitBytes) ?? joinMembers(body, limitBytes);
  },
};

/** zlib's own size of a piece of output. */
const leastChunkBytes = 16 * 1024;

/** Go keeps a name or a comment of at most this many bytes (compress/gzip, gunzip.go, readString). */
const longestText = 512;

/** Undefined where zlib refuses the body, or leaves bytes behind the last member, which it does in silence. */
function tryZlib(body: Uint8Array, limitBytes: number): Uint8Array | undefined {
  try {
    const chunkSize = chunkBytes(body, limitBytes);
    const options = { maxOutputLength: limitBytes, chunkSize, info: true };
    const { buffer, engine } = gunzipSync(body, options) as unknown as Inflated;
    return engine.bytesWritten === body.length ? buffer : undefined;
  } catch (error) {
    if ((error as { code: string }).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
    return undefined;
  }
}

/**
 * One piece that takes all of the output, so that zlib has nothing to join: the last four bytes are its length modulo 2^32 (RFC
 * 1952, section 2.3.1), a hint that a body may get wrong, and DEFLATE never makes more than 1032 bytes of one. A piece that is full
 * would be followed by another one.
 */
function chunkBytes(body: Uint8Array, limitBytes: number): number {
  const { buffer, byteOffset, length } = body;
  const stated = new DataView(buffer, byteOffset, length).getUint32(length - 4, true);
  return Math.min(Math.max(stated + 1, leastChunkBytes), length * 1032, limitBytes + 1);
}

function joinMembers(body: Uint8Array, limitBytes: number): Uint8Array {
  const texts: Uint8Array[] = [];
  let sizeBytes = 0;
  for (let at = 0; at < body.length;) {
    const deflated = body.subarray(headerEnd(body, at));
    const { text, usedBytes } = inflate(deflated, limitBytes - sizeBytes);
    const trailer = deflated.subarray(usedBytes, usedBytes + 8);
    if (trailer.length < 8) throw cutShort();
    const view = new DataView(trailer.buffer, trailer.byteOffset, 8);
    if (view.getUint32(0, true) !== crc32(text) || view.getUint32(4, true) !== text.length)
      throw new DecodeError('gzip: invalid checksum');
    texts.push(text);
    sizeBytes += text.length;
    at = deflated.byteOffset - body.byteOffset + usedBytes + 8;
  }
  return Buffer.concat(texts);
}

/** Where the compressed data of the member at `at` begins. Reserved flags are ignored (gunzip.go, readHeader). */
function headerEnd(body: Uint8Array, at: number): number {
  if (at === body.length) throw new DecodeError('EOF');
  if (at + 10 > body.length) throw cutShort();
  if (body[at] !== 0x1f || body[at + 1] !== 0x8b || body[at + 2] !== 8) throw invalidHeader();
  const flags = body[at + 3]!;
  let end = at + 10;
  if (flags & 4) {
    if (end + 2 > body.length) throw cutShort();
    end += 2 + body[end]! + body[end + 1]! * 256;
    if (end > body.length) throw cutShort();
  }
  if (flags & 8) end = textEnd(body, end);
  if (flags & 16) end = textEnd(body, end);
  if (flags & 2) {
    if (end + 2 > body.length) throw cutShort();
    const stated = body[end]! + body[end + 1]! * 256;
    if (stated !== (crc32(body.subarray(at, end)) & 0xffff)) throw invalidHeader();
    end += 2;
  }
  return end;
}

/** Behind the zero that ends a name or a comment. */
function textEnd(body: Uint8Array, at: number): number {
  const zero = body.indexOf(0, at);
  const length = (zero === -1 ? body.length : zero) - at;
  if (length >= longestText) throw invalidHeader();
  if (zero === -1) throw cutShort();
  return zero + 1;
}

function invalidHeader(): DecodeError {
  return new DecodeError('gzip: invalid header');
}
