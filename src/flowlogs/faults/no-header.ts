// A file without its header line, as tools that merge or split files leave it. A forwarder can only take it for the default format, or
// for one that it was told.

import { objectFault } from './kind.ts';
import { cutHeader } from './lines.ts';

export const noHeaderFault = objectFault({
  kind: 'object.no-header',
  summary: 'leaves the header line out',
  owes: 'owed',
  open: () => ({ strike: (file) => ({ ...file, hasHeader: false, text: cutHeader(file).records }) }),
});
