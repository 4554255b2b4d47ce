import fc from 'fast-check';
import { expect, test } from 'vitest';

import { Fingerprinter } from '../../src/oracle/reading/fingerprint.ts';
import { plainBytes } from '../../src/oracle/reading/plain-line.ts';
import { Tokens } from '../../src/oracle/reading/tokens.ts';

/** Any length around the steps of 4, 16 and 32 bytes, and bytes just in and just out of what is plain. */
const piece = fc.constantFrom(' ', '-', '!', '~', 'eni-0a1b2c3d4e5f60718', '443', '\u007f', '\t', '\u001f', 'é', '\0');
const plainPiece = fc.constantFrom(' ', '-', '!', '~', 'eni-0a1b2c3d4e5f60718', '443');
const text = fc.oneof(fc.array(plainPiece, { maxLength: 60 }), fc.array(piece, { maxLength: 12 }));

test('a line is found to be canonical, cut and fingerprinted as BigInt and a regular expression say', () => {
  const seed = 20_260_101;
  const tokens = new Tokens(seed);
  const stranger = new Tokens(seed + 1);
  const { keyHigh, keyLow } = new Fingerprinter(seed);
  fc.assert(
    fc.property(text, fc.nat(20), fc.string({ maxLength: 20 }), (pieces, before, after) => {
      const line = pieces.join('');
      const bytes = Buffer.from(' '.repeat(before) + line + after);
      const length = Buffer.byteLength(line);
      tokens.read(bytes, before, before + length);
      // Whoever shares the memory must not disturb.
      stranger.read(Buffer.from('2 another line'), 0, 14);
      expect(tokens.isCanonical).toBe(/^[!-~]+( [!-~]+)*$/.test(line) && length <= plainBytes);
      if (!tokens.isCanonical) return;
      const { high, low } = tokens.fingerprinter;
      expect([high, low]).toEqual(statedFingerprint(Buffer.from(line), BigInt(keyHigh), BigInt(keyLow)));
      expect(tokens.count).toBe(line.split(' ').length);
      const cut = line.split(' ').map((_, i) => bytes.toString('latin1', tokens.starts[i], tokens.ends[i]));
      expect(cut).toEqual(line.split(' '));
    }),
    { numRuns: 2000 },
  );
});

test('from any token on, tokens are found where they stand, whatever line was read before', () => {
  const line = Buffer.from(
    '2 123456789012 eni-1235b8ca 10.0.0.1 172.31.16.5 1024 443 6 3 40 1767225600 1767225657 ACCEPT OK',
  );
  const words = line.toString().split(' ');
  for (let first = words.length - 1; first >= 0; first--) {
    const tokens = new Tokens();
    tokens.read(Buffer.from('another one'), 0, 11);
    tokens.read(line, 0, line.length);
    tokens.locate(first);
    const found = words.map((_, i) => line.toString('latin1', tokens.startOf(i), tokens.endOf(i)));
    expect(found.slice(first)).toEqual(words.slice(first));
  }
});

test('the fingerprint of a line that was written anew is that of a line that came so', () => {
  const fingerprinter = new Fingerprinter(7);
  const tokens = new Tokens(7);
  for (let length = 1; length <= 70; length++) {
    const line = Buffer.from('2 123456789010 eni-1 '.repeat(4).slice(0, length).replace(/ $/, '.'));
    fingerprinter.read(line, 0, length);
    tokens.read(line, 0, length);
    expect([tokens.fingerprinter.high, tokens.fingerprinter.low]).toEqual([fingerprinter.high, fingerprinter.low]);
  }
});

/** The fingerprint as its definition has it, 32 bits in BigInt. */
function statedFingerprint(line: Uint8Array, keyHigh: bigint, keyLow: bigint): [high: number, low: number] {
  const u32 = (value: bigint): bigint => BigInt.asUintN(32, value);
  const rotate = (value: bigint, by: bigint): bigint => u32((value << by) | (u32(value) >> (32n - by)));
  let [a, b] = [u32(keyHigh), u32(keyLow)];
  // Words of four bytes, and one more with what is left, if only nothing.
  for (let at = 0; at <= line.length - (line.length % 4); at += 4) {
    let word = 0n;
    for (const [i, byte] of line.subarray(at, at + 4).entries()) word |= BigInt(byte) << BigInt(8 * i);
    word = u32(word * 0xcc9e2d51n);
    word ^= word >> 15n;
    a = u32((rotate(a, 5n) ^ word) * 0x1b873593n);
    b = u32((rotate(b, 11n) + word) * 0x239b961bn);
  }
  const finish = (lane: bigint, other: bigint): bigint => {
    let h = u32(lane + other * 0x9e3779b1n);
    h = u32((h ^ (h >> 16n)) * 0x85ebca6bn);
    h = u32((h ^ (h >> 13n)) * 0xc2b2ae35n);
    return h ^ (h >> 16n);
  };
  const length = BigInt(line.length);
  const high = finish(a ^ length, b ^ length);
  const low = finish(b ^ length, high);
  return [Number(BigInt.asIntN(32, high)), Number(BigInt.asIntN(32, low))];
}
