// What a scenario may say of S3 events as the trigger.

import { Type } from 'typebox';

import type { Kind } from '../core/kind.ts';
import type { Trigger } from '../core/model/trigger.ts';
import { openS3EventTrigger, type S3EventTriggerOptions } from './s3-event.ts';

const config = Type.Object(
  { kind: Type.Literal('s3-event') },
  {
    additionalProperties: false,
    description: 'S3 invokes the function asynchronously for each object; Lambda tries a failed event again twice.',
    examples: [{ kind: 's3-event' }],
  },
);

export const s3Event: Kind<typeof config, S3EventTriggerOptions, Trigger> = {
  kind: 's3-event',
  summary: 'S3 invokes the function asynchronously for each object; Lambda tries a failed event again twice.',
  config,
  open: (_config, options) => openS3EventTrigger(options),
};
