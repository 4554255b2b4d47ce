// What a scenario may say of a container as the target.

import { Type } from 'typebox';

import type { Kind } from '../core/kind.ts';
import type { Target } from '../core/model/trigger.ts';
import { quantity } from '../core/quantity.ts';
import type { ContainerTargetOptions } from './container.ts';
import { environment } from './environment-schema.ts';
import { functionProperties } from './function-schema.ts';

const config = Type.Object(
  {
    kind: Type.Literal('container'),
    image: Type.String({ minLength: 1, description: 'The image, as Docker names it.', examples: ['my/forwarder:dev'] }),
    command: Type.Optional(
      Type.Array(Type.String(), {
        minItems: 1,
        description: "What it runs in place of the image's own command; ${...} stands for what the run knows.",
        examples: [['--queue', '${sqs.queueUrl}']],
      }),
    ),
    env: environment({ QUEUE_URL: '${sqs.queueUrl}', SIGNOZ_KEY: '${sink.key}' }),
    lambda: Type.Optional(
      Type.Object(functionProperties, {
        additionalProperties: false,
        description:
          "The image is a Lambda function's, with a runtime client for its entry point: it is invoked by S3's events and has these limits; {} for AWS's defaults. Without it the container finds its work by itself.",
        examples: [{ memory: '512MB', timeout: '60s' }],
      }),
    ),
    ready: Type.Optional(
      Type.Object(
        { log: Type.String({ minLength: 1, description: 'Text that its log holds then.', examples: ['started'] }) },
        {
          additionalProperties: false,
          description: 'How to know that it takes work. Without it, work comes at once.',
          examples: [{ log: 'started' }],
        },
      ),
    ),
    stop: Type.Optional(
      Type.Object(
        {
          grace: quantity('duration', 'How long it may take to stop, to flush what it holds. Default: 30s.', {
            examples: ['30s'],
          }),
        },
        {
          additionalProperties: false,
          description: "How it is stopped when the run is over, by the image's own signal.",
          examples: [{ grace: '30s' }],
        },
      ),
    ),
  },
  {
    additionalProperties: false,
    description: 'A container: one that finds its work by itself, or a Lambda function in an image.',
    examples: [
      { kind: 'container', image: 'my/forwarder:dev', env: { QUEUE_URL: '${sqs.queueUrl}' } },
      { kind: 'container', image: 'my/function:dev', lambda: { memory: '512MB', timeout: '60s' } },
    ],
  },
);

export const container: Kind<typeof config, ContainerTargetOptions, Target> = {
  kind: 'container',
  summary: 'A container: one that finds its work by itself, or a Lambda function in an image.',
  config,
  async open(_config, options) {
    const { openContainerTarget } = await import('./container.ts');
    return openContainerTarget(options);
  },
};
