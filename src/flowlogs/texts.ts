// Texts that are copied into many lines, rendered once and laid out so that copying goes eight bytes at a time.

import { putText } from './digits.ts';

export class Texts {
  readonly #bytes: DataView;
  readonly #offsets: Uint32Array;
  readonly #lengths: Uint32Array;
  /** The longest text. */
  readonly longest: number;

  constructor(texts: readonly string[]) {
    this.#offsets = new Uint32Array(texts.length);
    this.#lengths = Uint32Array.from(texts, ({ length }) => length);
    this.longest = this.#lengths.reduce((most, length) => Math.max(most, length), 0);
    let size = 0;
    texts.forEach(({ length }, i) => {
      this.#offsets[i] = size;
      size += (length + 7) & ~7;
    });
    this.#bytes = new DataView(new ArrayBuffer(size));
    texts.forEach((text, i) => putText(this.#bytes, this.#offsets[i]!, text));
  }

  get count(): number {
    return this.#lengths.length;
  }

  /** Of all texts together. */
  get sizeBytes(): number {
    return this.#lengths.reduce((sum, length) => sum + length, 0);
  }

  bytesOf(index: number): Uint8Array {
    return new Uint8Array(this.#bytes.buffer, this.#offsets[index], this.#lengths[index]);
  }

  /** Writes text `index`; up to seven bytes behind it are written over. */
  put(view: DataView, position: number, index: number): number {
    const from = this.#offsets[index]!;
    const length = this.#lengths[index]!;
    for (let i = 0; i < length; i += 8) {
      view.setFloat64(position + i, this.#bytes.getFloat64(from + i, true), true);
    }
    return position + length;
  }
}
