// One bit that is not what it was: in the compressed text, in its checksum or in its length (RFC 1952, 2.3.1). Storage and networks do
// it rarely; the checksum at the end of gzip is there to tell.

import { Type } from 'typebox';

import { objectFault, type Struck } from './kind.ts';
import { requireGzip } from './gzip.ts';

type Place = 'body' | 'crc' | 'size';

export const flipFault = objectFault<{ readonly where?: Place }>({
  kind: 'object.flip',
  summary: 'flips one bit of the gzip: in the compressed text, its checksum or its length',
  owes: 'reported',
  parameters: {
    where: Type.Unsafe<string>({
      enum: ['body', 'crc', 'size'],
      description: 'Default: body, somewhere in the middle half of the file.',
      examples: ['crc'],
    }),
  },
  open: ({ where = 'body' }) => ({
    strike: (file, struck) => ({
      ...file,
      pack(text) {
        const bytes = Buffer.from(requireGzip(file.pack(text), file.key, 'object.flip'));
        bytes[offset(bytes.length, where, struck)]! ^= 1 << struck.random.below(8, struck.place, 2);
        return bytes;
      },
    }),
  }),
});

function offset(length: number, where: Place, { random, place }: Struck): number {
  if (where === 'crc') return length - 8 + random.below(4, place, 1);
  if (where === 'size') return length - 4 + random.below(4, place, 1);
  return (length >> 2) + random.below(Math.max(1, length >> 1), place, 1);
}
