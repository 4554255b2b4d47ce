import fc from 'fast-check';
import { expect, test } from 'vitest';

import { isBlank, openCanonicalizer } from '../../src/flowlogs/canonical.ts';

const law = { seed: 7, numRuns: 500 };

function canonical(line: Uint8Array | string): string {
  const bytes = Buffer.from(line as string);
  const range = openCanonicalizer()(bytes, 0, bytes.length);
  return Buffer.from(range.bytes.subarray(range.start, range.end)).toString('latin1');
}

/** The same in the plainest words, to compare with. */
function plainly(bytes: Buffer): string {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes).replace(/\r$/, '');
  const joined = text
    .split(/[ \t]+/)
    .filter((token) => token !== '')
    .join(' ');
  return Buffer.from(joined).toString('latin1');
}

const piece = fc.constantFrom(
  '2',
  '-',
  'OK',
  ' ',
  '  ',
  '\t',
  '\r',
  'é',
  '\u2028',
  '\ufeff',
  'eni-1',
  '10.0.0.1',
  '\v',
  '"',
);
const anyLine = fc.oneof(
  fc.array(piece, { maxLength: 12 }).map((pieces) => Buffer.from(pieces.join(''))),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
);

test('canonical is what splitting, dropping one CR and joining gives, for any bytes', () => {
  fc.assert(
    fc.property(anyLine, (line) => {
      expect(canonical(line)).toBe(plainly(line));
    }),
    law,
  );
});

test('a line without trailing CR stays the same when it is made canonical twice', () => {
  fc.assert(
    fc.property(anyLine, (line) => {
      const once = Buffer.from(canonical(line), 'latin1');
      if (once.at(-1) !== 0x0d) expect(canonical(once)).toBe(once.toString('latin1'));
    }),
    law,
  );
});

test('a canonical line is shown where it lies', () => {
  const bytes = Buffer.from('xx2 - - OK\r\n');
  const canonicalize = openCanonicalizer();
  const range = canonicalize(bytes, 2, 11);
  expect([range.bytes === bytes, range.start, range.end]).toEqual([true, 2, 10]);
  expect(canonicalize(bytes, 2, 10)).toBe(range);
});

test('one canonicalizer serves lines of any length in turn', () => {
  const canonicalize = openCanonicalizer();
  for (const length of [1, 5_000, 3, 1_000_000]) {
    const bytes = Buffer.from(`a  ${'b'.repeat(length)}`);
    const range = canonicalize(bytes, 0, bytes.length);
    expect(Buffer.from(range.bytes.subarray(range.start, range.end)).toString()).toBe(`a ${'b'.repeat(length)}`);
  }
});

test('each invalid byte sequence becomes U+FFFD, and only invalid ones', () => {
  expect(canonical(Buffer.from([0x61, 0xff, 0x62]))).toBe(Buffer.from('a\ufffdb').toString('latin1'));
  expect(canonical('zürich \u2028x')).toBe(Buffer.from('zürich \u2028x').toString('latin1'));
});

test('blank lines hold spaces, tabs and a CR at most', () => {
  const blank = ['', ' ', '\t \t', '\r', '  \r'];
  const filled = ['-', ' x ', '\r\r ', '\u2028', '\0'];
  const isBlankText = (text: string): boolean => isBlank(Buffer.from(text), 0, Buffer.byteLength(text));
  expect(blank.map(isBlankText)).toEqual(blank.map(() => true));
  expect(filled.map(isBlankText)).toEqual(filled.map(() => false));
});
