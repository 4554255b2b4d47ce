// What asynchronous invocation does when Lambda has no room, when an event grows old, and with what is left of it (Lambda guide, "How
// Lambda handles errors and retries with asynchronous invocation").

import { expect, test } from 'vitest';

import type { PlannedInvocationFault } from '../../src/triggers/invocation-faults.ts';
import { answeredOnRelease, failed, invoked, openTriggerRig, succeeded } from './rig.ts';

function throttle(selection: PlannedInvocationFault['selection'] = {}): PlannedInvocationFault {
  return { kind: 'lambda.throttle', selection, effect: { throttles: true } };
}

test('a throttled event comes back after 1 s, then after twice as long each time up to 5 minutes', async () => {
  await using rig = await openTriggerRig(() => succeeded, {
    invocationFaults: [throttle({ forMs: 20 * 60_000 })],
  });
  rig.notify(0);
  await rig.finished();
  const times = [...rig.factsOf('throttled').map(({ atMs }) => atMs), rig.factsOf('invocation')[0]!.startedMs];
  const waits = times.slice(1).map((atMs, index) => Math.round((atMs - times[index]!) / 1000));
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
  expect(rig.factsOf('invocation')).toMatchObject([{ attempt: 1, status: 'succeeded' }]);
});

test('an event that is throttled for six hours is too old, and is dead-lettered without an attempt', async () => {
  await using rig = await openTriggerRig(() => succeeded, { invocationFaults: [throttle()] });
  rig.notify(0);
  await rig.finished();
  expect(invoked(rig.facts)).toEqual([]);
  const [dead] = rig.factsOf('dead-lettered');
  expect(dead).toMatchObject({ objects: [0], condition: 'EventAgeExceeded' });
  const [sent] = rig.factsOf('notified');
  expect(Math.round((dead!.atMs - sent!.sentMs) / 60_000)).toBe(360);
});

test('a maximum event age cuts the retries short', async () => {
  await using rig = await openTriggerRig(() => failed, { maximumEventAgeMs: 90_000 });
  rig.notify(0);
  await rig.finished();
  expect(rig.factsOf('invocation').map(({ attempt }) => attempt)).toEqual([1, 2]);
  expect(rig.factsOf('dead-lettered')).toMatchObject([{ condition: 'EventAgeExceeded' }]);
});

test('a dead-letter queue holds the event as it was, and says why in attributes', async () => {
  const message = 'no '.repeat(1000);
  await using rig = await openTriggerRig(() => ({ status: 'failed', errorType: 'Error', message }), { retries: 0 });
  rig.notify(0);
  await rig.finished();
  const { requestId, payload } = rig.events[0]!;
  expect(rig.queues.deadLetters.bodies).toEqual([JSON.stringify(payload)]);
  const [received] = rig.queues.deadLetters.receive(1);
  expect(received!.message.attributes).toEqual({
    RequestID: { DataType: 'String', StringValue: requestId },
    ErrorCode: { DataType: 'Number', StringValue: '200' },
    ErrorMessage: { DataType: 'String', StringValue: message.slice(0, 1024) },
  });
});

test('an on-failure destination gets the record of the invocation', async () => {
  await using rig = await openTriggerRig(() => failed, { onFailure: 'destination' });
  rig.notify(0);
  await rig.finished();
  const { requestId, payload } = rig.events[0]!;
  expect(rig.queues.deadLetters.bodies.map((text) => JSON.parse(text) as unknown)).toEqual([
    {
      version: '1.0',
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      requestContext: {
        requestId,
        functionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:forwarder:$LATEST',
        condition: 'RetriesExhausted',
        approximateInvokeCount: 3,
      },
      requestPayload: payload,
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: { errorMessage: 'no', errorType: 'Error' },
    },
  ]);
});

test('without either the event is gone', async () => {
  await using rig = await openTriggerRig(() => failed, { onFailure: 'discard', retries: 0 });
  rig.notify(0);
  await rig.finished();
  expect(rig.factsOf('discarded')).toMatchObject([{ objects: [0], condition: 'RetriesExhausted' }]);
  expect([rig.factsOf('dead-lettered'), rig.queues.deadLetters.bodies]).toEqual([[], []]);
});

test('a reserved concurrency throttles what it has no room for', async () => {
  const { answer, release } = answeredOnRelease();
  await using rig = await openTriggerRig(answer, { throttles: true });
  rig.notify(0, 1);
  expect(rig.factsOf('throttled')).toMatchObject([{ objects: [1] }]);
  release[0]!();
  await rig.settled();
  rig.clock.skipTo(rig.clock.nextDueMs()!);
  await expect.poll(() => release.length, { interval: 1 }).toBe(2);
  release[1]!();
  await rig.finished();
  expect(invoked(rig.facts)).toEqual([[0], [1]]);
});
