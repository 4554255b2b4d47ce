// Cuts text that comes in pieces into lines, at LF and nowhere else (not at CR, U+2028 or form feeds). A line within one piece is
// shown where it lies; only a line across pieces is copied, so memory follows the longest line and not the file, and with a limit
// not even that.

/** Sees one line without its LF; the bytes are valid only during the call. `line` counts from 1. */
export type SeeLine = (bytes: Uint8Array, start: number, end: number, line: number) => void;

const lineFeed = 0x0a;

/** What becomes of a line that is longer than the caller will hold: only its number is told. */
export interface LongLines {
  readonly bytesMax: number;
  readonly see: (line: number) => void;
}

export class LineSplitter {
  readonly #see: SeeLine;
  readonly #long: LongLines | undefined;
  #held = Buffer.alloc(0);
  #heldLength = 0;
  #line = 0;

  constructor(see: SeeLine, long?: LongLines) {
    this.#see = see;
    this.#long = long;
  }

  /** Takes the next piece. */
  push(piece: Buffer): void {
    let start = 0;
    for (let at = piece.indexOf(lineFeed); at >= 0; at = piece.indexOf(lineFeed, start)) {
      this.#line++;
      if (this.#heldLength === 0) this.#see(piece, start, at, this.#line);
      else {
        this.#hold(piece, start, at);
        this.#showHeld();
      }
      start = at + 1;
    }
    if (start < piece.length) this.#hold(piece, start, piece.length);
  }

  /** The text is over: shows what follows the last LF, if anything does. */
  end(): void {
    if (this.#heldLength === 0) return;
    this.#line++;
    this.#showHeld();
  }

  #showHeld(): void {
    const length = this.#heldLength;
    this.#heldLength = 0;
    if (this.#long && length > this.#long.bytesMax) this.#long.see(this.#line);
    else this.#see(this.#held, 0, length, this.#line);
  }

  #hold(piece: Buffer, start: number, end: number): void {
    const length = this.#heldLength + end - start;
    if (this.#long && length > this.#long.bytesMax) {
      this.#heldLength = length;
      return;
    }
    if (length > this.#held.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(length, 2 * this.#held.length, 1024));
      this.#held.copy(larger, 0, 0, this.#heldLength);
      this.#held = larger;
    }
    piece.copy(this.#held, this.#heldLength, start, end);
    this.#heldLength = length;
  }
}
