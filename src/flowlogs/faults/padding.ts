// Zeros behind the gzip, as block devices and tapes leave them: they are to be ignored (gzip's manual, "Advanced usage").

import { quantity } from '../../core/quantity.ts';
import { requireGzip } from './gzip.ts';
import { objectFault } from './kind.ts';

export const paddingFault = objectFault<{ readonly sizeBytes?: number }>({
  kind: 'object.padding',
  summary: 'puts zeros behind the end of the gzip',
  owes: 'owed',
  parameters: { size: quantity('size', 'How many. Default: 512B.', { examples: ['512B'] }) },
  open: ({ sizeBytes = 512 }) => ({
    strike: (file) => ({
      ...file,
      pack: (text) =>
        Buffer.concat([requireGzip(file.pack(text), file.key, 'object.padding'), Buffer.alloc(sizeBytes)]),
    }),
  }),
});
