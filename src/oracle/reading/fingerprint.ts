// 64-bit fingerprints of lines, as two 32-bit lanes with constants of their own, keyed by the seed. BigInt
// would cost an allocation a step; 10 million lines collide by chance with probability 3e-6.

import { mix32 } from '../../core/random.ts';
import { ByteWords } from './byte-words.ts';

/** Hashes ranges of bytes; the last result stands in `high` and `low`, signed so that no number is boxed. */
export class Fingerprinter {
  high = 0;
  low = 0;
  readonly keyHigh: number;
  readonly keyLow: number;
  readonly #words = new ByteWords();

  constructor(seed: number) {
    const word = mix32(seed >>> 0, Math.floor(seed / 0x1_0000_0000) >>> 0);
    this.keyHigh = mix32(word, 0x68696768) | 0;
    this.keyLow = mix32(word, 0x6c6f7720) | 0;
  }

  /** Four bytes a step; `plain-line.wat` says the same for lines that nobody has to write anew. */
  read(bytes: Uint8Array, start: number, end: number): void {
    const words = this.#words.of(bytes);
    let a = this.keyHigh;
    let b = this.keyLow;
    let i = start;
    for (const whole = end - 3; i < whole; i += 4) {
      const word = stir(words.getInt32(i, true));
      a = stepHigh(a, word);
      b = stepLow(b, word);
    }
    const word = stir(restOf(bytes, i, end));
    const length = end - start;
    this.high = finish(stepHigh(a, word) ^ length, stepLow(b, word) ^ length);
    this.low = finish(stepLow(b, word) ^ length, this.high);
  }
}

/** Stirred before it meets the lanes: a difference in one byte then reaches most bits of both. */
function stir(word: number): number {
  const product = Math.imul(word, 0xcc9e2d51);
  return product ^ (product >>> 15);
}

function stepHigh(lane: number, word: number): number {
  return Math.imul(((lane << 5) | (lane >>> 27)) ^ word, 0x1b873593);
}

function stepLow(lane: number, word: number): number {
  return Math.imul(((lane << 11) | (lane >>> 21)) + word, 0x239b961b);
}

/** The bytes from `from` to `end`, fewer than four, as a word. */
function restOf(bytes: Uint8Array, from: number, end: number): number {
  let rest = 0;
  for (let i = from, shift = 0; i < end; i++, shift += 8) rest |= bytes[i]! << shift;
  return rest;
}

/** MurmurHash3's finalizer over one lane, with the other one stirred in. */
function finish(lane: number, other: number): number {
  let h = (lane + Math.imul(other, 0x9e3779b1)) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
