// What a store itself notifies, handed on: which object a message is about, and what is awaited. A store that writes what a test says
// stands in for LocalStack.

import { expect, test } from 'vitest';

import { testFolder } from '../cli/test-host.ts';
import { openClock } from '../../src/core/clock.ts';
import type { RunFact } from '../../src/core/model/invocation.ts';
import { Queue } from '../../src/triggers/queue/queue.ts';
import type { Announced } from '../../src/triggers/event-source-mapping.ts';
import { openRelay } from '../../src/triggers/relay.ts';

const stored = { bucket: 'b', sizeBytes: 1, etag: 'e', storedMs: 0, requestId: 'r', hostId: 'h' };

function openRig() {
  const clock = openClock();
  const queue = new Queue<Announced>({ name: 'q', clock, newId: () => 'id', visibilityMs: 30_000 });
  const facts: RunFact[] = [];
  const waiting: ((bodies: string[]) => void)[] = [];
  const closing = new AbortController();
  const relay = openRelay({
    queue,
    clock,
    objectCount: 2,
    report: (fact) => void facts.push(fact),
    signal: closing.signal,
    notifications: {
      receive: () => new Promise((resolve) => void waiting.push(resolve)),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    },
  });
  const write = async (key: string): Promise<string> => {
    const body = JSON.stringify({ Records: [{ s3: { object: { key } } }] });
    await expect.poll(() => waiting.length, { interval: 1 }).toBe(1);
    waiting.pop()!([body]);
    await expect.poll(() => waiting.length, { interval: 1 }).toBe(1);
    return body;
  };
  return { relay, queue, facts, write, [Symbol.dispose]: () => closing.abort() };
}

test('each message goes on as it is, about the object whose key it holds, however that is encoded', async () => {
  using rig = openRig();
  rig.relay.announce({ ...stored, index: 0, key: 'a b+c' });
  rig.relay.announce({ ...stored, index: 1, key: 'plain' });
  expect([rig.relay.heldCount(), rig.relay.waitingCount()]).toEqual([2, 0]);
  const bodies = [await rig.write('a%20b%2Bc'), await rig.write('plain')];
  expect(rig.relay.heldCount()).toBe(0);
  const messages = rig.queue.receive(10).map(({ message }) => message);
  expect(messages.map(({ body }) => body)).toEqual(bodies);
  expect(messages.map(({ tag }) => tag)).toEqual([
    { place: 0, objects: [0], eventDelivery: 1 },
    { place: 1, objects: [1], eventDelivery: 1 },
  ]);
});

test('a message that is sooner than the answer to the PUT waits for it, and a second one is a copy', async () => {
  using rig = openRig();
  await rig.write('a+b');
  expect(rig.queue.counts.visible).toBe(0);
  rig.relay.announce({ ...stored, index: 1, key: 'a b' });
  expect([rig.queue.counts.visible, rig.relay.heldCount()]).toEqual([1, 0]);
  await rig.write('a+b');
  expect(rig.facts).toMatchObject([
    { type: 'notified', objects: [1], eventDelivery: 1 },
    { type: 'notified', objects: [1], eventDelivery: 2 },
  ]);
  expect(rig.relay.heldCount()).toBe(0);
});

test('only a store that sends notifications can be the trigger, and its events take no faults of ours', async () => {
  await using folder = testFolder();
  const file = folder.write(
    'own.yaml',
    'version: 1\ntrigger:\n  kind: store-sqs\nfaults:\n  - kind: event.duplicate\n',
  );
  const { exitCode, stderr } = await folder.flowrig('validate', 'own.yaml');
  expect(exitCode).toBe(3);
  expect(stderr).toContain(
    `${file}:3: trigger.kind: "store-sqs" hands on what the store itself sends, and a store of kind embedded`,
  );
  expect(stderr).toContain(`${file}:5: faults: event.duplicate works on events that the rig sends`);
});
