// LZ4 blocks (github.com/lz4/lz4, doc/lz4_Block_format.md): literals and copies of earlier text.

import { DecodeError } from '../decode-error.ts';

/**
 * Decodes a block into `text` from `place.at` on and returns where it ended. Copies may reach back to `place.earliest`; the text may
 * not pass the end of `text`.
 */
export function decodeLz4Block(block: Uint8Array, text: Uint8Array, place: { at: number; earliest: number }): number {
  let from = 0;
  let to = place.at;
  const longer = (length: number): number => {
    for (;;) {
      if (from >= block.length) throw invalidBlock();
      const more = block[from++]!;
      length += more;
      if (more !== 255) return length;
    }
  };
  while (from < block.length) {
    const token = block[from++]!;
    const literals = token >> 4 === 15 ? longer(15) : token >> 4;
    if (literals > block.length - from || literals > text.length - to) throw invalidBlock();
    text.set(block.subarray(from, from + literals), to);
    from += literals;
    to += literals;
    if (from === block.length && (token & 15) === 0) break;
    if (from + 2 > block.length) throw invalidBlock();
    const offset = block[from]! + block[from + 1]! * 256;
    from += 2;
    const length = 4 + ((token & 15) === 15 ? longer(15) : token & 15);
    if (offset === 0 || offset > to - place.earliest || length > text.length - to) throw invalidBlock();
    if (offset >= length) text.copyWithin(to, to - offset, to - offset + length);
    else for (let i = 0; i < length; i++) text[to + i] = text[to + i - offset]!;
    to += length;
  }
  return to;
}

/** pierrec/lz4 has one error for all damage to a block (lz4errors.ErrInvalidSourceShortBuffer). */
function invalidBlock(): DecodeError {
  return new DecodeError('lz4: invalid source or destination buffer too short');
}
