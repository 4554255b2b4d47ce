// What a scenario may say of a function that somebody else runs, behind AWS's Invoke API.

import { Type } from 'typebox';

import type { Kind } from '../core/kind.ts';
import type { Target } from '../core/model/trigger.ts';
import { quantity } from '../core/quantity.ts';
import type { LambdaEndpointOptions } from './lambda-endpoint.ts';

function port(description: string, example: number): ReturnType<typeof Type.Integer> {
  return Type.Integer({ minimum: 0, maximum: 65_535, description, examples: [example] });
}

const config = Type.Object(
  {
    kind: Type.Literal('lambda-endpoint'),
    url: Type.String({
      pattern: String.raw`^https?://[^/\s]+/?$`,
      description: 'What answers the Invoke API: scheme, host and port.',
      examples: ['http://127.0.0.1:3001'],
    }),
    function: Type.String({
      pattern: String.raw`^[^\s/]+$`,
      description: 'The name of the function there. The runtime interface emulator calls every function "function".',
      examples: ['Forwarder', 'function'],
    }),
    timeout: Type.Optional(
      quantity('duration', 'How long an answer may take; the function has a limit of its own there. Default: 60s.', {
        examples: ['60s'],
      }),
    ),
    concurrency: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1000,
        description: 'Invocations at once. Default: 1, all that the runtime interface emulator takes.',
        examples: [1],
      }),
    ),
    ports: Type.Optional(
      Type.Object(
        {
          s3: Type.Optional(port('Port of the S3. Default: 9000.', 9000)),
          sink: Type.Optional(port('Port of the fake SigNoz. Default: 8082.', 8082)),
          otlp: Type.Optional(port('Port of OTLP/HTTP, where the edition is selfhost. Default: 4318.', 4318)),
        },
        {
          additionalProperties: false,
          description:
            'Ports on 127.0.0.1 at which the function finds the run: it was started before, so they cannot be any free ones.',
          examples: [{ s3: 9000, sink: 8082 }],
        },
      ),
    ),
  },
  {
    additionalProperties: false,
    description: "A function that somebody else runs, behind AWS's Invoke API: sam local start-lambda, an emulator.",
    examples: [{ kind: 'lambda-endpoint', url: 'http://127.0.0.1:3001', function: 'Forwarder' }],
  },
);

export const lambdaEndpoint: Kind<typeof config, LambdaEndpointOptions, Target> = {
  kind: 'lambda-endpoint',
  summary: "A function that somebody else runs, behind AWS's Invoke API: sam local start-lambda, an emulator.",
  config,
  async open(_config, options) {
    const { openLambdaEndpoint } = await import('./lambda-endpoint.ts');
    return openLambdaEndpoint(options);
  },
};
