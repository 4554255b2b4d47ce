// The axis of a run's charts: waits in which nothing went on are folded, and every time keeps its place.

import { expect, test } from 'vitest';

import { Activity } from '../../src/measure/activity.ts';
import { elapsedAt, positionOf, timeAxisOf } from '../../src/measure/time-axis.ts';

const start = 1_795_700_115_000;

function axisOf(...spans: (readonly [fromMs: number, toMs: number])[]): NonNullable<ReturnType<typeof timeAxisOf>> {
  const activity = new Activity();
  for (const [fromMs, toMs] of spans) activity.mark(start + fromMs, start + toMs);
  return timeAxisOf(activity)!;
}

test('a wait of two minutes between two busy seconds is folded to a stub, and both seconds keep their length', () => {
  const axis = axisOf([0, 1000], [121_000, 122_000]);
  expect(axis.folds).toHaveLength(1);
  expect(axis.lengthMs).toBeLessThan(2200);
  const at = (ms: number): number => positionOf(axis, start + ms);
  expect(at(500)).toBe(500);
  expect(at(122_000) - at(121_500)).toBeCloseTo(500, 3);
  expect(at(121_000) - at(1000)).toBeCloseTo(axis.stubMs, -2);
});

test('a position leads back to its time, in folds and outside of them', () => {
  const axis = axisOf([0, 1000], [61_000, 61_500], [181_500, 182_000]);
  expect(axis.folds).toHaveLength(2);
  for (const ms of [0, 700, 30_000, 61_200, 100_000, 181_900]) {
    expect(elapsedAt(axis, positionOf(axis, start + ms))).toBeCloseTo(ms, 3);
  }
});

test('what an invocation spends asleep is no wait in which nothing went on', () => {
  expect(axisOf([0, 100], [100, 60_000], [60_000, 60_100]).folds).toEqual([]);
});

test('a short pause is left as it is', () => {
  expect(axisOf([0, 1000], [1300, 2300]).folds).toEqual([]);
});

test('facts may come in any order, over milliseconds or over days', () => {
  const day = 86_400_000;
  const axis = axisOf([3 * day, 3 * day + 60_000], [0, 60_000]);
  expect(axis.startMs).toBe(start);
  expect(axis.folds).toHaveLength(1);
  expect(positionOf(axis, start + 3 * day + 60_000)).toBeCloseTo(axis.lengthMs, 3);
  const short = axisOf([0.2, 0.4], [0.1, 0.3]);
  expect([short.lengthMs, short.folds]).toEqual([1, []]);
});

test('where nothing was marked there is no axis', () => {
  expect(timeAxisOf(new Activity())).toBeUndefined();
});
