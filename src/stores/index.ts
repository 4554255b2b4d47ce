// The list of stores: each is an S3 that holds the flow logs and that the forwarder under test reads from.

import { embedded } from './embedded/index.ts';
import { endpoint } from './endpoint.ts';
import { localstack } from './localstack.ts';

export const stores = [embedded, localstack, endpoint] as const;
