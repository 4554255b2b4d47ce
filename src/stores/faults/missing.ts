// The object is gone when it is read: deleted since its event was sent, as a lifecycle rule or a second consumer does. S3's answer
// is NoSuchKey ("Error responses", Amazon S3 API Reference).

import { S3Error } from '../embedded/errors.ts';
import { always, storeFault } from './kind.ts';

export const missingFault = storeFault({
  kind: 'store.missing',
  summary: 'says that the object is not there (404 NoSuchKey), at each GET of it',
  description: 'The object is gone when it is read.',
  isLasting: true,
  withholds: true,
  open: () => always({ refusal: new S3Error('NoSuchKey') }),
});
