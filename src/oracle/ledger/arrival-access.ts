// Some of the arrivals, by their numbers in the order of booking: read back from the archive, delivery by delivery.

import type { VisitRecord } from '../../core/model/delivery.ts';
import type { Bitmap } from './bitmap.ts';

/** Reads the records of a delivery, kept or refused, back from the archive. */
export type ReadRecords = (sequence: number, visit: VisitRecord) => Promise<unknown>;

/** Calls `visit` for each arrival of the set, delivery by delivery, with the arrival's number in the set. */
export async function visitArrivals(
  arrivals: Bitmap,
  base: Float64Array,
  readRecords: ReadRecords,
  visit: (view: Parameters<VisitRecord>[0], arrival: number, sequence: number) => void,
): Promise<void> {
  for (let at = arrivals.next(0); at >= 0;) {
    const sequence = sequenceAt(base, at);
    const first = base[sequence]!;
    await readRecords(sequence, (view, index) => {
      if (arrivals.has(first + index)) visit(view, first + index, sequence);
    });
    at = arrivals.next(base[sequence + 1]!);
  }
}

/** The delivery that an arrival belongs to. */
export function sequenceAt(base: Float64Array, arrival: number): number {
  let low = 0;
  let high = base.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (base[middle]! <= arrival) low = middle;
    else high = middle;
  }
  return low;
}
