// The header line and nothing else: what AWS could write for a slot without traffic, and many readers take for a broken file.

import { objectFault } from './kind.ts';
import { cutHeader } from './lines.ts';

export const headerOnlyFault = objectFault({
  kind: 'object.header-only',
  summary: 'leaves the header line alone in the file',
  owes: 'nothing',
  open: () => ({ strike: (file) => ({ ...file, text: cutHeader(file).header }) }),
});
