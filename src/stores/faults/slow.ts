// The body comes slowly: a limit of time on the whole object ends what is still coming.

import { quantity } from '../../core/quantity.ts';
import { onBody, storeFault } from './kind.ts';

export const slowFault = storeFault<{ readonly perSecondBytes: number }>({
  kind: 'store.slow',
  summary: 'sends the body slowly',
  description: 'The body comes slowly.',
  keys: {
    perSecond: quantity('size', 'Bytes of the body sent a second.', { examples: ['64kB'], positive: true }),
  },
  open: ({ perSecondBytes }) => onBody({ bytesPerS: perSecondBytes }),
});
