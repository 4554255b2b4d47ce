// Faults of events: what they do to S3's events, exactly as often as planned, and the same for one seed.

import { expect, test } from 'vitest';

import type { EventFaultConfig } from '../../src/triggers/faults/index.ts';
import { invoked, keysOf, openTriggerRig, succeeded, type TriggerRig, type TriggerRigOptions } from './rig.ts';

const all = Array.from({ length: 20 }, (_, index) => index);

/** The events of 20 objects, with this fault. */
async function run(fault: EventFaultConfig, options: TriggerRigOptions = {}): Promise<TriggerRig> {
  const rig = await openTriggerRig(() => succeeded, { objectCount: 20, eventFaults: [fault], ...options });
  rig.notify(...all);
  await rig.finished();
  return rig;
}

const payloads = (rig: TriggerRig): Record<string, unknown>[] =>
  rig.events.map(({ payload }) => payload as Record<string, unknown>);

const flat = (lists: readonly (readonly number[])[]): number[] => lists.flat();

test('a duplicate is the same event once more, told as another delivery of it', async () => {
  await using rig = await run({ kind: 'event.duplicate', share: 0.25, copies: 2 });
  const struck = rig.factsOf('fault').map(({ objects }) => objects![0]!);
  expect(struck).toHaveLength(5);
  expect(rig.events).toHaveLength(30);
  for (const object of struck) {
    const facts = rig.factsOf('invocation').filter(({ objects }) => objects[0] === object);
    expect(facts.map(({ eventDelivery }) => eventDelivery)).toEqual([1, 2, 3]);
    expect(new Set(facts.map(({ requestId }) => requestId)).size).toBe(3);
    const texts = payloads(rig).filter((payload) => keysOf(payload)[0] === `k${object}`);
    expect(new Set(texts.map((payload) => JSON.stringify(payload))).size).toBe(1);
  }
});

test('two faults of duplicates are planned each by itself, over first deliveries', async () => {
  const twice: EventFaultConfig[] = [
    { kind: 'event.duplicate', share: 0.5 },
    { kind: 'event.duplicate', share: 0.5 },
  ];
  await using rig = await run(twice[0]!, { eventFaults: twice });
  expect(rig.factsOf('fault')).toHaveLength(20);
});

test('a duplicate may come later', async () => {
  await using rig = await run({ kind: 'event.duplicate', nth: 3, afterMs: 60_000 });
  expect(flat(invoked(rig.facts))).toEqual([...all, 2]);
  const [first, second] = rig.factsOf('notified').filter(({ objects }) => objects[0] === 2);
  expect(Math.round((second!.sentMs - first!.sentMs) / 1000)).toBe(60);
});

test('events come in another order, all of them, and the same for one seed', async () => {
  const order = async (seed: number): Promise<number[]> => {
    await using rig = await run({ kind: 'event.shuffle', window: 8 }, { seed });
    const moved = rig.factsOf('fault').map(({ objects }) => objects![0]!);
    const came = flat(invoked(rig.facts));
    expect(moved).toEqual(came.filter((object, place) => object !== place));
    return came;
  };
  const came = await order(1);
  expect(came).not.toEqual(all);
  expect(came.toSorted((a, b) => a - b)).toEqual(all);
  expect(Math.max(...came.slice(0, 8))).toBe(7);
  expect(await order(1)).toEqual(came);
  expect(await order(2)).not.toEqual(came);
});

test('an event that is held back is overtaken', async () => {
  await using rig = await run({ kind: 'event.delay', nth: 1, durationMs: 3_600_000 });
  expect(flat(invoked(rig.facts))).toEqual([...all.slice(1), 0]);
  expect(rig.factsOf('fault')).toMatchObject([{ objects: [0] }]);
});

test('several objects stand in one event, the last one with what is left', async () => {
  await using rig = await run({ kind: 'event.several', records: 6 });
  expect(invoked(rig.facts).map((objects) => objects.length)).toEqual([6, 6, 6, 2]);
  expect(payloads(rig).flatMap(keysOf)).toEqual(all.map((index) => `k${index}`));
});

