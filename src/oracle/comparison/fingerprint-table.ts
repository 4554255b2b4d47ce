// A number for each of some fingerprints, in typed arrays: a million of them take 24 MB and no object each. Equal fingerprints may
// stand in it several times. Most look-ups are for what is not in it: a bitmap that fits the processor's cache tells so.

const filterBits = 2 ** 21;

/** Open addressing, at most half full. Numbers are from 0 to 2^32 - 2. */
export class FingerprintTable {
  readonly #mask: number;
  /** Three words a slot: the fingerprint's two, and the number plus 1. */
  readonly #words: Uint32Array;
  readonly #filter = new Uint32Array(filterBits / 32);

  /** `capacity`: most entries that will be added. */
  constructor(capacity: number) {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(2, capacity * 2)));
    this.#mask = slots - 1;
    this.#words = new Uint32Array(slots * 3);
  }

  add(high: number, low: number, value: number): void {
    let slot = (low ^ (high << 8)) & this.#mask;
    while (this.#words[slot * 3 + 2] !== 0) slot = (slot + 1) & this.#mask;
    this.#words[slot * 3] = high;
    this.#words[slot * 3 + 1] = low;
    this.#words[slot * 3 + 2] = value + 1;
    this.#filter[(low & (filterBits - 1)) >>> 5]! |= 1 << (low & 31);
  }

  /** False where no such fingerprint stands in it. */
  mayHold(low: number): boolean {
    return ((this.#filter[(low & (filterBits - 1)) >>> 5]! >>> (low & 31)) & 1) === 1;
  }

  /** Calls `visit` with each number of the fingerprint, in the order of adding. */
  visit(high: number, low: number, visit: (value: number) => void): void {
    const words = this.#words;
    for (let slot = (low ^ (high << 8)) & this.#mask; words[slot * 3 + 2] !== 0; slot = (slot + 1) & this.#mask) {
      if (words[slot * 3 + 1] === low >>> 0 && words[slot * 3] === high >>> 0) visit(words[slot * 3 + 2]! - 1);
    }
  }
}
