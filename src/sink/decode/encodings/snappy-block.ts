// Snappy blocks (github.com/google/snappy, format_description.txt) as golang/snappy reads them. Our own, because no package does
// what is needed here: snappyjs takes a block whose text is longer or shorter than it states, and copies from beyond its end;
// snappy is a native addon.

import { DecodeError } from '../decode-error.ts';

export function corruptSnappy(): DecodeError {
  return new DecodeError('snappy: corrupt input');
}

/** The text of a block. Ask for its length first: a few bytes may state 4 GiB. */
export function decodeBlock(block: Uint8Array): Uint8Array {
  const text = new Uint8Array(blockLength(block));
  walk(block, text);
  return text;
}

/** Checks a block without making its text. */
export function checkBlock(block: Uint8Array): void {
  walk(block, undefined);
}

/** How long the text of a block is by its own word. */
export function blockLength(block: Uint8Array): number {
  return statedLength(block).sizeBytes;
}

/** An unsigned varint of at most 32 bits. */
function statedLength(block: Uint8Array): { sizeBytes: number; headerBytes: number } {
  let sizeBytes = 0;
  for (let at = 0; at < Math.min(block.length, 10); at++) {
    sizeBytes += (block[at]! & 0x7f) * 2 ** (7 * at);
    if (block[at]! >= 0x80) continue;
    if (sizeBytes > 0xffffffff) break;
    return { sizeBytes, headerBytes: at + 1 };
  }
  throw corruptSnappy();
}

/** Follows literals and copies to the end of the block, filling `text` where there is one. */
function walk(block: Uint8Array, text: Uint8Array | undefined): void {
  const { sizeBytes, headerBytes } = statedLength(block);
  let from = headerBytes;
  let to = 0;
  while (from < block.length) {
    const tag = block[from]!;
    const kind = tag & 3;
    const extra = kind === 0 ? Math.max(0, (tag >> 2) - 59) : kind === 3 ? 4 : kind;
    if (from + 1 + extra > block.length) throw corruptSnappy();
    const number = littleEndian(block, from + 1, extra);
    from += 1 + extra;
    if (kind === 0) {
      const length = (extra === 0 ? tag >> 2 : number) + 1;
      if (length > sizeBytes - to || length > block.length - from) throw corruptSnappy();
      text?.set(block.subarray(from, from + length), to);
      from += length;
      to += length;
    } else {
      const length = kind === 1 ? 4 + ((tag >> 2) & 7) : 1 + (tag >> 2);
      const offset = kind === 1 ? ((tag & 0xe0) << 3) + number : number;
      if (offset === 0 || offset > to || length > sizeBytes - to) throw corruptSnappy();
      if (text) for (let i = 0; i < length; i++) text[to + i] = text[to + i - offset]!;
      to += length;
    }
  }
  if (to !== sizeBytes) throw corruptSnappy();
}

function littleEndian(bytes: Uint8Array, at: number, count: number): number {
  let number = 0;
  for (let i = count - 1; i >= 0; i--) number = number * 256 + bytes[at + i]!;
  return number;
}
