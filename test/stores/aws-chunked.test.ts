// Laws of the framing aws-chunked: decoding undoes it wherever the network cuts, and nothing but an S3Error comes of garbage.

import fc from 'fast-check';
import { expect, test } from 'vitest';

import { openAwsChunkedDecoder } from '../../src/stores/embedded/aws-chunked.ts';
import { S3Error } from '../../src/stores/embedded/errors.ts';

/** Cuts the bytes at the places and decodes the pieces in order. */
function decode(bytes: Uint8Array, cuts: readonly number[]): { data: string; trailers: Record<string, string> } {
  const decoder = openAwsChunkedDecoder();
  const data: Buffer[] = [];
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b);
  for (let i = 1; i < places.length; i++) {
    decoder.decode(bytes.subarray(places[i - 1], places[i]), (piece) => data.push(Buffer.from(piece)));
  }
  return { trailers: Object.fromEntries(decoder.end()), data: Buffer.concat(data).toString('latin1') };
}

test('decoding undoes framing, wherever the bytes are cut', () => {
  const chunk = fc.uint8Array({ minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(fc.array(chunk, { maxLength: 5 }), fc.array(fc.nat(400), { maxLength: 10 }), (chunks, cuts) => {
      const framed = Buffer.concat([
        ...chunks.flatMap((bytes) => [Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]),
        Buffer.from('0\r\nX-Amz-Checksum-CRC32: AAAAAA==\r\n\r\n'),
      ]);
      const data = Buffer.concat(chunks).toString('latin1');
      expect(decode(framed, cuts)).toEqual({ data, trailers: { 'x-amz-checksum-crc32': 'AAAAAA==' } });
    }),
    { seed: 4, numRuns: 300 },
  );
});

test('garbage is refused by an S3Error or decoded, and never crashes', () => {
  const word = fc.constantFrom('5', '0', ';chunk-signature=', '\r\n', '\n', 'a:b', ':', 'hello', '\0', 'ffffffffff');
  fc.assert(
    fc.property(fc.array(word, { maxLength: 12 }), fc.array(fc.nat(100), { maxLength: 4 }), (words, cuts) => {
      try {
        decode(Buffer.from(words.join('')), cuts);
      } catch (error) {
        expect(error).toBeInstanceOf(S3Error);
      }
    }),
    { seed: 4, numRuns: 1000 },
  );
});
