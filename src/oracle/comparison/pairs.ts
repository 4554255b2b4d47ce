// Lines and the arrivals that they became. Where there are very many some are kept, spread evenly and by the lines alone, so that
// memory is bounded and the order of finding them does not matter.

import { mix32 } from '../../core/random.ts';

export type Pair = readonly [line: number, arrival: number];

const keptPairs = 100_000;

export interface Pairs {
  add(line: number, arrival: number): void;
  /** In the order of the lines. */
  all(): Pair[];
}

export function openPairs(limit = keptPairs): Pairs {
  let kept: Pair[] = [];
  /** Lines whose hash has a bit of these are not kept. */
  let mask = 0;
  return {
    add(line, arrival) {
      if ((mix32(line, 0) & mask) !== 0) return;
      kept.push([line, arrival]);
      while (kept.length > limit) {
        mask = mask * 2 + 1;
        kept = kept.filter(([other]) => (mix32(other, 0) & mask) === 0);
      }
    },
    all: () => kept.toSorted(([a], [b]) => a - b),
  };
}
