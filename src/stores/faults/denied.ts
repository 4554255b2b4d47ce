// The object may not be read: by a policy, by its owner, or by the key that it is encrypted with ("Troubleshoot access denied (403
// Forbidden) errors in Amazon S3", Amazon S3 User Guide).

import { S3Error } from '../embedded/errors.ts';
import { always, storeFault } from './kind.ts';

export const deniedFault = storeFault({
  kind: 'store.denied',
  summary: 'denies access to the object (403 AccessDenied), at each GET of it',
  description: 'The object may not be read.',
  isLasting: true,
  withholds: true,
  open: () => always({ refusal: new S3Error('AccessDenied') }),
});
