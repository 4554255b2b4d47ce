// A queue that a function reads through a mapping (Lambda guide, "Using Lambda with Amazon SQS").

import { expect, test } from 'vitest';

import type { InvocationOutcome } from '../../src/core/model/invocation.ts';
import type { TargetEvent } from '../../src/core/model/trigger.ts';
import {
  answeredOnRelease,
  failed,
  invoked,
  keysOf,
  openTriggerRig,
  succeeded,
  type TriggerRig,
  type TriggerRigOptions,
} from './rig.ts';

interface SqsRecord {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
}

function recordsOf({ payload }: TargetEvent): readonly SqsRecord[] {
  return (payload as { Records: SqsRecord[] }).Records;
}

const keyOf = ({ body }: SqsRecord): string => keysOf(JSON.parse(body))[0]!;

/** Names the messages of these objects as failed. */
function naming(event: TargetEvent, ...keys: string[]): InvocationOutcome {
  const named = recordsOf(event).filter((record) => keys.includes(keyOf(record)));
  const batchItemFailures = named.map(({ messageId }) => ({ itemIdentifier: messageId }));
  return { status: 'succeeded', payload: { batchItemFailures } };
}

const queued: TriggerRigOptions = { kind: 'sqs', functionTimeoutMs: 5000 };

test('messages that wait come in batches, and are gone when the function succeeds', async () => {
  await using rig = await openTriggerRig(() => succeeded, { ...queued, batchSize: 3 });
  rig.notify(0, 1, 2, 3);
  expect(rig.trigger.pendingCount()).toBe(4);
  await rig.finished();
  expect(invoked(rig.facts)).toEqual([[0, 1, 2], [3]]);
  expect(rig.queues.main.counts).toEqual({ visible: 0, hidden: 0, delayed: 0, gone: 0 });
  // Nobody waits for a visibility timeout of what is gone: the clock has nowhere to jump.
  await expect.poll(() => rig.clock.nextDueMs(), { interval: 1 }).toBeUndefined();
});

test('a batch ends before its messages pass the 6 MB of an invocation', async () => {
  await using rig = await openTriggerRig(() => succeeded, queued);
  for (let count = 0; count < 8; count++) rig.queues.main.send('x'.repeat(1024 ** 2));
  await rig.finished();
  expect(rig.events.map((event) => recordsOf(event).length)).toEqual([6, 2]);
});

test('the event is what Lambda makes of a batch, to the letter', async () => {
  await using rig = await openTriggerRig(() => succeeded, queued);
  rig.notify(7);
  await rig.finished();
  const text = expect.any(String) as string;
  expect(rig.events[0]!.payload).toEqual({
    Records: [
      {
        messageId: expect.stringMatching(/^[\da-f-]{36}$/) as string,
        receiptHandle: text,
        body: text,
        attributes: {
          ApproximateReceiveCount: '1',
          SentTimestamp: expect.stringMatching(/^\d{13}$/) as string,
          SenderId: text,
          ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/) as string,
        },
        messageAttributes: {},
        md5OfBody: expect.stringMatching(/^[\da-f]{32}$/) as string,
        eventSource: 'aws:sqs',
        eventSourceARN: 'arn:aws:sqs:eu-west-1:123456789012:flow-logs',
        awsRegion: 'eu-west-1',
      },
    ],
  });
});

test('a failed batch comes again as a whole when six times the timeout is over, and is dead-lettered in the end', async () => {
  await using rig = await openTriggerRig(() => failed, { ...queued, maxReceives: 2 });
  rig.notify(0, 1);
  await rig.settled();
  const [first] = rig.factsOf('invocation');
  expect([rig.trigger.pendingCount(), rig.trigger.waitingCount()]).toEqual([2, 2]);
  expect(Math.round((rig.clock.nextDueMs()! - first!.startedMs) / 1000)).toBe(30);
  await rig.finished();
  expect(rig.factsOf('invocation')).toMatchObject([
    { objects: [0, 1], deliveries: [1, 1], eventDelivery: 1, status: 'failed', errorType: 'Error' },
    { objects: [0, 1], deliveries: [2, 2], eventDelivery: 2, status: 'failed' },
  ]);
  expect(rig.factsOf('dead-lettered')).toMatchObject([
    { objects: [0], condition: 'MaxReceivesExceeded' },
    { objects: [1], condition: 'MaxReceivesExceeded' },
  ]);
  expect(rig.queues.deadLetters.bodies.map((body) => keysOf(JSON.parse(body)))).toEqual([['k0'], ['k1']]);
});

test('with ReportBatchItemFailures only the messages that the answer names come again', async () => {
  let calls = 0;
  await using rig = await openTriggerRig((event) => (++calls === 1 ? naming(event, 'k1') : succeeded), {
    ...queued,
    reportBatchItemFailures: true,
  });
  rig.notify(0, 1, 2);
  await rig.finished();
  expect(rig.factsOf('invocation')).toMatchObject([
    { objects: [0, 1, 2], deliveries: [1, 1, 1], failedObjects: [1], status: 'succeeded' },
    { objects: [1], deliveries: [2], status: 'succeeded' },
  ]);
});

