import fc from 'fast-check';
import { expect, test } from 'vitest';

import { Bitmap } from '../../src/oracle/ledger/bitmap.ts';

const few = 2 ** 14;

/** Ascending, by asking for each next one. */
function found(bits: Bitmap, from = 0, end = bits.length): number[] {
  const all: number[] = [];
  for (let at = bits.next(from, end); at >= 0; at = bits.next(at + 1, end)) all.push(at);
  return all;
}

// The longest is that of 50 million lines: it holds its bits in another way while they are few.
test.each([1, 200, 50_000_000])('a bitmap of %i bits is a set of indexes in order', (length) => {
  const index = fc.oneof(fc.nat(length - 1), fc.nat(Math.min(length - 1, 70)), fc.constant(length - 1));
  const step = fc.record({ does: fc.constantFrom('add', 'add', 'delete', 'look'), at: index });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), index, index, (steps, from, end) => {
      const bits = new Bitmap(length);
      const wanted = new Set<number>();
      for (const { does, at } of steps) {
        if (does === 'look')
          expect(bits.next(at)).toBe([...wanted].filter((i) => i >= at).toSorted((a, b) => a - b)[0] ?? -1);
        else {
          bits[does](at);
          wanted[does](at);
        }
        expect([bits.has(at), bits.count]).toEqual([wanted.has(at), wanted.size]);
      }
      const sorted = [...wanted].toSorted((a, b) => a - b);
      expect([...bits]).toEqual(sorted);
      expect(found(bits, from, end)).toEqual(sorted.filter((i) => i >= from && i < end));
    }),
    { numRuns: length > 200 ? 300 : 100 },
  );
});

test('a long bitmap keeps its bits when they are no longer few, and when they are deleted while it is gone through', () => {
  const bits = new Bitmap(50_000_000);
  const indexes = Array.from({ length: few + 2 }, (_, i) => (i * 7919) % 50_000_000);
  for (const count of [few - 1, few, few + 1, few + 2]) {
    for (const index of indexes.slice(bits.count, count)) bits.add(index);
    expect([...bits]).toEqual(indexes.slice(0, count).toSorted((a, b) => a - b));
  }
  for (const index of bits) bits.delete(index);
  expect([bits.count, bits.next(0)]).toEqual([0, -1]);

  const others = new Bitmap(50_000_000);
  for (const index of indexes.slice(0, 1000)) others.add(index);
  const seen: number[] = [];
  for (const index of others) {
    seen.push(index);
    others.delete(index);
  }
  expect([seen, others.count, found(others)]).toEqual([indexes.slice(0, 1000).toSorted((a, b) => a - b), 0, []]);
});
