import fc from 'fast-check';
import { expect, test } from 'vitest';

import { newHistogram, quantilesOf } from '../../src/core/histogram.ts';

const durations = fc.array(fc.double({ min: 0, max: 1e7, noNaN: true }), { minLength: 1, maxLength: 300 });

test('a quantile is off by less than 1 % from the exact one, and never above the largest value', () => {
  fc.assert(
    fc.property(durations, fc.double({ min: 0.01, max: 1, noNaN: true }), (values, share) => {
      const histogram = newHistogram();
      for (const value of values) histogram.record(value);
      const exact = values.toSorted((a, b) => a - b)[Math.max(1, Math.ceil(share * values.length)) - 1]!;
      const found = histogram.quantileMs(share);
      expect(found).toBeGreaterThanOrEqual(Math.min(exact, histogram.maxMs));
      expect(found).toBeLessThanOrEqual(Math.min(exact * 1.01 + 0.001, Math.max(...values)));
    }),
    { seed: 20_260_101, numRuns: 200 },
  );
});

test('histograms merged equal the histogram of all values', () => {
  fc.assert(
    fc.property(durations, durations, (a, b) => {
      const [left, right, both] = [newHistogram(), newHistogram(), newHistogram()];
      for (const value of a) left.record(value);
      for (const value of b) right.record(value);
      for (const value of [...a, ...b]) both.record(value);
      left.merge(right);
      expect([left.count, left.maxMs]).toEqual([both.count, both.maxMs]);
      expect(left.steps).toEqual(both.steps);
    }),
    { seed: 20_260_101, numRuns: 50 },
  );
});

test('an empty histogram has no quantiles', () => {
  const empty = newHistogram();
  expect(quantilesOf(empty)).toBeUndefined();
  empty.merge(newHistogram());
  expect(empty.quantileMs(0.5)).toBeNaN();
});

test('the quantiles of one to a thousand are told with their largest value exact', () => {
  const histogram = newHistogram();
  for (let ms = 1; ms <= 1000; ms++) histogram.record(ms);
  histogram.record(-5);
  const { p50, max } = quantilesOf(histogram)!;
  expect([Math.round(p50), max]).toEqual([502, 1000]);
});
