// The store contract on our own S3, once with every body in memory and once with every body in a file.

import { openTestStore } from '../stores/open-test-store.ts';
import { storeContract } from './store-suite.ts';

storeContract('the embedded S3 in memory', () => openTestStore());
storeContract('the embedded S3 in files, which verifies signatures', () =>
  openTestStore({ memoryBytes: 0, verifySignatures: true }),
);
