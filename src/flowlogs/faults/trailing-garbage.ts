// Other bytes behind the gzip. All of the text came before them: gzip itself warns and exits with success. A forwarder may do the
// same, or report the object; what it may not do is to lose a record in silence.

import { quantity } from '../../core/quantity.ts';
import { requireGzip } from './gzip.ts';
import { objectFault } from './kind.ts';

export const trailingGarbageFault = objectFault<{ readonly sizeBytes?: number }>({
  kind: 'object.trailing-garbage',
  summary: 'puts bytes that mean nothing behind the end of the gzip',
  owes: 'owed',
  mayBeRefused: true,
  parameters: { size: quantity('size', 'How many. Default: 100B.', { examples: ['100B'] }) },
  open: ({ sizeBytes = 100 }) => ({
    strike: (file) => ({
      ...file,
      pack: (text) =>
        Buffer.concat([
          requireGzip(file.pack(text), file.key, 'object.trailing-garbage'),
          Buffer.alloc(sizeBytes, 'garbage'),
        ]),
    }),
  }),
});
