// The credentials have run out: those of a role live an hour or so, and a sandbox that kept a client for longer shows old ones
// ("Error responses", Amazon S3 API Reference).

import { S3Error } from '../embedded/errors.ts';
import { always, storeFault } from './kind.ts';

export const expiredTokenFault = storeFault({
  kind: 'store.expired-token',
  summary: 'refuses the credentials as expired (400 ExpiredToken)',
  description: 'The credentials have expired.',
  open: () => always({ refusal: new S3Error('ExpiredToken') }),
});
