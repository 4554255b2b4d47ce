// A whole gzip member with nothing in it.

import { objectFault } from './kind.ts';

export const emptyGzipFault = objectFault({
  kind: 'object.empty-gzip',
  summary: 'compresses nothing: a whole gzip without a byte of text',
  owes: 'nothing',
  open: () => ({ strike: (file) => ({ ...file, hasHeader: false, text: Buffer.alloc(0) }) }),
});
