// Events through the trigger alone: from a stored object over S3's message and Lambda's queue to a target that answers at once, and
// back to the facts. Beside it the least that anyone would do: make the same message and await the same target in a plain loop.

import { openClock } from '../../../src/core/clock.ts';
import type { RunFact } from '../../../src/core/model/invocation.ts';
import type { InvocationResult, StoredObject, Target } from '../../../src/core/model/trigger.ts';
import { randomSource } from '../../../src/core/random.ts';
import { s3Message } from '../../../src/triggers/envelopes/s3-message.ts';
import { openTrigger } from '../../../src/triggers/open-trigger.ts';
import { openQueues } from '../../../src/triggers/queues.ts';
import type { Round, Row } from '../row.ts';

const eventCount = 200_000;

/** Objects come one by one, while others are worked on: so many are announced before the first of them must be done. */
const burst = 1000;

export const row: Row = {
  name: 'trigger-events',
  unit: 'events/s',
  baseline: 'the same messages to the same target in a plain loop',
  goal: { ours: 200_000 },
  run,
};

async function run(): Promise<Round> {
  const objects = Array.from({ length: eventCount }, (_, index) => objectOf(index));
  const target = newTarget();
  const oursMs = await throughTrigger(objects, target);
  const begin = performance.now();
  for (const stored of objects) {
    const record = { stored, eventName: 'ObjectCreated:Put', eventVersion: '2.1', sequencer: '0069601A25D0A4E3F1' };
    const payload = s3Message({ type: 'records', records: [record] }, 'us-east-1');
    await target.invoke({ requestId: stored.key, payload }, never);
  }
  const baselineMs = performance.now() - begin;
  return { ours: (eventCount / oursMs) * 1000, baseline: (eventCount / baselineMs) * 1000 };
}

async function throughTrigger(objects: readonly StoredObject[], target: Target): Promise<number> {
  const clock = openClock();
  const random = randomSource(1);
  const shared = { config: { kind: 's3-event' }, clock, random, region: 'us-east-1' };
  await using queues = await openQueues(shared);
  let [done, finish] = [0, (): void => undefined];
  await using trigger = openTrigger({
    ...shared,
    queues,
    target,
    startedMs: clock.nowMs(),
    report: ({ type }: RunFact) => {
      if (type === 'invocation' && ++done % burst === 0) finish();
    },
    objectCount: objects.length,
    eventFaults: [],
    invocationFaults: [],
    signal: never,
  });
  const begin = performance.now();
  for (let first = 0; first < objects.length; first += burst) {
    const finished = new Promise<void>((resolve) => (finish = resolve));
    for (const stored of objects.slice(first, first + burst)) trigger.notify(stored);
    await finished;
  }
  return performance.now() - begin;
}

const never = new AbortController().signal;

function newTarget(): Target {
  const result: InvocationResult = {
    outcome: { status: 'succeeded', payload: null },
    startedMs: 0,
    endedMs: 0,
    cold: false,
  };
  return {
    kind: 'none',
    drive: 'invoked',
    concurrency: 4,
    invoke: () => Promise.resolve(result),
    runningCount: () => 0,
    resources: () => undefined,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function objectOf(index: number): StoredObject {
  const key = `AWSLogs/123456789012/vpcflowlogs/us-east-1/2026/01/01/123456789012_vpcflowlogs_us-east-1_fl-1_20260101T0005Z_${index}.log.gz`;
  const ids = { requestId: 'D4M2F8DTSQVJRX7C', hostId: 'Zm9yd2FyZGVy' };
  return {
    index,
    bucket: 'flow-logs',
    key,
    sizeBytes: 9234,
    etag: '0cdef888',
    storedMs: 1_767_225_600_000 + index,
    ...ids,
  };
}
