// What a scenario may say of a Lambda function's limits, whatever it is packaged in.

import { Type } from 'typebox';

import { quantity } from '../core/quantity.ts';

export const functionProperties = {
  memory: Type.Optional(quantity('memory', 'Memory of one sandbox; MB is MiB, as AWS says it. Default: 128MB.')),
  timeout: Type.Optional(
    quantity('duration', 'Time limit of one invocation. Default: 3s.', { examples: ['3s', '60s'] }),
  ),
  cpu: Type.Optional(
    Type.Unsafe<'full' | 'share'>({
      enum: ['full', 'share'],
      description:
        'share: after its init a sandbox has the part of a core that Lambda gives for its memory, 1769MB being a whole one; needs control groups. Default: full, whatever the machine has.',
      examples: ['share'],
    }),
  ),
  concurrency: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1000,
      description: 'Invocations at once. Default: the number of cores, at most 4.',
      examples: [4],
    }),
  ),
  reservedConcurrency: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1000,
      description:
        'Instead of concurrency: invocations at once, where an S3 or SNS event beyond them is throttled and comes back after 1 s and more, as with a reserved concurrency on AWS.',
      examples: [1],
    }),
  ),
};
