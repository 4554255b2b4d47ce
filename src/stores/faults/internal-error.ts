// S3 fails: its page of errors asks clients to try again ("Error responses", Amazon S3 API Reference).

import { S3Error } from '../embedded/errors.ts';
import { always, storeFault } from './kind.ts';

export const internalErrorFault = storeFault({
  kind: 'store.internal-error',
  summary: 'fails by itself (500 InternalError)',
  description: 'The store fails.',
  open: () => always({ refusal: new S3Error('InternalError') }),
});
