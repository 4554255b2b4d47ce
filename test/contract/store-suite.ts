// What every store must do, through @aws-sdk/client-s3 with its defaults: the suite takes any endpoint, so that our S3 can be
// held against LocalStack's and AWS's own. It relies on nothing but what the Amazon S3 API Reference promises.

import { describe } from 'vitest';

import { bucketContract } from './store-buckets.ts';
import { openContract, type KnownDifferences } from './store-contract.ts';
import { copyContract } from './store-copies.ts';
import { listingContract } from './store-listings.ts';
import { multipartContract } from './store-multipart.ts';
import { objectContract } from './store-objects.ts';
import { openSession, type StoreUnderTest } from './store-session.ts';
import { versionContract } from './store-versions.ts';

export function storeContract(
  name: string,
  open: () => Promise<StoreUnderTest>,
  differences: KnownDifferences = {},
): void {
  describe(`the store contract on ${name}`, () => {
    const { contract, end } = openContract(openSession(open), differences);
    objectContract(contract);
    listingContract(contract);
    bucketContract(contract);
    copyContract(contract);
    multipartContract(contract);
    versionContract(contract);
    end();
  });
}
