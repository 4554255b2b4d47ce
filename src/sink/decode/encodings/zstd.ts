// Zstandard (RFC 8878): frames are joined, where zlib stops behind the first. Opened late, so its errors come after the path's.
// Texts are those of klauspost/compress (zstd/zstd.go), which the collector uses.

import { zstdDecompressSync } from 'node:zlib';

import { DecodeError } from '../decode-error.ts';
import { cutShort, tooLarge, type Coding } from './coding.ts';
import type { Inflated } from './deflate.ts';

export const zstd: Coding = {
  opensEarly: false,
  open: () => undefined,
  /** An empty body is an empty text. */
  decode(body, limitBytes) {
    const frames: Uint8Array[] = [];
    let sizeBytes = 0;
    for (let at = 0; at < body.length;) {
      const { buffer, engine } = decodeFrame(body.subarray(at), limitBytes);
      frames.push(buffer);
      sizeBytes += buffer.length;
      if (sizeBytes > limitBytes) throw tooLarge();
      at += engine.bytesWritten;
    }
    return Buffer.concat(frames);
  },
};

/** klauspost/compress names each kind of damage within a block; zlib knows one. */
const texts: Readonly<Record<string, string>> = {
  ZSTD_error_checksum_wrong: 'CRC check failed',
  ZSTD_error_dictionary_wrong: 'unknown dictionary',
  ZSTD_error_frameParameter_unsupported: 'reserved bit set on frame header',
  ZSTD_error_frameParameter_windowTooLarge: 'window size exceeded',
  ZSTD_error_prefix_unknown: 'invalid input: magic number mismatch',
};

function decodeFrame(body: Uint8Array, limitBytes: number): Inflated {
  if (body.length < 4) throw cutShort();
  try {
    return zstdDecompressSync(body, { maxOutputLength: limitBytes, info: true }) as unknown as Inflated;
  } catch (error) {
    const { code } = error as { code: string };
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
    if (code === 'Z_BUF_ERROR') throw cutShort();
    throw new DecodeError(texts[code] ?? 'corrupt block');
  }
}
