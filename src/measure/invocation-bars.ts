// Invocations to draw: bars in lanes, as many as fit into a page. Of very many, the failed ones are kept before the others, and
// each kind is thinned out evenly over time.

import type { InvocationFact } from '../core/model/invocation.ts';

/** Most bars of each kind. */
const barLimit = 600;
const messageLimit = 120;

export interface InvocationBar {
  readonly fact: Pick<InvocationFact, 'requestId' | 'attempt' | 'startedMs' | 'endedMs' | 'status' | 'cold'>;
  readonly objectCount: number;
  readonly firstObject: number | undefined;
  /** What went wrong, in one line. */
  readonly message: string | undefined;
  /** From 0: bars of one lane do not overlap. */
  readonly lane: number;
}

export interface InvocationBars {
  /** By start. */
  readonly bars: readonly InvocationBar[];
  readonly laneCount: number;
  /** Invocations that ended, drawn or not. */
  readonly count: number;
}

export function openInvocationBars(): { add(fact: InvocationFact): void; bars(): InvocationBars } {
  const succeeded = openThinned<Omit<InvocationBar, 'lane'>>();
  const others = openThinned<Omit<InvocationBar, 'lane'>>();
  return {
    add(fact) {
      const { requestId, attempt, startedMs, endedMs, status, cold } = fact;
      const message = [fact.errorType, fact.message?.split('\n', 1)[0]]
        .filter(Boolean)
        .join(': ')
        .slice(0, messageLimit);
      (status === 'succeeded' ? succeeded : others).add({
        fact: { requestId, attempt, startedMs, endedMs, status, cold },
        objectCount: fact.objects.length,
        firstObject: fact.objects[0],
        message: message === '' ? undefined : message,
      });
    },
    bars() {
      const kept = [...succeeded.items(), ...others.items()].toSorted((a, b) => a.fact.startedMs - b.fact.startedMs);
      return { ...inLanes(kept), count: succeeded.count() + others.count() };
    },
  };
}

/** Each bar goes into the first lane that is free. */
function inLanes(bars: readonly Omit<InvocationBar, 'lane'>[]): Pick<InvocationBars, 'bars' | 'laneCount'> {
  const freeAtMs: number[] = [];
  const placed = bars.map((bar): InvocationBar => {
    const free = freeAtMs.findIndex((atMs) => atMs <= bar.fact.startedMs);
    const lane = free < 0 ? freeAtMs.length : free;
    freeAtMs[lane] = bar.fact.endedMs;
    return { ...bar, lane };
  });
  return { bars: placed, laneCount: freeAtMs.length };
}

/** Keeps at most `barLimit` items: when full, every second one goes, and of those to come every second, fourth ... is taken. */
function openThinned<T>(): { add(item: T): void; items(): readonly T[]; count(): number } {
  let items: T[] = [];
  let step = 1;
  let count = 0;
  return {
    add(item) {
      if (count++ % step !== 0) return;
      if (items.length === barLimit) {
        items = items.filter((_, i) => i % 2 === 0);
        step *= 2;
        if ((count - 1) % step !== 0) return;
      }
      items.push(item);
    },
    items: () => items,
    count: () => count,
  };
}
