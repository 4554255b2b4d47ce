// What a scenario may say of a Lambda target.

import { Type } from 'typebox';

import type { Kind } from '../core/kind.ts';
import type { Target } from '../core/model/trigger.ts';
import { runtimeFamilies } from '../lambda/runtimes/index.ts';
import type { LambdaTargetOptions } from './lambda.ts';
import { environment } from './environment-schema.ts';
import { functionProperties } from './function-schema.ts';

/** Lambda guide, "Lambda runtimes". */
const runtimes = runtimeFamilies.flatMap((family) => family.runtimes);

const config = Type.Object(
  {
    kind: Type.Literal('lambda'),
    code: Type.String({
      minLength: 1,
      description:
        'The code: a folder, a .zip, one .mjs, .cjs, .js or .py file, or an executable named bootstrap, relative to the file that names it; or builtin:forwarder.',
      examples: ['./src', './lambda_function.py', './forwarder.mjs', 'builtin:forwarder'],
    }),
    layers: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        maxItems: 5,
        description:
          'Layers, in order: folders or .zip files that hold what /opt would, such as python/ or nodejs/node_modules/.',
        examples: [['./dependencies.zip']],
      }),
    ),
    handler: Type.Optional(
      Type.String({
        pattern: String.raw`^[^\s]+\.[^\s.]+$`,
        description:
          'Module and function. Default: index.handler for Node, lambda_function.lambda_handler for Python; of one file, its name and that function.',
        examples: ['index.handler', 'lambda_function.lambda_handler', 'lib/forward.handler'],
      }),
    ),
    runtime: Type.Optional(
      Type.Unsafe<string>({
        enum: runtimes,
        description:
          'The Lambda runtime. As on AWS, nodejs24.x takes no callback handlers. Default: by the file that holds the handler, nodejs22.x, python3.13 or provided.al2023.',
        examples: ['nodejs22.x', 'python3.13', 'provided.al2023'],
      }),
    ),
    interpreter: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'What runs it, by the path given, such as the python of a virtual environment. Default: the one on this machine that is nearest to the runtime.',
        examples: ['/usr/bin/node', './.venv/bin/python'],
      }),
    ),
    requirements: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'What a Python function needs besides boto3: a requirements file, installed by `flowrig setup`. Default: requirements.txt beside the code, where there is one.',
        examples: ['./requirements.txt'],
      }),
    ),
    ...functionProperties,
    env: environment({ SIGNOZ_URL: '${sink.jsonUrl}', SIGNOZ_KEY: '${sink.key}' }),
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
