// Randomness without order: a keyed hash gives draw i without the draws before it, and a stream is split by label, so that a
// new user of randomness never shifts the numbers of another.

/** Numbers that depend on (seed, label, key) alone. */
export interface RandomSource {
  /** A 32-bit unsigned integer for the pair of keys. */
  at(keyA: number, keyB?: number): number;
  /** An integer in [0, bound) for the pair of keys. */
  below(bound: number, keyA: number, keyB?: number): number;
  /** An independent source. */
  split(label: string): RandomSource;
}

/** Opens the source of a seed (any safe integer >= 0). */
export function randomSource(seed: number): RandomSource {
  return sourceOf(mix32(seed >>> 0, Math.floor(seed / 0x1_0000_0000) >>> 0));
}

function sourceOf(state: number): RandomSource {
  return {
    at: (keyA, keyB = 0) => hash3(state, keyA, keyB),
    below: (bound, keyA, keyB = 0) => scale(hash3(state, keyA, keyB), bound),
    split: (label) => sourceOf(hashText(label, state)),
  };
}

/** Maps a 32-bit draw to [0, bound) without modulo bias that anyone could measure for bounds up to 2^26. */
export function scale(draw: number, bound: number): number {
  return Math.floor((draw / 0x1_0000_0000) * bound);
}

/** Finalizer of MurmurHash3 over two words: every input bit reaches every output bit. */
export function mix32(a: number, b: number): number {
  let h = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b + 0x7f4a7c15, 0xc2b2ae35);
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Three words to one: the keyed hash behind random access. */
export function hash3(state: number, keyA: number, keyB: number): number {
  return mix32(mix32(state, keyA), keyB);
}

/** A 32-bit hash of a text, continued from `state`. */
export function hashText(text: string, state: number): number {
  let h = state;
  for (let i = 0; i < text.length; i++) h = mix32(h, text.charCodeAt(i));
  return mix32(h, text.length);
}
