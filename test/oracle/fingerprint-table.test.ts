// The table of fingerprints: what was added is found, whatever else was, and nothing else.

import fc from 'fast-check';
import { expect, test } from 'vitest';

import { FingerprintTable } from '../../src/oracle/comparison/fingerprint-table.ts';

const word = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }));

test('each number is found under its fingerprint, equal fingerprints in the order of adding', () => {
  const entries = fc.array(fc.tuple(word, word), { maxLength: 60 });
  const property = fc.property(entries, word, word, (added, high, low) => {
    const table = new FingerprintTable(added.length);
    added.forEach(([h, l], value) => table.add(h, l, value));
    for (const [h, l] of [...added, [high, low] as const]) {
      const found: number[] = [];
      table.visit(h, l, (value) => found.push(value));
      const expected = added.flatMap(([a, b], value) => (a === h && b === l ? [value] : []));
      expect(found).toEqual(expected);
      if (expected.length > 0) expect(table.mayHold(l)).toBe(true);
      // Rows of a ledger hold the same words unsigned.
      const unsigned: number[] = [];
      table.visit(h >>> 0, l >>> 0, (value) => unsigned.push(value));
      expect(unsigned).toEqual(expected);
    }
  });
  fc.assert(property);
});
