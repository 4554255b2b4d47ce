// An object of no bytes, whatever its name says.

import { objectFault } from './kind.ts';

export const emptyFault = objectFault({
  kind: 'object.empty',
  summary: 'stores no byte at all under its name',
  owes: 'nothing',
  open: () => ({
    strike: (file) => ({ ...file, hasHeader: false, text: Buffer.alloc(0), pack: () => Buffer.alloc(0) }),
  }),
});
