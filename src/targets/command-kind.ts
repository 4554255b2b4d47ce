// What a scenario may say of a command as the target.

import { Type } from 'typebox';

import type { Kind } from '../core/kind.ts';
import type { Target } from '../core/model/trigger.ts';
import { quantity } from '../core/quantity.ts';
import type { CommandTargetOptions } from './command.ts';
import { environment } from './environment-schema.ts';

/** Signals by which services are asked to stop (systemd.kill(5), STOPSIGNAL of Docker images). */
const stopSignals: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'];

const config = Type.Object(
  {
    kind: Type.Literal('command'),
    command: Type.Array(Type.String(), {
      minItems: 1,
      description:
        'The program and its arguments; ${...} stands for what the run knows. A program with a slash is relative to the file that names it.',
      examples: [['./forwarder', '--queue', '${sqs.queueUrl}']],
    }),
    folder: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'The folder that it runs in. Default: that of the file that names the target.',
        examples: ['./deploy'],
      }),
    ),
    env: environment({ QUEUE_URL: '${sqs.queueUrl}', SIGNOZ_KEY: '${sink.key}' }),
    ready: Type.Optional(
      Type.Object(
        {
          log: Type.Optional(
            Type.String({ minLength: 1, description: 'Text that its output holds then.', examples: ['started'] }),
          ),
          port: Type.Optional(
            Type.Integer({
              minimum: 1,
              maximum: 65_535,
              description: 'Port on 127.0.0.1 at which it listens then.',
              examples: [13_133],
            }),
          ),
          file: Type.Optional(
            Type.String({ minLength: 1, description: 'A file that it has made then.', examples: ['./ready'] }),
          ),
        },
        {
          additionalProperties: false,
          minProperties: 1,
          maxProperties: 1,
          description: 'How to know that it takes work: one of the three. Without it, work comes at once.',
          examples: [{ log: 'started' }],
        },
      ),
    ),
    stop: Type.Optional(
      Type.Object(
        {
          signal: Type.Optional(
            Type.Unsafe<string>({
              enum: [...stopSignals],
              description: 'The signal that asks it to stop. Default: SIGTERM.',
              examples: ['SIGTERM'],
            }),
          ),
          grace: Type.Optional(
            quantity('duration', 'How long it may take to stop, to flush what it holds. Default: 30s.', {
              examples: ['30s'],
            }),
          ),
        },
        {
          additionalProperties: false,
          description: 'How it is stopped when the run is over.',
          examples: [{ signal: 'SIGTERM', grace: '30s' }],
        },
      ),
    ),
  },
  {
    additionalProperties: false,
    description: 'Any program that finds its work by itself: it polls a queue, or looks into the bucket.',
    examples: [{ kind: 'command', command: ['./forwarder', '--queue', '${sqs.queueUrl}'], ready: { log: 'started' } }],
  },
);

export const command: Kind<typeof config, CommandTargetOptions, Target> = {
  kind: 'command',
  summary: 'Any program that finds its work by itself: it polls a queue, or looks into the bucket.',
  config,
  async open(_config, options) {
    const { openCommandTarget } = await import('./command.ts');
    return openCommandTarget(options);
  },
};
