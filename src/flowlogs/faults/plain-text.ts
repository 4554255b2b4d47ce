// Text that is not compressed under a name that ends in .gz: an HTTP client on the way inflated it, or somebody edited it.

import { objectFault } from './kind.ts';

export const plainTextFault = objectFault({
  kind: 'object.plain-text',
  summary: 'stores the text uncompressed under its name in .gz',
  owes: 'owed',
  open: () => ({ strike: (file) => ({ ...file, pack: (text) => text }) }),
});
