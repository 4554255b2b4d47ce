// What a fault does to one attempt: the sandbox dies with it, or is a new one.

import { expect, test } from 'vitest';

import type { InvocationFault, InvocationResult } from '../../src/core/model/trigger.ts';
import { openClock } from '../../src/core/clock.ts';
import { openInProcessTarget } from '../../src/targets/in-process.ts';
import { openTestTarget, type TestTarget } from './open-test-target.ts';

const never = new AbortController().signal;

function invoke({ target }: TestTarget, requestId: string, fault?: InvocationFault): Promise<InvocationResult> {
  return target.invoke({ requestId, payload: {}, ...(fault ? { fault } : {}) }, never);
}

const counting = `
  import { existsSync, writeFileSync } from 'node:fs';
  import { tmpdir } from 'node:os';
  let calls = 0;
  export const handler = async () => {
    const mark = tmpdir() + '/mark';
    const seen = existsSync(mark);
    writeFileSync(mark, '');
    console.log('call ' + ++calls);
    return { calls, seen };
  };`;

test('a sandbox that is killed when it answers has done its work, and the event fails', async () => {
  await using opened = await openTestTarget(counting);
  await invoke(opened, 'a');
  expect(await invoke(opened, 'b', { killAfterMs: Infinity })).toMatchObject({
    cold: false,
    outcome: {
      status: 'failed',
      errorType: 'Runtime.ExitError',
      message: 'RequestId: b Error: Runtime exited with error: signal: killed',
      lastOutput: expect.stringContaining('call 2') as string,
    },
  });
  expect(await invoke(opened, 'c')).toMatchObject({ cold: true, outcome: { payload: { calls: 1, seen: true } } });
});

test('one that is killed before does not come so far', async () => {
  await using opened = await openTestTarget(`
    export const handler = async () => {
      console.log('begun');
      await new Promise((resolve) => setTimeout(resolve, 60_000));
    };`);
  const { outcome } = await invoke(opened, 'a', { killAfterMs: 300 });
  expect(outcome).toMatchObject({ status: 'failed', lastOutput: expect.stringContaining('begun') as string });
});

test('the function’s own time limit comes first where it is shorter', async () => {
  await using opened = await openTestTarget(
    'export const handler = () => new Promise(() => setInterval(() => {}, 99));',
    {
      timeoutMs: 1000,
    },
  );
  expect((await invoke(opened, 'a', { killAfterMs: 60_000 })).outcome.status).toBe('timed-out');
});

test('a cold start in place of a warm one has neither memory nor temporary files of it', async () => {
  await using opened = await openTestTarget(counting);
  await invoke(opened, 'a');
  expect(await invoke(opened, 'b')).toMatchObject({ cold: false, outcome: { payload: { calls: 2, seen: true } } });
  expect(await invoke(opened, 'c', { cold: true })).toMatchObject({
    cold: true,
    outcome: { payload: { calls: 1, seen: false } },
  });
});

test('a handler in the rig’s own process cannot be killed, but its answer is lost', async () => {
  let calls = 0;
  const handler = async (): Promise<number> => ++calls;
  await using target = openInProcessTarget({ handler, concurrency: 1, clock: openClock() });
  const killed = await target.invoke({ requestId: 'a', payload: 1, fault: { killAfterMs: Infinity } }, never);
  expect([killed.outcome.status, calls]).toEqual(['failed', 1]);
});
