// Which of a corpus's lines, or of the arrivals, are of some kind: one bit each, or a set of those that are as long as they are few.
// With 50 million lines a bitmap takes 6 MB, and a verdict needs a dozen of them, most with some thousands in it.

/** Bits that are always taken whole: 512 KiB. */
const denseLength = 2 ** 22;
/** Of more bits so many set ones are held as a set, which takes as much memory. */
const fewLimit = 2 ** 14;

/** Bits by index; memory is taken when the first bit is set. */
export class Bitmap {
  readonly length: number;
  #words: Uint32Array | undefined;
  /** The set ones while they are few and the bits are many; `#order` has them ascending, and some that were unset since. */
  #few: Set<number> | undefined;
  #order: Float64Array | undefined;
  #count = 0;

  constructor(length: number) {
    this.length = length;
  }

  /** How many bits are set. */
  get count(): number {
    return this.#count;
  }

  has(index: number): boolean {
    if (this.#words !== undefined) return ((this.#words[index >>> 5]! >>> (index & 31)) & 1) === 1;
    return this.#few !== undefined && this.#few.has(index);
  }

  add(index: number): void {
    if (this.has(index)) return;
    this.#count += 1;
    if (this.#words === undefined && this.length > denseLength && this.#count <= fewLimit) {
      this.#few ??= new Set();
      this.#few.add(index);
      this.#order = undefined;
      return;
    }
    this.#words ??= this.#spread();
    this.#words[index >>> 5]! |= 1 << (index & 31);
  }

  delete(index: number): void {
    if (!this.has(index)) return;
    this.#count -= 1;
    if (this.#words === undefined) this.#few!.delete(index);
    else this.#words[index >>> 5]! &= ~(1 << (index & 31));
  }

  /** The first index set at or after `from` and below `end`, or -1. */
  next(from: number, end: number = this.length): number {
    if (this.#words === undefined) return this.#few === undefined ? -1 : this.#nextOfFew(this.#few, from, end);
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

  #nextOfFew(few: ReadonlySet<number>, from: number, end: number): number {
    const order = (this.#order ??= Float64Array.from(few).sort());
    let [low, high] = [0, order.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (order[middle]! < from) low = middle + 1;
      else high = middle;
    }
    while (low < order.length && !few.has(order[low]!)) low += 1;
    return low < order.length && order[low]! < end ? order[low]! : -1;
  }

  #spread(): Uint32Array {
    const words = new Uint32Array(Math.ceil(this.length / 32));
    for (const index of this.#few ?? []) words[index >>> 5]! |= 1 << (index & 31);
    this.#few = this.#order = undefined;
    return words;
  }
}
