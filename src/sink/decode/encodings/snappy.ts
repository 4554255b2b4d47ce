// Snappy's two content encodings: blocks, and the framing format (github.com/google/snappy, framing_format.txt) as golang/snappy
// reads it (decode.go, Reader): chunks of at most 64 KiB of text, each with a masked CRC-32C.

import { DecodeError } from '../decode-error.ts';
import { tooLarge, type Coding } from './coding.ts';
import { crc32c } from './crc32c.ts';
import { blockLength, checkBlock, corruptSnappy, decodeBlock } from './snappy-block.ts';

/**
 * `snappy` means a block, and frames too where the body begins as frames do (confighttp, compression.go, snappyHandler). A block is
 * decoded whole while the decoder is opened, frames only when they are read.
 */
export const snappy: Coding = {
  opensEarly: true,
  open(body) {
    if (!isFramed(body)) checkBlock(body);
  },
  decode(body, limitBytes) {
    if (isFramed(body)) return snappyFramed.decode(body, limitBytes);
    if (blockLength(body) > limitBytes) throw tooLarge();
    return decodeBlock(body);
  },
};

export const snappyFramed: Coding = {
  opensEarly: false,
  open: () => undefined,
  decode(body, limitBytes) {
    if (body.length >= 4 && body[0] !== chunkTypes.streamIdentifier) throw corruptSnappy();
    const texts: Uint8Array[] = [];
    let sizeBytes = 0;
    for (let at = 0; at < body.length;) {
      const { type, data } = chunkAt(body, at);
      const text = textOf(type, data);
      texts.push(text);
      sizeBytes += text.length;
      if (sizeBytes > limitBytes) throw tooLarge();
      at += 4 + data.length;
    }
    return Buffer.concat(texts);
  },
};

const chunkTypes = { compressed: 0x00, uncompressed: 0x01, streamIdentifier: 0xff };
const magic = Buffer.from('sNaPpY');
const streamStart = Buffer.concat([Buffer.from([chunkTypes.streamIdentifier, magic.length, 0, 0]), magic]);

/** The most text of a chunk, and the most bytes that a chunk has: what 64 KiB may become, and a checksum. */
const textLimitBytes = 65_536;
const chunkLimitBytes = 76_490 + 4;

const noText = new Uint8Array(0);

function isFramed(body: Uint8Array): boolean {
  return streamStart.equals(body.subarray(0, streamStart.length));
}

function chunkAt(body: Uint8Array, at: number): { type: number; data: Uint8Array } {
  if (at + 4 > body.length) throw corruptSnappy();
  const sizeBytes = body[at + 1]! + body[at + 2]! * 2 ** 8 + body[at + 3]! * 2 ** 16;
  if (sizeBytes > chunkLimitBytes) throw unsupportedSnappy();
  const type = body[at]!;
  // Chunks below 0x80 may not be skipped by a reader that does not know them.
  if (type > chunkTypes.uncompressed && type < 0x80) throw unsupportedSnappy();
  if (at + 4 + sizeBytes > body.length) throw corruptSnappy();
  return { type, data: body.subarray(at + 4, at + 4 + sizeBytes) };
}

/** A chunk's text; padding and what may be skipped have none. */
function textOf(type: number, data: Uint8Array): Uint8Array {
  if (type === chunkTypes.streamIdentifier && !magic.equals(data)) throw corruptSnappy();
  if (type > chunkTypes.uncompressed) return noText;
  if (data.length < 4) throw corruptSnappy();
  const rest = data.subarray(4);
  const sizeBytes = type === chunkTypes.compressed ? blockLength(rest) : rest.length;
  if (sizeBytes > textLimitBytes) throw corruptSnappy();
  const text = type === chunkTypes.compressed ? decodeBlock(rest) : rest;
  const stated = new DataView(data.buffer, data.byteOffset, 4).getUint32(0, true);
  if (maskedChecksum(text) !== stated) throw corruptSnappy();
  return text;
}

/** Turned and shifted, so that the checksum of data that holds checksums is no weaker (framing_format.txt, section 3). */
function maskedChecksum(text: Uint8Array): number {
  const sum = crc32c(text);
  return (((sum >>> 15) | (sum << 17)) + 0xa282ead8) >>> 0;
}

function unsupportedSnappy(): DecodeError {
  return new DecodeError('snappy: unsupported input');
}
