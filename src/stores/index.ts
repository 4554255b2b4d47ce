// The list of stores: each is an S3 that holds the flow logs and that the forwarder under test reads from.

import { embedded } from './embedded/index.ts';

export const stores = [embedded] as const;
