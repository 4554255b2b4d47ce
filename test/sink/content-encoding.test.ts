import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';

import { decodeBody, openBody } from '../../src/sink/decode/content-encoding.ts';
import { DecodeError } from '../../src/sink/decode/decode-error.ts';

const limitBytes = 20 * 1024 * 1024;

/** What Go's decoders make of a body, through the collector's confighttp: an error on opening, on reading, or a text. */
interface Recorded {
  readonly encoding: string;
  readonly body: string;
  readonly early?: string;
  readonly late?: string;
  readonly sizeBytes?: number;
  readonly sha256?: string;
}

function outcome(body: Uint8Array, encoding: string, limit = limitBytes): Partial<Recorded> {
  try {
    openBody(body, encoding);
  } catch (error) {
    return { early: textOf(error) };
  }
  try {
    const text = decodeBody(body, encoding, limit);
    return { sizeBytes: text.length, sha256: createHash('sha256').update(text).digest('hex') };
  } catch (error) {
    return { late: textOf(error) };
  }
}

/** Anything but a DecodeError is a bug of ours. */
function textOf(error: unknown): string {
  if (!(error instanceof DecodeError)) throw error;
  return error.message;
}

test('right and damaged bodies of every encoding end as with the collector: same text, same error, as early or as late', () => {
  const lines = readFileSync(new URL('vectors/encodings.jsonl', import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');
  const recorded = lines.map((line) => JSON.parse(line) as Recorded);
  const ours = recorded.map(({ encoding, body }) => ({
    encoding,
    body,
    ...outcome(Buffer.from(body, 'base64'), encoding),
  }));
  expect(ours).toEqual(recorded);
});

test('names are exact: other cases, lists and codings that the collector lacks are unsupported', () => {
  for (const name of ['GZIP', 'x-gzip', 'gzip, gzip', 'br', 'identity', 'toString'])
    expect(outcome(Buffer.from('x'), name)).toEqual({ early: `unsupported Content-Encoding: ${name}` });
});

test('a decoded body may be as long as the limit and no longer', () => {
  const text = Buffer.from('[{"body":"hello"}]'.repeat(100));
  const [snappy, framed, lz4] = [snappyLiteral(text), snappyFrames(text), lz4Stored(text)];
  for (const [name, body] of [
    ['', text],
    ['gzip', gzipSync(text)],
    ['gzip', Buffer.concat([gzipSync(text.subarray(0, 900)), gzipSync(text.subarray(900))])],
    ['deflate', deflateSync(text)],
    ['zlib', deflateSync(text)],
    ['zstd', zstdCompressSync(text)],
    ['zstd', Buffer.concat([zstdCompressSync(text.subarray(0, 900)), zstdCompressSync(text.subarray(900))])],
    ['snappy', snappy],
    ['snappy', framed],
    ['x-snappy-framed', framed],
    ['lz4', lz4],
    ['lz4', Buffer.concat([lz4Stored(text.subarray(0, 900)), lz4Stored(text.subarray(900))])],
  ] as const) {
    expect(outcome(body, name, text.length).sizeBytes).toBe(text.length);
    expect(outcome(body, name, text.length - 1)).toEqual({ late: 'http: request body too large' });
  }
});

test('bombs are refused without making their text', () => {
  const zeros = Buffer.alloc(64 * 1024 * 1024);
  for (const [name, body] of [
    ['gzip', gzipSync(zeros)],
    ['deflate', deflateSync(zeros)],
    ['zstd', zstdCompressSync(zeros)],
    // One literal byte and a copy of it for a GiB: a block of 4 MiB ends it.
    [
      'lz4',
      lz4Frame(Buffer.concat([Buffer.from([0x1f, 0, 1, 0]), Buffer.alloc(4_000_000, 0xff), Buffer.from([0])]), 0),
    ],
  ] as const)
    expect(outcome(body, name).late).toMatch(/too large|too short/);
  // States 4 GiB and holds one byte.
  expect(outcome(Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f, 0, 65]), 'snappy')).toEqual({
    early: 'snappy: corrupt input',
  });
});

/** A block of one literal. */
function snappyLiteral(text: Buffer): Buffer {
  const length = text.length;
  return Buffer.concat([
    Buffer.from([(length & 127) | 128, length >> 7, 61 << 2, (length - 1) & 255, (length - 1) >> 8]),
    text,
  ]);
}

/** The stream's beginning and one chunk that is not compressed; its CRC-32C by the bit. */
function snappyFrames(text: Buffer): Buffer {
  let sum = 0xffffffff;
  for (const byte of text) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0x82f63b78 : sum >>> 1;
  }
  sum = ~sum;
  const head = Buffer.alloc(8);
  head.writeUInt32LE(0x01 + (text.length + 4) * 256, 0);
  head.writeUInt32LE((((sum >>> 15) | (sum << 17)) + 0xa282ead8) >>> 0, 4);
  return Buffer.concat([Buffer.from('\xff\x06\0\0sNaPpY', 'latin1'), head, text]);
}

function lz4Stored(text: Buffer): Buffer {
  return lz4Frame(text, 0x80000000);
}

/** A frame of one block of at most 4 MiB, without checksums; 0x73 is the header's. */
function lz4Frame(data: Buffer, flag: number): Buffer {
  const head = Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x70, 0x73, 0, 0, 0, 0]);
  head.writeUInt32LE((data.length | flag) >>> 0, 7);
  return Buffer.concat([head, data, Buffer.alloc(4)]);
}
