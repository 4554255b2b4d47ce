// How long records took, over the run: each request counts with the mean of the records that it was the first to deliver intact,
// which come from one object nearly always. A fixed number of points, each of as many requests, so that a busy second is drawn as
// finely as a slow minute.

import type { Delivery } from '../../core/model/delivery.ts';
import type { LatencyOverTime } from '../../core/model/result.ts';

const pointLimit = 120;

/** By sequence: so many records were delivered first by that request, after so long in all. */
export interface Elapsed {
  readonly sumMs: Float64Array;
  readonly count: Uint32Array;
}

interface Request {
  readonly atMs: number;
  readonly meanMs: number;
  readonly records: number;
}

/** Undefined where no record was delivered at a known time. */
export function latencyOverTime(elapsed: Elapsed, deliveries: readonly Delivery[]): LatencyOverTime | undefined {
  const requests = deliveries
    .flatMap(({ sequence, receivedMs }): Request[] => {
      const records = elapsed.count[sequence] ?? 0;
      return records === 0 ? [] : [{ atMs: receivedMs, meanMs: elapsed.sumMs[sequence]! / records, records }];
    })
    .toSorted((a, b) => a.atMs - b.atMs);
  if (requests.length === 0) return undefined;
  const perPoint = Math.ceil(requests.length / pointLimit);
  const points = Array.from({ length: Math.ceil(requests.length / perPoint) }, (_, i) =>
    requests.slice(i * perPoint, (i + 1) * perPoint),
  );
  const rounded = (values: readonly number[]): number[] => values.map((value) => Math.round(value * 10) / 10);
  return {
    atMs: rounded(points.map((point) => point[Math.floor(point.length / 2)]!.atMs)),
    p50: rounded(points.map((point) => quantileOf(point, 0.5))),
    p99: rounded(points.map((point) => quantileOf(point, 0.99))),
    max: rounded(points.map((point) => quantileOf(point, 1))),
  };
}

/** The smallest mean that at least this share of the records has. */
function quantileOf(requests: readonly Request[], share: number): number {
  const sorted = requests.toSorted((a, b) => a.meanMs - b.meanMs);
  const total = sorted.reduce((sum, { records }) => sum + records, 0);
  let seen = 0;
  for (const { meanMs, records } of sorted) {
    seen += records;
    if (seen >= share * total) return meanMs;
  }
  return sorted.at(-1)!.meanMs;
}
