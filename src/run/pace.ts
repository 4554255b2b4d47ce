// In which order the objects of a run are written, and when each of a paced run is due, in ms after its start.

import { planItems } from '../core/fault-plan.ts';
import type { Corpus, CorpusObject } from '../core/model/corpus.ts';
import { randomSource } from '../core/random.ts';
import type { Lateness, Pace, RampStep } from '../scenario/pace-plan.ts';
import type { Plan } from '../scenario/plan.ts';

type Objects = Pick<Corpus, 'objects'>;

/** An object in the order of writing. */
export interface DueObject {
  readonly object: CorpusObject;
  readonly dueMs: number;
}

/**
 * The objects in the order of the corpus, the late ones behind all that are there before them. AWS names a time that delivery
 * usually takes, and says that it may take longer (Amazon VPC User Guide, "Flow log records", Aggregation interval).
 */
export function scheduleObjects(
  { pace, late, seed }: Pick<Plan, 'pace' | 'late' | 'seed'>,
  corpus: Objects,
): DueObject[] {
  const dueOf = dueTimes(pace, corpus);
  if (!late) return corpus.objects.map((object) => ({ object, dueMs: dueOf(object) }));
  const isLate = chooseLate(late, corpus, seed);
  const isPaced = pace.kind !== 'flat-out';
  const byMs = pace.kind === 'real' ? late.byMs / pace.factor : late.byMs;
  let reachedMs = -Infinity;
  const timed = corpus.objects.map((object) => {
    const lateMs = isLate(object) ? byMs : 0;
    // Nothing else changes places, not even among files of the user's own that are in no order of time.
    reachedMs = Math.max(reachedMs, isPaced ? dueOf(object) : object.slotEndMs);
    return { object, lateMs, dueMs: isPaced ? dueOf(object) + lateMs : 0, turnMs: reachedMs + lateMs };
  });
  return timed.toSorted((a, b) => a.turnMs - b.turnMs || a.lateMs - b.lateMs);
}

/** Objects of one key are late together: what overwrites another one still comes behind it. */
function chooseLate({ share }: Lateness, { objects }: Objects, seed: number): (object: CorpusObject) => boolean {
  const places = new Map<string, number>();
  for (const { key } of objects) if (!places.has(key)) places.set(key, places.size);
  const isChosen = planItems({ share }, places.size, randomSource(seed).split('late'));
  return ({ key }) => isChosen(places.get(key)!);
}

/**
 * At AWS's pace the objects of a slot come together when it ends, since AWS publishes every five minutes; the first ones at once. At a
 * rate an object is due when the records before it have had their time.
 */
function dueTimes(pace: Pace, { objects }: Objects): (object: CorpusObject) => number {
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
