// When each object of a paced run is due, in ms after its start.

import type { Corpus, CorpusObject } from '../core/model/corpus.ts';
import type { Pace, RampStep } from '../scenario/pace-plan.ts';

/**
 * At AWS's pace the objects of a slot come together when it ends, since AWS publishes every five minutes; the first ones at once. At a
 * rate an object is due when the records before it have had their time.
 */
export function dueTimes(pace: Pace, { objects }: Pick<Corpus, 'objects'>): (object: CorpusObject) => number {
  switch (pace.kind) {
    case 'flat-out':
      return () => 0;
    case 'real': {
      const firstMs = objects.reduce((least, { slotEndMs }) => Math.min(least, slotEndMs), Infinity);
      return ({ slotEndMs }) => (slotEndMs - firstMs) / pace.factor;
    }
    case 'ramp':
      return ({ lineFirst }) => timeOf(lineFirst, pace.steps);
  }
}

/** When so many records are written. */
function timeOf(records: number, steps: readonly RampStep[]): number {
  let left = records;
  let elapsedMs = 0;
  for (const { ratePerS, forMs } of steps) {
    const capacity = (ratePerS * forMs) / 1000;
    if (left <= capacity) return elapsedMs + (left / ratePerS) * 1000;
    left -= capacity;
    elapsedMs += forMs;
  }
  return elapsedMs;
}
