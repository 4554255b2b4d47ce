import fc from 'fast-check';
import { expect, test } from 'vitest';

import { randomSource } from '../../src/core/random.ts';
import { categoriesOf, categoriesUpTo, mixObjects } from '../../src/flowlogs/mix.ts';
import { batchSize, Shuffle } from '../../src/flowlogs/shuffle.ts';

const law = { seed: 13, numRuns: 500 };
const share = fc.double({ min: 0, max: 1, noNaN: true });

/** Shares that may fill the objects to the last line, and objects of any size. */
const anyMix = fc.record({
  first: share,
  second: share,
  reject: share,
  objectLines: fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 30 }),
});

function mixed({
  first,
  second,
  reject,
  objectLines,
}: {
  first: number;
  second: number;
  reject: number;
  objectLines: number[];
}) {
  const mix = { nodata: first, skipdata: second * (1 - first), reject };
  const lines = objectLines.reduce((sum, count) => sum + count, 0);
  const totals = [mix.nodata, mix.skipdata].map((part) => (part > 0 ? Math.max(1, Math.round(part * lines)) : 0));
  return { mix, lines, totals, fits: totals[0]! + totals[1]! <= lines };
}

test('totals are exact and no object holds more than its lines, however tight the mix', () => {
  fc.assert(
    fc.property(anyMix, (plan) => {
      const { mix, totals, fits } = mixed(plan);
      fc.pre(fits);
      const columns = mixObjects(mix, Uint32Array.from(plan.objectLines));
      const counts = plan.objectLines.map((_, index) => columns.at(index));
      const sum = (kind: 'nodata' | 'skipdata' | 'reject'): number =>
        counts.reduce((total, count) => total + count[kind], 0);
      expect([sum('nodata'), sum('skipdata')]).toEqual(totals);
      for (const { lines, nodata, skipdata, reject } of counts) {
        expect(Math.min(nodata, skipdata, reject)).toBeGreaterThanOrEqual(0);
        expect(nodata + skipdata + reject).toBeLessThanOrEqual(lines);
      }
    }),
    law,
  );
});

test('the first lines of an object never hold fewer of a kind than the lines before them did', () => {
  fc.assert(
    fc.property(anyMix, fc.nat(2999), (plan, at) => {
      const { mix, fits } = mixed(plan);
      fc.pre(fits);
      const counts = mixObjects(mix, Uint32Array.from(plan.objectLines)).at(0);
      const upTo = at % counts.lines;
      const all = categoriesOf(counts);
      const [before, behind] = [upTo, upTo + 1].map((lines) => categoriesUpTo(all, counts.lines, lines));
      const steps = Array.from(behind!, (count, kind) => count - before![kind]!);
      expect(Math.min(...steps)).toBeGreaterThanOrEqual(0);
      expect(steps.reduce((sum, step) => sum + step, 0)).toBe(1);
      expect(categoriesUpTo(all, counts.lines, counts.lines)).toEqual(all);
    }),
    law,
  );
});

test('a shuffle puts every line of a batch somewhere, and each somewhere else', () => {
  const shuffle = new Shuffle(randomSource(3));
  fc.assert(
    fc.property(fc.nat(0xffff_ffff), fc.integer({ min: 1, max: batchSize }), (key, count) => {
      const places = Array.from({ length: count }, (_, i) => shuffle.at(key, i, count));
      expect(places.toSorted((a, b) => a - b)).toEqual(places.map((_, i) => i));
    }),
    { seed: 13, numRuns: 60 },
  );
});

test('two batches are not shuffled alike', () => {
  const shuffle = new Shuffle(randomSource(3));
  const order = (batch: number): number[] =>
    Array.from({ length: 100 }, (_, i) => shuffle.at(shuffle.key(batch), i, 100));
  expect(order(1)).not.toEqual(order(2));
});
