// Ids as AWS's services make them, drawn from the seed so that a run can be repeated to the letter.

import type { RandomSource } from '../core/random.ts';

/** A source of version 4 UUIDs, as Lambda's request ids, SQS's and SNS's message ids and EventBridge's event ids are. */
export function uuidSource(random: RandomSource): () => string {
  let count = 0;
  return () => uuidOf(random, count++);
}

function uuidOf(random: RandomSource, index: number): string {
  const first = hexOf(random.at(index, 0));
  const second = hexOf(random.at(index, 1));
  const third = hexOf(random.at(index, 2));
  const variant = '89ab'[random.at(index, 4) % 4]!;
  return `${first}-${second.slice(0, 4)}-4${second.slice(5)}-${variant}${third.slice(1, 4)}-${third.slice(4)}${hexOf(random.at(index, 3))}`;
}

function hexOf(word: number): string {
  return word.toString(16).padStart(8, '0');
}
