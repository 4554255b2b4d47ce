// S3 is busy: a prefix that takes more than 5,500 GETs a second gets this while S3 spreads it ("Best practices design patterns:
// optimizing Amazon S3 performance", Amazon S3 User Guide).

import { S3Error } from '../embedded/errors.ts';
import { always, storeFault } from './kind.ts';

export const slowDownFault = storeFault({
  kind: 'store.slow-down',
  summary: 'asks the client to come more slowly (503 SlowDown)',
  description: 'The store is busy.',
  open: () => always({ refusal: new S3Error('SlowDown') }),
});
