// Ids as AWS gives them.

import type { RandomSource } from '../core/random.ts';

/** 17 hex digits, of which the first is 0: the part behind `eni-`, `vpc-` and the like. */
export function hexId(random: RandomSource, key: number, second = 0): string {
  return `0${hexWord(random, key, second * 2 + 1)}${hexWord(random, key, second * 2 + 2)}`;
}

/** Eight hex digits. */
export function hexWord(random: RandomSource, key: number, second = 0): string {
  return random.at(key, second).toString(16).padStart(8, '0');
}

/** 12 digits, the first of them not 0. */
export function accountNumber(random: RandomSource, key: number): string {
  return String(100_000_000_000 + random.at(key) * 209 + random.below(209, key + 1));
}
