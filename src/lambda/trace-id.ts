// Ids that Lambda makes up for itself, drawn from the run's seed.

import type { RandomSource } from '../core/random.ts';

/** So many lower-case hexadecimal digits, at most 32 of them. */
export function randomHex(random: RandomSource, digits: number): string {
  const words = [0, 1, 2, 3].map((key) => random.at(key).toString(16).padStart(8, '0'));
  return words.join('').slice(0, digits);
}

/** The header that X-Ray knows an invocation by; not sampled (X-Ray guide, "Tracing header"). */
export function newTraceId(nowMs: number, random: RandomSource): string {
  const seconds = Math.floor(nowMs / 1000).toString(16);
  return `Root=1-${seconds}-${randomHex(random, 24)};Parent=${randomHex(random.split('parent'), 16)};Sampled=0`;
}
