// The zlib format (RFC 1950) as Go's compress/zlib reads it; `Content-Encoding: deflate` means it too (RFC 9110, section 8.4.1.2).
// What follows the stream is not looked at.

import { inflateSync } from 'node:zlib';

import { DecodeError } from '../decode-error.ts';
import { cutShort, tooLarge, type Coding } from './coding.ts';
import { inflate } from './deflate.ts';

export const zlib: Coding = {
  opensEarly: true,
  open(body) {
    if (body.length < 2) throw cutShort();
    const header = body[0]! * 256 + body[1]!;
    if ((body[0]! & 15) !== 8 || body[0]! >> 4 > 7 || header % 31 !== 0) throw new DecodeError('zlib: invalid header');
    if (!hasDictionary(body)) return;
    if (body.length < 6) throw cutShort();
    if (!isEmptyDictionary(body)) throw new DecodeError('zlib: invalid dictionary');
  },
  decode(body, limitBytes) {
    try {
      return inflateSync(body, { maxOutputLength: limitBytes });
    } catch (error) {
      if ((error as { code: string }).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
      return decodeSlowly(body, limitBytes);
    }
  },
};

/** Goes through a body again that zlib refused, to say why in Go's words. */
function decodeSlowly(body: Uint8Array, limitBytes: number): Uint8Array {
  const deflated = body.subarray(hasDictionary(body) ? 6 : 2);
  const { text, usedBytes } = inflate(deflated, limitBytes);
  if (deflated.length < usedBytes + 4) throw cutShort();
  // A dictionary that is empty is all that zlib has against a body whose checksum is right.
  if (!hasDictionary(body)) throw new DecodeError('zlib: invalid checksum');
  return text;
}

function hasDictionary(body: Uint8Array): boolean {
  return (body[1]! & 0x20) !== 0;
}

/** The name of a dictionary is its Adler-32 checksum; the empty one's is 1. */
function isEmptyDictionary(body: Uint8Array): boolean {
  return body[2] === 0 && body[3] === 0 && body[4] === 0 && body[5] === 1;
}
