// What tests with LocalStack share: where it is, or the skip that says why it is not.

import { beforeEach, inject } from 'vitest';

import type { StoreAddress } from '../../src/core/model/trigger.ts';

const found = inject('localstack');

/** Skips every test of the file where there is no LocalStack. */
export function needsLocalstack(): void {
  beforeEach(({ skip }) => {
    if (typeof found === 'string') skip(found);
  });
}

export const version = typeof found === 'string' ? 'that is missing' : found.version;

export const address: StoreAddress = {
  endpoint: typeof found === 'string' ? 'http://127.0.0.1:9' : found.endpoint,
  region: 'us-east-1',
  accessKeyId: 'test',
  secretAccessKey: 'test',
};
