// Any S3 that already runs and is reached by plain HTTP, such as MinIO or moto, as the store.

import { Type } from 'typebox';

import type { Kind } from '../core/kind.ts';
import type { Store } from '../core/model/trigger.ts';
import { bucketNamePattern } from './embedded/bucket-name.ts';
import { openRemoteStore, type RemoteStoreOptions } from './remote.ts';

/** What every store that lies outside says of its bucket and region. */
export const remoteSchemas = {
  bucket: Type.Optional(
    Type.String({
      pattern: bucketNamePattern,
      default: 'flow-logs',
      description:
        'The bucket that the run makes, and takes away at its end. One that is there already must be empty, and stays.',
      examples: ['flow-logs'],
    }),
  ),
  region: Type.Optional(
    Type.String({
      minLength: 1,
      description: 'The region that it stands for. Default: us-east-1.',
      examples: ['eu-central-1'],
    }),
  ),
};

/** HTTPS ends at the run's own proxy, which would have to be trusted to speak for the real host. */
export const endpointPattern = '^http://[^/@?#]+/?$';

const config = Type.Object(
  {
    kind: Type.Literal('endpoint'),
    endpoint: Type.String({
      pattern: endpointPattern,
      description: 'Where it listens, by plain HTTP.',
      examples: ['http://127.0.0.1:9000'],
    }),
    ...remoteSchemas,
    accessKeyId: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'For the run and for the target; ${env.NAME} stands for your own environment. Default: test.',
        examples: ['${env.MINIO_ROOT_USER}'],
      }),
    ),
    secretAccessKey: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'Its secret; write ${env.NAME}, since the scenario is kept with the run. Default: test.',
        examples: ['${env.MINIO_ROOT_PASSWORD}'],
      }),
    ),
    sessionToken: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'The token of temporary credentials. Default: none.',
        examples: ['${env.AWS_SESSION_TOKEN}'],
      }),
    ),
  },
  {
    additionalProperties: false,
    description: 'An S3 that runs already, reached by plain HTTP.',
    examples: [{ kind: 'endpoint', endpoint: 'http://127.0.0.1:9000' }],
  },
);

export const endpoint: Kind<typeof config, RemoteStoreOptions, Store> = {
  kind: 'endpoint',
  summary: 'An S3 that runs already, by plain HTTP: MinIO, moto, or another.',
  config,
  open: (_config, options) => openRemoteStore(options),
};
