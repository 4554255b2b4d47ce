// Cuts a line into its tokens without allocating, and takes its fingerprint on the way: both go through all of its bytes.

import { ByteWords } from './byte-words.ts';
import { Fingerprinter } from './fingerprint.ts';
import { plainBytes, plainLine } from './plain-line.ts';

const space = 0x20;
const tab = 0x09;
const carriageReturn = 0x0d;

/** Ranges of the tokens of the last line read. */
export class Tokens {
  count = 0;
  lineStart = 0;
  /** End of the line without a trailing CR. */
  lineEnd = 0;
  /** True where the line was found to be its own canonical form. */
  isCanonical = false;
  /** Holds the fingerprint of a line that is canonical. */
  readonly fingerprinter: Fingerprinter;
  readonly #words = new ByteWords();
  #starts = new Int32Array(512);
  #ends = new Int32Array(512);
  /** Where the spaces of a canonical line are, one bit a byte. */
  readonly #spaces = new Int32Array(plainBytes / 32 + 1);
  /** Tokens from here on are located. */
  #located = 0;

  constructor(seed = 0) {
    this.fingerprinter = new Fingerprinter(seed);
  }

  get starts(): Int32Array {
    this.locate(0);
    return this.#starts;
  }

  get ends(): Int32Array {
    this.locate(0);
    return this.#ends;
  }

  /** Cuts at runs of spaces and tabs; one trailing CR is dropped. */
  read(bytes: Uint8Array, start: number, end: number): void {
    const lineEnd = end > start && bytes[end - 1] === carriageReturn ? end - 1 : end;
    this.lineStart = start;
    this.lineEnd = lineEnd;
    this.isCanonical = lineEnd - start <= plainBytes && this.#readPlain(bytes, start, lineEnd);
    if (!this.isCanonical) this.#readAny(bytes, start, lineEnd);
  }

  /**
   * Where tokens stand is told when somebody asks: nobody can predict it, and wrong guesses of the processor cost more than the
   * reading. The masks are kept because others read lines in the same memory.
   */
  #readPlain(bytes: Uint8Array, start: number, lineEnd: number): boolean {
    const count =
      bytes === plainLine.page
        ? plainLine.readPlaced(start, lineEnd, this.fingerprinter)
        : plainLine.read(this.#words.of(bytes), start, lineEnd, this.fingerprinter);
    if (count === 0) return false;
    this.count = this.#located = count;
    for (let word = (lineEnd - start) >> 5; word >= 0; word--) this.#spaces[word] = plainLine.spaces[word]!;
    return true;
  }

  /** Where a token of a canonical line starts; it must have been located. */
  startOf(token: number): number {
    return this.#starts[token]!;
  }

  endOf(token: number): number {
    return this.#ends[token]!;
  }

  /** Finds the tokens of a canonical line from `first` on, from the last one back: those before are rarely asked for. */
  locate(first: number): void {
    if (this.#located <= first) return;
    const starts = this.#starts;
    const ends = this.#ends;
    let token = this.count - 1;
    ends[token] = this.lineEnd;
    // The space before the first one wanted tells where that one starts.
    const last = Math.max(first, 1);
    for (let word = (this.lineEnd - this.lineStart) >> 5; token >= last; word--) {
      let spaces = this.#spaces[word]!;
      while (spaces !== 0 && token >= last) {
        const bit = 31 - Math.clz32(spaces);
        const at = this.lineStart + word * 32 + bit;
        spaces ^= 1 << bit;
        starts[token] = at + 1;
        ends[--token] = at;
      }
    }
    if (first === 0) starts[0] = this.lineStart;
    this.#located = first;
  }

  #readAny(bytes: Uint8Array, start: number, lineEnd: number): void {
    this.#located = 0;
    let count = 0;
    let tokenStart = start;
    for (let i = start; i <= lineEnd; i++) {
      const byte = i < lineEnd ? bytes[i]! : space;
      if (byte !== space && byte !== tab) continue;
      if (i > tokenStart) {
        if (count === this.#starts.length) this.#grow();
        this.#starts[count] = tokenStart;
        this.#ends[count++] = i;
      }
      tokenStart = i + 1;
    }
    this.count = count;
  }

  #grow(): void {
    const [starts, ends] = [this.#starts, this.#ends];
    this.#starts = new Int32Array(starts.length * 2);
    this.#ends = new Int32Array(ends.length * 2);
    this.#starts.set(starts);
    this.#ends.set(ends);
  }
}
