// Where LocalStack's S3 is known to differ from AWS's: sentences of the store contract, and what it does instead. What no contract asks
// for stands in requests.test.ts.

import type { KnownDifferences } from '../contract/store-contract.ts';

const always: KnownDifferences = {
  'an object comes back with its bytes, type, encoding and metadata': 'LocalStack’s request ids are UUIDs',
  'the range bytes=-100 of ten bytes is 0123456789':
    'LocalStack tells the checksum of the whole object with a range that covers it',
  'a conditional GET gives the object, 304 or 412':
    'LocalStack looks at If-Unmodified-Since though If-Match holds, and answers 412',
  'max-keys 0 is an empty page, and a token that was never given is an error':
    'LocalStack takes max-keys 0 for 1,000, and answers 500 to a token that it never gave',
  'no more than 1,000 objects are deleted at once': 'LocalStack deletes any number of them',
  'while versioning is suspended the version null is overwritten, and the others stay':
    'LocalStack goes on to show the last version that has an id',
};

/** localstack-core 4.14.0, services/s3/utils.py: the token is decoded as ASCII. */
const since414: KnownDifferences = {
  'pages of 1 list every key once, in the order of UTF-8 bytes':
    'LocalStack answers 500 to a continuation token that leads to a key that is not ASCII',
};

export function differencesOf(version: string): KnownDifferences {
  return version.startsWith('4.13.') ? always : { ...always, ...since414 };
}
