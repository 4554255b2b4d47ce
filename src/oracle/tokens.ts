// Cuts a line into its tokens without allocating.

const space = 0x20;
const tab = 0x09;
const carriageReturn = 0x0d;

/** Ranges of the tokens of the last line read. */
export class Tokens {
  count = 0;
  starts = new Int32Array(64);
  ends = new Int32Array(64);
  /** End of the line without a trailing CR. */
  lineEnd = 0;
  /** True where the line is its own canonical form: single spaces between tokens, nothing around them, ASCII. */
  isCanonical = false;

  /** Cuts at runs of spaces and tabs; one trailing CR is dropped. */
  read(bytes: Uint8Array, start: number, end: number): void {
    const lineEnd = end > start && bytes[end - 1] === carriageReturn ? end - 1 : end;
    let count = 0;
    let bits = 0;
    let textBytes = 0;
    let i = start;
    while (i < lineEnd) {
      let byte = bytes[i]!;
      if (byte === space || byte === tab) {
        if (byte === tab) bits = 0x80;
        i++;
        continue;
      }
      if (count === this.starts.length) this.#grow();
      this.starts[count] = i;
      do {
        bits |= byte;
        byte = ++i < lineEnd ? bytes[i]! : space;
      } while (byte !== space && byte !== tab);
      this.ends[count] = i;
      textBytes += i - this.starts[count]!;
      count++;
    }
    this.count = count;
    this.lineEnd = lineEnd;
    this.isCanonical = count > 0 && bits < 0x80 && lineEnd - start === textBytes + count - 1;
  }

  #grow(): void {
    const [starts, ends] = [this.starts, this.ends];
    this.starts = new Int32Array(starts.length * 2);
    this.ends = new Int32Array(ends.length * 2);
    this.starts.set(starts);
    this.ends.set(ends);
  }
}