test('faults work on one another: duplicates are planned over the events that several objects share', async () => {
  const several: EventFaultConfig = { kind: 'event.several', records: 5 };
  const duplicate: EventFaultConfig = { kind: 'event.duplicate', share: 0.5 };
  await using rig = await run(duplicate, { eventFaults: [duplicate, several] });
  expect(rig.events).toHaveLength(6);
  expect(rig.factsOf('fault').filter(({ kind }) => kind === 'event.duplicate')).toHaveLength(2);
});

test('an event may have another version', async () => {
  await using rig = await run({ kind: 'event.version', version: '2.6', nth: 1 });
  const versions = payloads(rig).map((payload) => (payload['Records'] as [{ eventVersion: string }])[0].eventVersion);
  expect(versions).toEqual(['2.6', ...all.slice(1).map(() => '2.1')]);
});

test('an event of another type follows the object’s own, and announces nothing', async () => {
  await using rig = await run({ kind: 'event.type', name: 'ObjectRemoved:Delete', nth: 2 });
  expect(invoked(rig.facts).slice(0, 4)).toEqual([[0], [1], [], [2]]);
  const [created, removed] = [payloads(rig)[1], payloads(rig)[2]].map(
    (payload) => (payload!['Records'] as [{ eventName: string; s3: { object: Record<string, string> } }])[0],
  );
  expect(removed!.eventName).toBe('ObjectRemoved:Delete');
  expect(removed!.s3.object).toEqual({ key: 'k1', sequencer: expect.any(String) as string });
  expect(removed!.s3.object['sequencer']! > created!.s3.object['sequencer']!).toBe(true);
});

test.each([
  ['deleted', 'before', [[0], [], [1]], ['k0', 'k1-deleted', 'k1']],
  ['overwritten', 'behind', [[0], [1], []], ['k0', 'k1', 'k1']],
])(
  'an event of an object that was %s since comes %s its own, is older, and announces nothing',
  async (object, comes, told, keys) => {
    await using rig = await run({ kind: 'event.outdated', object, comes, nth: 2 });
    expect(invoked(rig.facts).slice(0, 3)).toEqual(told);
    expect(payloads(rig).slice(0, 3).flatMap(keysOf)).toEqual(keys);
    const at = comes === 'before' ? 1 : 2;
    const [older, own] = [payloads(rig)[at], payloads(rig)[3 - at]].map(
      (payload) => (payload!['Records'] as [{ s3: { object: Record<string, string> } }])[0].s3.object,
    );
    expect(own!['eTag']).toBe('e');
    expect(older!['eTag']).not.toBe('e');
    expect(older!['sequencer']! < own!['sequencer']!).toBe(true);
  },
);

test.each([
  ['event.test', 's3-event', { Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'b', RequestId: 'r', HostId: 'h' }],
  ['event.console-test', 's3-event', { Records: [{ awsRegion: 'us-east-1', eventTime: '1970-01-01T00:00:00.000Z' }] }],
])('%s comes once, before the first event, and announces nothing', async (kind, trigger, expected) => {
  await using rig = await run({ kind }, { kind: trigger });
  expect(invoked(rig.facts)).toEqual([[], ...all.map((index) => [index])]);
  expect(payloads(rig)[0]).toMatchObject(expected);
  expect(rig.factsOf('fault')).toMatchObject([{ kind, objects: [] }]);
});

test('SNS’s request to confirm a subscription lies in the queue as it is', async () => {
  for (const raw of [true, false]) {
    await using rig = await run({ kind: 'event.subscription-confirmation' }, { kind: 'sns-sqs', batchSize: 1, raw });
    const { body } = (payloads(rig)[0]!['Records'] as [{ body: string }])[0];
    expect(JSON.parse(body)).toMatchObject({
      Type: 'SubscriptionConfirmation',
      TopicArn: 'arn:aws:sns:eu-west-1:123456789012:flow-logs',
      SubscribeURL: expect.stringContaining('Action=ConfirmSubscription') as string,
    });
  }
});
