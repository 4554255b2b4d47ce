// Ids as AWS's services make them, drawn from the seed so that a run can be repeated to the letter.

import type { RandomSource } from '../core/random.ts';

/** A source of version 4 UUIDs, as Lambda's request ids, SQS's and SNS's message ids and EventBridge's event ids are. */
export function uuidSource(random: RandomSource): () => string {
  let count = 0;
  return () => uuidOf(random, count++);
}

/** Two digits for each byte: a third of what toString and padStart cost, which a run of many events feels. */
const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function uuidOf(random: RandomSource, index: number): string {
  const second = random.at(index, 1);
  const third = random.at(index, 2);
  // The version is 4, and the variant is 10 in binary (RFC 9562, section 5.4).
  const version = halfHex((second & 0x0fff) | 0x4000);
  const variant = halfHex(((third >>> 16) & 0x3fff) | 0x8000);
  const last = halfHex(third & 0xffff) + wordHex(random.at(index, 3));
  return `${wordHex(random.at(index, 0))}-${halfHex(second >>> 16)}-${version}-${variant}-${last}`;
}

function wordHex(word: number): string {
  return halfHex(word >>> 16) + halfHex(word & 0xffff);
}

function halfHex(half: number): string {
  return hexOfByte[half >>> 8]! + hexOfByte[half & 0xff]!;
}