test('without it the answer means nothing', async () => {
  await using rig = await openTriggerRig((event) => naming(event, 'k0'), queued);
  rig.notify(0);
  await rig.finished();
  expect(invoked(rig.facts)).toEqual([[0]]);
});

test.each([
  ['an unknown id', { batchItemFailures: [{ itemIdentifier: 'nobody' }] }],
  ['an empty id', { batchItemFailures: [{ itemIdentifier: '' }] }],
  ['a wrong key', { batchItemFailures: [{ id: 'x' }] }],
  ['no list', { batchItemFailures: 'all' }],
])('an answer with %s means that the whole batch failed', async (_what, payload) => {
  let calls = 0;
  await using rig = await openTriggerRig(() => (++calls === 1 ? { status: 'succeeded', payload } : succeeded), {
    ...queued,
    reportBatchItemFailures: true,
  });
  rig.notify(0, 1);
  await rig.finished();
  expect(rig.factsOf('invocation')).toMatchObject([{ failedObjects: [0, 1] }, { deliveries: [2, 2] }]);
});

test('a batch window gathers what comes until it is over, or until the batch is full', async () => {
  await using rig = await openTriggerRig(() => succeeded, { ...queued, batchSize: 3, batchWindowMs: 60_000 });
  rig.notify(0);
  await rig.settled();
  rig.notify(1);
  await rig.settled();
  expect(rig.events).toHaveLength(0);
  await rig.finished();
  expect(invoked(rig.facts)).toEqual([[0, 1]]);
  rig.notify(2, 3, 4);
  await rig.settled();
  expect(invoked(rig.facts)).toEqual([
    [0, 1],
    [2, 3, 4],
  ]);
});

/** One message, in two invocations beside each other. */
async function invokeTwice(rig: TriggerRig, release: readonly unknown[]): Promise<void> {
  rig.notify(0);
  await expect.poll(() => release.length, { interval: 1 }).toBe(1);
  rig.clock.skipTo(rig.clock.nowMs() + 1000);
  await expect.poll(() => release.length, { interval: 1 }).toBe(2);
}

test('a visibility timeout that runs out hands a message to a second invocation beside the first', async () => {
  const { answer, release } = answeredOnRelease();
  await using rig = await openTriggerRig(answer, { ...queued, visibilityMs: 1000, concurrency: 2 });
  await invokeTwice(rig, release);
  release[0]!();
  await expect.poll(() => invoked(rig.facts).length, { interval: 1 }).toBe(1);
  // The first one's receipt is stale: the message stays with the second.
  expect(rig.trigger.pendingCount()).toBe(1);
  release[1]!();
  await rig.finished();
  expect(rig.factsOf('invocation').map(({ deliveries }) => deliveries)).toEqual([[1], [2]]);
});

test('an invocation whose message a later one has deleted is waited for', async () => {
  const { answer, release } = answeredOnRelease();
  await using rig = await openTriggerRig(answer, { ...queued, visibilityMs: 1000, concurrency: 2 });
  await invokeTwice(rig, release);
  release[1]!();
  await expect.poll(() => rig.queues.main.counts.hidden, { interval: 1 }).toBe(0);
  expect([rig.trigger.pendingCount(), rig.trigger.waitingCount()]).toEqual([1, 0]);
  release[0]!();
  await rig.finished();
  expect(rig.factsOf('invocation').map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
});

test('Lambda begins with five batches at once, and takes more after a minute', async () => {
  const { answer, release } = answeredOnRelease();
  await using rig = await openTriggerRig(answer, {
    ...queued,
    concurrency: 100,
    batchSize: 1,
    functionTimeoutMs: 900_000,
  });
  rig.notify(0, 1, 2, 3, 4, 5, 6, 7);
  await expect.poll(() => release.length, { interval: 1 }).toBe(5);
  expect(rig.queues.main.counts.visible).toBe(3);
  rig.clock.skipTo(rig.clock.nowMs() + 60_000);
  release[0]!();
  await expect.poll(() => release.length, { interval: 1 }).toBe(8);
  for (const done of release) done();
  await rig.finished();
});

test('what a reserved concurrency refuses comes again with its visibility timeout, received once more', async () => {
  const { answer, release } = answeredOnRelease();
  await using rig = await openTriggerRig(answer, { ...queued, throttles: true, maximumConcurrency: 3, batchSize: 1 });
  rig.notify(0, 1);
  await expect.poll(() => rig.factsOf('throttled').length, { interval: 1 }).toBe(1);
  expect(release).toHaveLength(1);
  release[0]!();
  await rig.settled();
  rig.clock.skipTo(rig.clock.nextDueMs()!);
  await expect.poll(() => release.length, { interval: 1 }).toBe(2);
  release[1]!();
  await rig.finished();
  expect(rig.factsOf('invocation').map(({ deliveries }) => deliveries)).toEqual([[1], [2]]);
});
