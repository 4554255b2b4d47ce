// The object lies in an archive: its head can be read, its bytes only when it was restored ("Working with archived objects", Amazon
// S3 User Guide).

import { S3Error } from '../embedded/errors.ts';
import { storeFault } from './kind.ts';

const storageClass = 'GLACIER';

export const archivedFault = storeFault({
  kind: 'store.archived',
  summary: 'holds the object in the archive (403 InvalidObjectState), at each GET of it',
  description: 'The object was moved to the storage class GLACIER.',
  isLasting: true,
  withholds: true,
  open: () => {
    const refusal = new S3Error('InvalidObjectState', { details: { StorageClass: storageClass } });
    const head = { headers: { 'x-amz-storage-class': storageClass } };
    return ({ method }) => (method === 'HEAD' ? head : { refusal });
  },
});
