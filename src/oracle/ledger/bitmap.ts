// One bit a line: what became of each line of a corpus, at 1.25 MB for 10 million.

/** Bits by index; memory is taken when the first bit is set. */
export class Bitmap {
  readonly length: number;
  #words: Uint32Array | undefined;
  #count = 0;

  constructor(length: number) {
    this.length = length;
  }

  /** How many bits are set. */
  get count(): number {
    return this.#count;
  }

  has(index: number): boolean {
    return this.#words !== undefined && ((this.#words[index >>> 5]! >>> (index & 31)) & 1) === 1;
  }

  add(index: number): void {
    this.#words ??= new Uint32Array(Math.ceil(this.length / 32));
    if (this.has(index)) return;
    this.#words[index >>> 5]! |= 1 << (index & 31);
    this.#count += 1;
  }

  delete(index: number): void {
    if (!this.has(index)) return;
    this.#words![index >>> 5]! &= ~(1 << (index & 31));
    this.#count -= 1;
  }

  /** The first index set at or after `from` and below `end`, or -1. */
  next(from: number, end: number = this.length): number {
    if (this.#words === undefined) return -1;
    let index = from;
    while (index < end) {
      const word = this.#words[index >>> 5]! >>> (index & 31);
      if (word === 0) {
        index = ((index >>> 5) + 1) * 32;
        continue;
      }
      const found = index + 31 - Math.clz32(word & -word);
      return found < end ? found : -1;
    }
    return -1;
  }

  /** The indexes that are set, ascending. */
  *[Symbol.iterator](): Generator<number> {
    for (let at = this.next(0); at >= 0; at = this.next(at + 1)) yield at;
  }
}
