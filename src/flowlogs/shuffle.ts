// The order of lines in a file, by random access: lines come in batches, and a keyed permutation mixes the kinds of lines
// inside a batch, so that neither NODATA nor the views of one conversation come at a beat.

import type { RandomSource } from '../core/random.ts';

/** Lines of one batch; the last batch of an object may be shorter. */
export const batchSize = 1024;

const mask = batchSize - 1;

export class Shuffle {
  readonly #random: RandomSource;
  readonly #table = new Uint16Array(batchSize);

  constructor(random: RandomSource) {
    this.#random = random.split('keys');
    for (let i = 0; i < batchSize; i++) {
      const j = random.below(i + 1, i);
      this.#table[i] = this.#table[j]!;
      this.#table[j] = i;
    }
  }

  /** The key of one batch's permutation. */
  key(batch: number): number {
    return this.#random.at(batch);
  }

  /**
   * Where line `index` of a batch of `count` lines comes from: a permutation of 0 to count - 1. One table is turned at both
   * ends by the key; a batch that is not full walks the cycle until it meets a line that exists.
   */
  at(key: number, index: number, count: number): number {
    let place = index;
    do place = (this.#table[(place + key) & mask]! + (key >>> 10)) & mask;
    while (place >= count);
    return place;
  }
}
