// The embedded S3: ours, in this process, with AWS's answers. No package passed the contract suite in test/contract. What it
// does not do it answers with 501, never with a 200.

import { Type } from 'typebox';

import type { Kind } from '../../core/kind.ts';
import type { Store } from '../../core/model/trigger.ts';
import { bucketNamePattern } from './bucket-name.ts';
import type { EmbeddedStoreOptions } from './options.ts';

/** Opens the S3 and listens. `put` keeps the bytes given: do not change them afterwards. */
export async function openEmbeddedStore(options: EmbeddedStoreOptions): Promise<Store> {
  // The server is loaded only where a store is opened.
  const { openStore } = await import('./open.ts');
  return openStore(options);
}

const config = Type.Object(
  {
    kind: Type.Literal('embedded'),
    bucket: Type.Optional(
      Type.String({
        pattern: bucketNamePattern,
        default: 'flow-logs',
        description: 'The bucket that holds the flow logs, by the naming rules of S3.',
        examples: ['flow-logs', 'my-vpc-logs'],
      }),
    ),
  },
  {
    additionalProperties: false,
    description: 'An S3 inside the rig, opened for each run on a port of its own.',
    examples: [{ kind: 'embedded', bucket: 'flow-logs' }],
  },
);

export const embedded: Kind<typeof config, EmbeddedStoreOptions, Store> = {
  kind: 'embedded',
  summary: 'An S3 inside the rig: no Docker, no account; bodies in memory up to a bound, then in files.',
  config,
  open: (_config, options) => openEmbeddedStore(options),
};
