// Asynchronous invocation as Lambda has it: order, retries on the rig's clock, and what is left of an event that keeps failing.

import { expect, test } from 'vitest';

import type { InvocationOutcome, RunFact } from '../../src/core/model/invocation.ts';
import type { TargetEvent } from '../../src/core/model/trigger.ts';
import { failed, keysOf, openTriggerRig as openRig, succeeded } from './rig.ts';

const keyOf = ({ payload }: TargetEvent): string => keysOf(payload)[0]!;

const invocationsOf = (facts: RunFact[]): RunFact[] => facts.filter(({ type }) => type === 'invocation');

test('an object becomes an event, and its success a fact', async () => {
  await using rig = await openRig(() => succeeded);
  rig.notify(7);
  expect(rig.trigger.pendingCount()).toBe(1);
  await rig.settled();
  expect(rig.trigger.pendingCount()).toBe(0);
  const { requestId } = rig.events[0]!;
  expect(requestId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  const number = expect.any(Number) as number;
  expect(rig.facts).toEqual([
    { type: 'notified', objects: [7], sentMs: number, eventDelivery: 1 },
    {
      type: 'invocation',
      requestId,
      objects: [7],
      attempt: 1,
      eventDelivery: 1,
      startedMs: number,
      endedMs: number,
      status: 'succeeded',
      cold: true,
    },
  ]);
});

test('events start in order, as many at once as the target takes', async () => {
  const release: (() => void)[] = [];
  let [running, most] = [0, 0];
  await using rig = await openRig(
    async () => {
      most = Math.max(most, ++running);
      await new Promise<void>((resolve) => release.push(resolve));
      running--;
      return succeeded;
    },
    { concurrency: 3 },
  );
  for (let index = 0; index < 8; index++) rig.notify(index);
  expect([rig.events.length, rig.trigger.pendingCount(), rig.trigger.waitingCount()]).toEqual([3, 8, 0]);
  for (let index = 0; index < 8; index++) {
    await expect.poll(() => release.length, { interval: 1 }).toBeGreaterThan(index);
    release[index]!();
  }
  await rig.settled();
  expect(rig.events.map(keyOf)).toEqual(['k0', 'k1', 'k2', 'k3', 'k4', 'k5', 'k6', 'k7']);
  expect(most).toBe(3);
});

test('a failed event is tried again after 1 minute and after 2, with the same id, and then dead-lettered', async () => {
  await using rig = await openRig(() => failed);
  rig.notify(0);
  await rig.settled();
  const waits: number[] = [];
  for (let retry = 0; retry < 2; retry++) {
    expect([rig.trigger.pendingCount(), rig.trigger.waitingCount()]).toEqual([1, 1]);
    const { endedMs } = invocationsOf(rig.facts).at(-1) as { endedMs: number };
    waits.push(Math.floor((rig.clock.nextDueMs()! - endedMs) / 1000));
    rig.clock.skipTo(rig.clock.nextDueMs()!);
    await expect.poll(() => rig.events.length, { interval: 1 }).toBe(retry + 2);
    await rig.settled();
  }
  expect(waits).toEqual([60, 120]);
  expect(rig.trigger.pendingCount()).toBe(0);
  expect(new Set(rig.events.map(({ requestId }) => requestId)).size).toBe(1);
  expect(new Set(rig.events.map(({ payload }) => JSON.stringify(payload))).size).toBe(1);
  const details = { objects: [0], status: 'failed', errorType: 'Error', message: 'no', lastOutput: 'out' };
  expect(rig.facts.slice(1)).toMatchObject([
    { type: 'invocation', attempt: 1, ...details },
    { type: 'invocation', attempt: 2, ...details },
    { type: 'invocation', attempt: 3, ...details },
    { type: 'dead-lettered', objects: [0], condition: 'RetriesExhausted' },
  ]);
});

test.each(['timed-out', 'out-of-memory'] as const)('an event that ended as %s is tried again too', async (status) => {
  let attempts = 0;
  await using rig = await openRig(() => (++attempts === 1 ? { status, message: 'gone' } : succeeded));
  rig.notify(0);
  await rig.settled();
  rig.clock.skipTo(rig.clock.nextDueMs()!);
  await expect.poll(() => rig.trigger.pendingCount(), { interval: 1 }).toBe(0);
  expect(invocationsOf(rig.facts)).toMatchObject([
    { status, message: 'gone', attempt: 1 },
    { status: 'succeeded', attempt: 2 },
  ]);
});

test('an event that waits for its retry holds no other up', async () => {
  await using rig = await openRig((event) => (keyOf(event) === 'k0' ? failed : succeeded));
  rig.notify(0);
  rig.notify(1);
  await rig.settled();
  expect(rig.events.map(keyOf)).toEqual(['k0', 'k1']);
  expect(rig.trigger.waitingCount()).toBe(1);
});

test('without retries the first failure is the last', async () => {
  await using rig = await openRig(() => failed, { retries: 0 });
  rig.notify(0);
  await rig.settled();
  expect(rig.facts.map(({ type }) => type)).toEqual(['notified', 'invocation', 'dead-lettered']);
});

test('an interrupted run ends what runs and what waits, and dead-letters nothing', async () => {
  const closing = new AbortController();
  const interrupted = (signal: AbortSignal): Promise<InvocationOutcome> =>
    new Promise((resolve) => signal.addEventListener('abort', () => resolve(failed)));
  await using rig = await openRig((event, signal) => (keyOf(event) === 'k0' ? failed : interrupted(signal)), {
    signal: closing.signal,
  });
  for (let index = 0; index < 3; index++) rig.notify(index);
  await expect.poll(() => rig.trigger.waitingCount(), { interval: 1 }).toBe(1);
  closing.abort();
  await rig.trigger[Symbol.asyncDispose]();
  expect(rig.facts.map(({ type }) => type)).toEqual(['notified', 'notified', 'notified', 'invocation', 'invocation']);
});

test('the same seed gives the same request ids', async () => {
  const ids = async (): Promise<string[]> => {
    await using rig = await openRig(() => succeeded);
    for (let index = 0; index < 3; index++) rig.notify(index);
    await rig.settled();
    return rig.events.map(({ requestId }) => requestId);
  };
  expect(await ids()).toEqual(await ids());
});
