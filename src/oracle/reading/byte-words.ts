// Bytes read four at a time: a DataView's getInt32 is one load where four bytes of a Uint8Array are four, and every loop over
// lines and names here is bound by its loads.

/** The view of the bytes asked for last: most questions in a row are about the same body. */
export class ByteWords {
  #bytes: Uint8Array = new Uint8Array(0);
  #words: DataView = new DataView(this.#bytes.buffer);

  /** Offsets in the view are indexes of `bytes`. */
  of(bytes: Uint8Array): DataView {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#words = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    return this.#words;
  }
}

/** Whether `length` bytes at `a` and at `b` are the same. */
export function equalBytes(words: DataView, a: number, b: number, length: number): boolean {
  if (length < 4) {
    for (let i = 0; i < length; i++) if (words.getUint8(a + i) !== words.getUint8(b + i)) return false;
    return true;
  }
  const last = length - 4;
  for (let i = 0; i < last; i += 4) if (words.getInt32(a + i, true) !== words.getInt32(b + i, true)) return false;
  return words.getInt32(a + last, true) === words.getInt32(b + last, true);
}
