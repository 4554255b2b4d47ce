// Cuts chunks into lines at 0x0a and nowhere else, on bytes: U+2028, 0x0b and 0x85 are ordinary bytes of a value, and a
// character may stand across two chunks. The result never depends on where the chunks were cut.

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * A cursor: `push` a chunk, then call `next` until it is false; after the last chunk `finish` once. `bytes`, `start`, `end` and
 * `offset` describe the current line until the next call. No object is made per line.
 */
export class LineSplitter {
  /** Holds the line from `start` to `end`, without its line end (LF, or CR LF). */
  bytes: Buffer = Buffer.alloc(0);
  start = 0;
  end = 0;
  /** Place of the line's first byte in the inflated file. */
  offset = 0;
  /** The line passed the limit; it has no bytes then. */
  isTooLong = false;

  readonly #maxBytes: number;
  #chunk: Buffer = Buffer.alloc(0);
  #at = 0;
  /** Place of the chunk's first byte in the inflated file. */
  #chunkOffset = 0;
  /** The beginning of a line whose end has not come yet. */
  #carry: Buffer = Buffer.alloc(4096);
  #carryLength = 0;
  #carryOffset = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Takes the next chunk; the one before must be used up. */
  push(chunk: Buffer): void {
    this.#chunkOffset += this.#chunk.length;
    this.#chunk = chunk;
    this.#at = 0;
  }

  next(): boolean {
    const chunk = this.#chunk;
    const from = this.#at;
    if (from >= chunk.length) return false;
    const end = chunk.indexOf(lineFeed, from);
    if (end === -1) {
      this.#keep(from, chunk.length);
      this.#at = chunk.length;
      return false;
    }
    this.#at = end + 1;
    if (this.#carryLength > 0) {
      this.#keep(from, end);
      this.#showCarried();
    } else {
      this.#show(chunk, { start: from, end, offset: this.#chunkOffset + from });
    }
    return true;
  }

  /** True when the file ended without a line feed: the current line is the last one. */
  finish(): boolean {
    if (this.#carryLength === 0) return false;
    this.#showCarried();
    return true;
  }

  #show(bytes: Buffer, line: { start: number; end: number; offset: number }): void {
    this.isTooLong = line.end - line.start > this.#maxBytes;
    this.bytes = bytes;
    this.start = line.start;
    this.end = this.isTooLong ? line.start : line.end;
    this.offset = line.offset;
    if (this.end > this.start && bytes[this.end - 1] === carriageReturn) this.end -= 1;
  }

  #showCarried(): void {
    const length = this.#carryLength;
    this.#carryLength = 0;
    this.#show(this.#carry, { start: 0, end: length, offset: this.#carryOffset });
  }

  /** Past the limit only the length is kept, so a file without a line feed takes no memory. */
  #keep(start: number, end: number): void {
    if (this.#carryLength === 0) this.#carryOffset = this.#chunkOffset + start;
    const length = this.#carryLength + end - start;
    if (length <= this.#maxBytes) {
      if (length > this.#carry.length) {
        const larger = Buffer.alloc(Math.min(this.#maxBytes, length * 2));
        this.#carry.copy(larger, 0, 0, this.#carryLength);
        this.#carry = larger;
      }
      this.#chunk.copy(this.#carry, this.#carryLength, start, end);
    }
    this.#carryLength = length;
  }
}
