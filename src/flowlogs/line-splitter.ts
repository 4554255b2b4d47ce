// Cuts text that comes in pieces into lines, at LF and nowhere else (not at CR, U+2028 or form feeds). A line within one piece is
// shown where it lies; only a line across pieces is copied, so memory follows the longest line and not the file.

/** Sees one line without its LF; the bytes are valid only during the call. `line` counts from 1. */
export type SeeLine = (bytes: Uint8Array, start: number, end: number, line: number) => void;

const lineFeed = 0x0a;

export class LineSplitter {
  readonly #see: SeeLine;
  #held = Buffer.alloc(0);
  #heldLength = 0;
  #line = 0;

  constructor(see: SeeLine) {
    this.#see = see;
  }

  /** Takes the next piece. */
  push(piece: Buffer): void {
    let start = 0;
    for (let at = piece.indexOf(lineFeed); at >= 0; at = piece.indexOf(lineFeed, start)) {
      this.#line++;
      if (this.#heldLength === 0) this.#see(piece, start, at, this.#line);
      else {
        this.#hold(piece, start, at);
        this.#see(this.#held, 0, this.#heldLength, this.#line);
        this.#heldLength = 0;
      }
      start = at + 1;
    }
    if (start < piece.length) this.#hold(piece, start, piece.length);
  }

  /** The text is over: shows what follows the last LF, if anything does. */
  end(): void {
    if (this.#heldLength === 0) return;
    this.#line++;
    this.#see(this.#held, 0, this.#heldLength, this.#line);
    this.#heldLength = 0;
  }

  #hold(piece: Buffer, start: number, end: number): void {
    const length = this.#heldLength + end - start;
    if (length > this.#held.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(length, 2 * this.#held.length, 1024));
      this.#held.copy(larger, 0, 0, this.#heldLength);
      this.#held = larger;
    }
    piece.copy(this.#held, this.#heldLength, start, end);
    this.#heldLength = length;
  }
}
