// The store contract on any S3: `S3_CONTRACT_ENDPOINT=http://... npm test -- endpoint-store`. Buckets named `contract-...` are
// made there, and stay. Without the variable its tests are skipped, and counted.

import { describe, test } from 'vitest';

import { storeContract } from './store-suite.ts';

const endpoint = process.env['S3_CONTRACT_ENDPOINT'];

if (endpoint === undefined) {
  describe('the store contract on an S3 elsewhere', () => {
    test.skip('needs S3_CONTRACT_ENDPOINT, the URL of one');
  });
} else {
  const { AWS_REGION = 'us-east-1', AWS_ACCESS_KEY_ID = 'test', AWS_SECRET_ACCESS_KEY = 'test' } = process.env;
  storeContract(endpoint, () =>
    Promise.resolve({
      address: {
        endpoint,
        region: AWS_REGION,
        accessKeyId: AWS_ACCESS_KEY_ID,
        secretAccessKey: AWS_SECRET_ACCESS_KEY,
      },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }),
  );
}
