// A run over time: what each bucket counts adds up to what happened, whatever the run's size.

import { expect, test } from 'vitest';

import type { Delivery } from '../../src/core/model/delivery.ts';
import type { RunFact } from '../../src/core/model/invocation.ts';
import { seriesOf, type Series } from '../../src/measure/series.ts';
import { delivered, invoked, sourceOf, start, stored } from './sample-source.ts';

const drawn = async (facts: readonly RunFact[], deliveries: readonly Delivery[] = []): Promise<Series> =>
  (await seriesOf(sourceOf(facts, deliveries)))!;

/** What a list of rates adds up to. */
const total = (perS: Float64Array, { bucketMs }: Series): number =>
  Math.round((perS.reduce((sum, value) => sum + value, 0) * bucketMs) / 1000);

test('records written and kept, and requests by outcome, add up to what happened', async () => {
  const series = await drawn(
    [stored(0, 0), stored(1, 10, 250), invoked(0, [5, 900]), invoked(1, [15, 950])],
    [
      delivered(1, 300),
      delivered(2, 310, { acknowledgement: 'refused', kept: false, statusCode: 503, fault: 'sink.status' }),
      delivered(3, 600, { acknowledgement: 'reply-lost', statusCode: 0, recordCount: 250 }),
      delivered(4, 900, { recordCount: 90, rejectedCount: 20 }),
    ],
  );
  expect(total(series.writtenPerS!, series)).toBe(350);
  expect(total(series.arrivedPerS, series)).toBe(100 + 250 + 70);
  expect(total(series.acceptedPerS, series)).toBe(2);
  expect(total(series.refusedPerS, series)).toBe(1);
  expect(total(series.replyLostPerS, series)).toBe(1);
  expect(series.marks.map(({ kind, counts }) => [kind, counts.reduce((sum, count) => sum + count, 0)])).toEqual([
    ['sink.status', 1],
  ]);
});

test('an object waits until its first success, its message is deleted, or it is given up on; once is enough', async () => {
  const series = await drawn([
    ...[0, 1, 2, 3, 4].map((object) => stored(object, 0)),
    invoked(0, [10, 200], { status: 'failed', errorType: 'Error' }),
    invoked(0, [300, 400], { attempt: 2 }),
    invoked(0, [500, 550], { eventDelivery: 2 }),
    invoked(1, [10, 500], { objects: [1, 2], failedObjects: [2] }),
    { type: 'acknowledged', objects: [3], atMs: start + 700 },
    { type: 'dead-lettered', objects: [2], atMs: start + 900, condition: 'MaxReceivesExceeded' },
    { type: 'ended', atMs: start + 99_000, how: 'complete', skippedMs: 0 },
  ]);
  const at = (ms: number): number => series.waitingObjects[Math.floor(ms / series.bucketMs)]!;
  expect([at(290), at(450), at(600), at(750), series.waitingObjects.at(-1)]).toEqual([5, 4, 3, 2, 1]);
  expect(series.running[Math.floor(350 / series.bucketMs)]).toBeCloseTo(2, 5);
});

test('an object that the next one overwrites does not wait for ever', async () => {
  const first = { ...stored(0, 0), key: 'same' };
  const series = await drawn([first, { ...stored(1, 10), key: 'same' }, invoked(1, [20, 100])]);
  expect(series.waitingObjects.at(-1)).toBe(0);
});

test('bars of one lane do not overlap, and failed invocations are kept before others', async () => {
  const many = Array.from({ length: 5000 }, (_, i) => invoked(i, [i * 10, i * 10 + 25]));
  const failed = [100, 4000].map((i) =>
    invoked(i, [i * 10, i * 10 + 25], { status: 'timed-out', message: 'Task timed out after 3.00 seconds\nmore' }),
  );
  const { invocations } = await drawn([...many, ...failed]);
  expect(invocations.count).toBe(5002);
  expect(invocations.bars.length).toBeLessThan(1402);
  expect(invocations.bars.filter(({ message }) => message === 'Task timed out after 3.00 seconds')).toHaveLength(2);
  const lastEnd: number[] = [];
  for (const { lane, fact } of invocations.bars) {
    expect(fact.startedMs).toBeGreaterThanOrEqual(lastEnd[lane] ?? 0);
    lastEnd[lane] = fact.endedMs;
  }
  expect(lastEnd).toHaveLength(invocations.laneCount);
});

test('a run without line counts has no rate of writing, and one in which nothing happened no series', async () => {
  const { lineCount: _, ...old } = stored(0, 0) as Extract<RunFact, { type: 'stored' }>;
  expect((await drawn([old])).writtenPerS).toBeUndefined();
  expect(await seriesOf(sourceOf([]))).toBeUndefined();
});
