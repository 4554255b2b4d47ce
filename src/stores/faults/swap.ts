// The object is overwritten between its event and its first GET: by the same lines in other bytes, as who compresses a bucket anew
// does. The event of what lies there now follows. Who reads by the key alone forwards the same lines for both events ("Using the
// versioning-enabled bucket ... workflows", Amazon S3 User Guide); who asks for the ETag of its event gets 412.

import { onBody, storeFault } from './kind.ts';

export const swapFault = storeFault({
  kind: 'store.swap',
  summary: 'overwrites the object before it is read, with the same lines in other bytes; their event follows',
  description: 'The object is overwritten between its event and its first GET.',
  withholds: true,
  isOnce: true,
  open: () => onBody({ overwrites: true }),
});
