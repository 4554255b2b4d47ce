// Cuts a line into its tokens without allocating, and takes its fingerprint on the way: both go through all of its bytes.

import { ByteWords } from './byte-words.ts';
import { Fingerprinter, stepHigh, stepLow, stir } from './fingerprint.ts';

const space = 0x20;
const tab = 0x09;
const carriageReturn = 0x0d;

/** Lines of at most so many bytes are read four at a time: the counters of spaces, a byte each, hold no more than 255. */
const plainBytes = 1000;

/** Ranges of the tokens of the last line read. */
export class Tokens {
  count = 0;
  lineStart = 0;
  /** End of the line without a trailing CR. */
  lineEnd = 0;
  /** True where the line is its own canonical form: printable ASCII, single spaces between tokens, nothing around them. */
  isCanonical = false;
  /** Holds the fingerprint of a line that is canonical. */
  readonly fingerprinter: Fingerprinter;
  readonly #words = new ByteWords();
  #starts = new Int32Array(512);
  #ends = new Int32Array(512);
  /** Spaces of each word of a canonical line, as the top bits of their bytes. */
  readonly #spaces = new Int32Array(plainBytes / 4 + 1);
  #wordCount = 0;
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
   * Lines of printable ASCII with single spaces, four bytes a step. Within such bytes sums never carry into the next one, so one
   * addition finds the spaces of a word. Where they stand is told when somebody asks: nobody can predict it, and wrong guesses of
   * the processor cost more than the reading. False for any other line.
   */
  #readPlain(bytes: Uint8Array, start: number, lineEnd: number): boolean {
    const words = this.#words.of(bytes);
    const spacesOf = this.#spaces;
    let { keyHigh: a, keyLow: b } = this.fingerprinter;
    // A byte beyond ASCII or below a space leaves a top bit here.
    let strange = 0;
    let doubled = 0;
    let counts = 0;
    // As if a space stood before the line: one at its beginning is then a second one.
    let carried = 0x80;
    let wordCount = 0;
    let i = start;
    for (const whole = lineEnd - 3; i < whole; i += 4) {
      const word = words.getInt32(i, true);
      strange |= word | (word - 0x20202020);
      const spaces = ~((word ^ 0x20202020) + 0x7f7f7f7f) & 0x80808080;
      doubled |= spaces & ((spaces << 8) | carried);
      carried = spaces >>> 24;
      counts += spaces >>> 7;
      spacesOf[wordCount++] = spaces;
      const stirred = stir(word);
      a = stepHigh(a, stirred);
      b = stepLow(b, stirred);
    }
    let rest = 0;
    let spaces = 0;
    for (let shift = 0; i < lineEnd; i++, shift += 8) {
      const byte = bytes[i]!;
      if (byte < space || byte > 0x7e) return false;
      rest |= byte << shift;
      if (byte === space) spaces |= 0x80 << shift;
    }
    doubled |= spaces & ((spaces << 8) | carried);
    const last = bytes[lineEnd - 1];
    if ((strange & 0x80808080) !== 0 || doubled !== 0 || last === space || lineEnd === start) return false;
    spacesOf[wordCount] = spaces;
    counts += spaces >>> 7;
    const pairs = (counts & 0xff00ff) + ((counts >>> 8) & 0xff00ff);
    this.count = this.#located = (pairs & 0xffff) + (pairs >>> 16) + 1;
    this.#wordCount = wordCount;
    this.fingerprinter.end(a, b, rest, lineEnd - start);
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
    for (let word = this.#wordCount; token > first; word--) {
      let spaces = this.#spaces[word]!;
      while (spaces !== 0) {
        const byte = 31 - Math.clz32(spaces);
        const at = this.lineStart + word * 4 + (byte >> 3);
        spaces ^= 1 << byte;
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
