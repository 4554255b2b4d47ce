// What every store must do, through @aws-sdk/client-s3 with its defaults: the suite takes any endpoint, so that our S3 can be
// held against LocalStack's and AWS's own. It relies on nothing but what the Amazon S3 API Reference promises.

import { describe } from 'vitest';

import { openContract, type KnownDifferences } from './store-contract.ts';
import { listingContract } from './store-listings.ts';
import { objectContract } from './store-objects.ts';
import { openSession, type StoreUnderTest } from './store-session.ts';

export function storeContract(
  name: string,
  open: () => Promise<StoreUnderTest>,
  differences: KnownDifferences = {},
): void {
  describe(`the store contract on ${name}`, () => {
    const { contract, end } = openContract(openSession(open), differences);
    objectContract(contract);
    listingContract(contract);
    end();
  });
}
