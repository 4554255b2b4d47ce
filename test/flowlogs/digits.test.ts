import fc from 'fast-check';
import { expect, test } from 'vitest';

import { overshootBytes, putAddress, putNumber, putText } from '../../src/flowlogs/digits.ts';

const law = { seed: 5, numRuns: 1000 };
const anyNumber = fc.oneof(
  fc.nat(10_001),
  fc.integer({ min: 0, max: 2 ** 33 }),
  fc.integer({ min: 0, max: 10 ** 16 - 1 }),
);

/** Writes at an odd place into a filled buffer and returns what stands before the position that came back. */
function written(put: (view: DataView, position: number) => number): string {
  const bytes = Buffer.alloc(3 + 24 + overshootBytes, '#');
  const end = put(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 3);
  return bytes.toString('latin1', 0, end);
}

test('a number is written as its decimal digits and a space', () => {
  fc.assert(
    fc.property(anyNumber, (value) => {
      expect(written((view, position) => putNumber(view, position, value))).toBe(`###${value} `);
    }),
    law,
  );
});

test('an address is written as four octets and a space', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 4, maxLength: 4 }), (octets) => {
      const address = Buffer.from(octets).readUInt32BE();
      expect(written((view, position) => putAddress(view, position, address))).toBe(`###${octets.join('.')} `);
    }),
    law,
  );
});

test('text is written as it stands', () => {
  expect(written((view, position) => putText(view, position, '- NODATA\n'))).toBe('###- NODATA\n');
});
