// What a scenario may say of a Lambda target.

import { Type } from 'typebox';

import type { Kind } from '../core/kind.ts';
import type { Target } from '../core/model/trigger.ts';
import { quantity } from '../core/quantity.ts';
import type { LambdaTargetOptions } from './lambda.ts';

/** AWS's Node runtimes that are not past their end (Lambda guide, "Lambda runtimes"). */
const runtimes = ['nodejs20.x', 'nodejs22.x', 'nodejs24.x'];

/** The last runtime that takes handlers of every style, callbacks included. */
export const defaultRuntime = 'nodejs22.x';

const config = Type.Object(
  {
    kind: Type.Literal('lambda'),
    code: Type.String({
      minLength: 1,
      description:
        'The code: a folder, or one .mjs, .cjs or .js file, relative to the file that names it; or builtin:forwarder.',
      examples: ['./src', './forwarder.mjs', 'builtin:forwarder'],
    }),
    handler: Type.Optional(
      Type.String({
        pattern: String.raw`^[^\s]+\.[^\s.]+$`,
        description:
          'Module and exported function. Default: index.handler of a folder; of a file, its name and .handler.',
        examples: ['index.handler', 'lib/forward.handler'],
      }),
    ),
    runtime: Type.Optional(
      Type.Unsafe<string>({
        enum: runtimes,
        description: 'The Lambda runtime. As on AWS, nodejs24.x takes no callback handlers.',
        examples: [defaultRuntime],
      }),
    ),
    interpreter: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'The Node to run it with, by the path given. Default: the one that runs flowrig.',
        examples: ['/usr/bin/node'],
      }),
    ),
    memory: Type.Optional(quantity('memory', 'Memory of one sandbox; MB is MiB, as AWS says it. Default: 128MB.')),
    timeout: Type.Optional(
      quantity('duration', 'Time limit of one invocation. Default: 3s.', { examples: ['3s', '60s'] }),
    ),
    concurrency: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1000,
        description: 'Invocations at once. Default: the number of cores, at most 4.',
        examples: [4],
      }),
    ),
    env: Type.Optional(
      Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]), {
        description:
          'Its environment variables; ${...} stands for what the run knows, ${env.NAME} for your own environment.',
        examples: [{ SIGNOZ_URL: '${sink.jsonUrl}', SIGNOZ_KEY: '${sink.key}' }],
      }),
    ),
  },
  {
    additionalProperties: false,
    description: 'A Lambda function, run as AWS runs it: sandboxes with limits, frozen between events.',
    examples: [{ kind: 'lambda', code: './src', handler: 'index.handler', memory: '256MB', timeout: '60s' }],
  },
);

export const lambda: Kind<typeof config, LambdaTargetOptions, Target> = {
  kind: 'lambda',
  summary: 'A Lambda function, run as AWS runs it: sandboxes with limits, frozen between events.',
  config,
  async open(_config, options) {
    const { openLambdaTarget } = await import('./lambda.ts');
    return openLambdaTarget(options);
  },
};
