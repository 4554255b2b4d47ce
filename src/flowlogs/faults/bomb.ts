// A gzip that is a thousand times larger when inflated: whoever holds it whole in memory dies of it. The records stand before it, in
// the same gzip member, so that they are owed.

import { constants, crc32, deflateRawSync } from 'node:zlib';

import { Type } from 'typebox';

import { quantity } from '../../core/quantity.ts';
import { objectFault } from './kind.ts';

type Filling = 'blank-lines' | 'one-line';

export const bombFault = objectFault<{ readonly sizeBytes?: number; readonly of?: Filling }>({
  kind: 'object.bomb',
  summary: 'lets the gzip go on, behind its records, with a thousand times its size of blanks or of one endless line',
  owes: 'owed',
  mayBeRefused: true,
  parameters: {
    size: quantity('size', 'Inflated bytes behind the records. Default: 256MiB.', { examples: ['1GiB'] }),
    of: Type.Unsafe<string>({
      enum: ['blank-lines', 'one-line'],
      description:
        'blank-lines hold nothing; of one-line, which no sink could take, nothing is owed. Default: blank-lines.',
      examples: ['one-line'],
    }),
  },
  open: ({ sizeBytes = 256 * 1024 ** 2, of = 'blank-lines' }) => ({
    strike: (file) => ({ ...file, pack: (text) => packBomb(text, filling(of), sizeBytes) }),
  }),
});

const fillingBytes = 1024 ** 2;

function filling(of: Filling): Buffer {
  return of === 'one-line' ? Buffer.alloc(fillingBytes, 'x') : Buffer.alloc(fillingBytes, `${' '.repeat(1023)}\n`);
}

/**
 * One gzip member (RFC 1952) of the text and repeats of a filling. Deflated up to a full flush, a part ends on a byte and looks back
 * at nothing, so parts can be put side by side and repeated: 10 GB take the memory of one filling.
 */
function packBomb(text: Buffer, filler: Buffer, sizeBytes: number): Buffer {
  const count = Math.ceil(sizeBytes / filler.length);
  const options = { level: 9, finishFlush: constants.Z_FULL_FLUSH };
  const part = deflateRawSync(filler, options);
  let checksum = crc32(text);
  for (let i = 0; i < count; i++) checksum = crc32(filler, checksum);
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(checksum, 0);
  trailer.writeUInt32LE((text.length + count * filler.length) % 2 ** 32, 4);
  const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
  const lastBlock = Buffer.from([0x03, 0x00]);
  return Buffer.concat([
    header,
    deflateRawSync(text, options),
    ...Array.from({ length: count }, () => part),
    lastBlock,
    trailer,
  ]);
}
