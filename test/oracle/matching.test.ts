// How many changed records find the missing ones that they were must depend on the records alone.

import fc from 'fast-check';
import { expect, test } from 'vitest';

import { matchRows, type MatchRule, type Rows } from '../../src/oracle/comparison/matching.ts';

/** Rows with a number of their own before the hashes of their fields. */
function rowsOf(records: readonly (readonly number[])[]): Rows {
  const width = 1 + (records[0]?.length ?? 5);
  return { words: Uint32Array.from(records.flatMap((fields, i) => [i, ...fields])), width };
}

test('however alike records are, and whatever was changed in them, their order changes no count of pairs', () => {
  // Few values in few fields: most records have neighbours that differ in one or two, and so has what they became.
  const record = fc.tuple(...Array.from({ length: 5 }, () => fc.nat({ max: 2 })));
  const some = fc.array(record, { minLength: 1, maxLength: 60 });
  const rule = fc.constantFrom<MatchRule>(
    { keyFields: [0, 1], minEqual: 3 },
    { keyFields: [0], minEqual: 2 },
    { keyFields: [0, 2], anyOneOf: [1, 3, 4], minEqual: 4 },
  );
  const order = fc.array(fc.nat(), { minLength: 60, maxLength: 60 });
  fc.assert(
    fc.property(
      fc.record({ arrived: some, missing: some, originals: some }),
      rule,
      order,
      (records, given, shuffle) => {
        const { arrived, missing, originals } = records;
        const shuffled = arrived.toSorted((a, b) => shuffle[arrived.indexOf(a)]! - shuffle[arrived.indexOf(b)]!);
        const pairs = (arrivals: typeof arrived): number => {
          let count = 0;
          const rows = { arrivals: rowsOf(arrivals), missing: rowsOf(missing), originals: rowsOf(originals) };
          const open = matchRows(given, rows, () => void (count += 1));
          expect(open.arrivals.size + count).toBe(arrivals.length);
          expect(open.missing.size + count).toBe(missing.length);
          return count;
        };
        expect(pairs(shuffled)).toBe(pairs(arrived));
      },
    ),
    { seed: 20_260_105, numRuns: 500 },
  );
});
