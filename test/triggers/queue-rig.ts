// The queues of a run over HTTP, with AWS's own client on them, on a clock that the test may skip.

import { SQSClient } from '@aws-sdk/client-sqs';

import { openClock, type SkippableClock } from '../../src/core/clock.ts';
import { randomSource } from '../../src/core/random.ts';
import { openScope } from '../../src/core/scope.ts';
import { openQueues, type Queues } from '../../src/triggers/queues.ts';
import type { TriggerConfig } from '../../src/triggers/kind.ts';

export interface QueueRig extends AsyncDisposable {
  readonly queues: Queues;
  readonly clock: SkippableClock;
  readonly sqs: SQSClient;
  /** Of the main queue. */
  readonly QueueUrl: string;
  readonly deadLetterUrl: string;
}

export async function openQueueRig(config: Omit<TriggerConfig, 'kind'> = {}): Promise<QueueRig> {
  const scope = openScope();
  const clock = openClock();
  const shared = { clock, random: randomSource(5), region: 'eu-west-1' };
  const queues = scope.use(await openQueues({ ...shared, config: { kind: 'sqs', ...config } }));
  const sqs = new SQSClient({
    endpoint: queues.endpoint,
    region: shared.region,
    credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
  scope.defer(() => sqs.destroy());
  return {
    queues,
    clock,
    sqs,
    QueueUrl: queues.url,
    deadLetterUrl: `${queues.url}-dead-letters`,
    [Symbol.asyncDispose]: () => scope[Symbol.asyncDispose](),
  };
}
