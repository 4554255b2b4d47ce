// Functions that break the rules: each is told as a failure, the rig stays up, and the next invocation works.

import { chmodSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { openTestTarget, writeCode, type TestTarget } from './open-test-target.ts';

/** A runtime of its own that does as its event says, without any of the care of AWS's clients. */
const bootstrap = `#!${process.execPath}
const base = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2018-06-01/runtime/';
const post = (path, body = '{}') => fetch(base + path, { method: 'POST', body }).then((answer) => answer.status);
process.on('SIGTERM', () => undefined);
let seen = [];
(async () => {
  for (;;) {
    const next = await fetch(base + 'invocation/next');
    const id = next.headers.get('lambda-runtime-aws-request-id');
    const { order } = await next.json();
    const respond = () => post('invocation/' + id + '/response', JSON.stringify(seen));
    if (order === 'answer twice') {
      await respond();
      seen = [await respond(), await post('invocation/' + id + '/error')];
    } else if (order === 'answer for another') {
      seen = [await post('invocation/somebody-else/response'), await post('invocation/somebody-else/error')];
      await respond();
    } else if (order === 'ask before the answer') {
      seen = [(await fetch(base + 'invocation/next')).status];
      await respond();
    } else if (order === 'call the wrong path') {
      seen = [await post('nothing'), await post('../../'), (await fetch(base + 'invocation/next', { method: 'DELETE' })).status];
      await respond();
    } else if (order === 'exit') {
      process.exit(0);
    } else if (order === 'exit after the answer') {
      await respond();
      process.exit(0);
    } else if (order === 'say nothing') {
      await new Promise(() => setInterval(() => undefined, 1000));
    } else await respond();
  }
})();
`;

async function openBootstrap(timeoutMs = 20_000): Promise<TestTarget> {
  const written = writeCode({ bootstrap });
  chmodSync(join(written.folder, 'bootstrap'), 0o755);
  const opened = await openTestTarget('', { code: written.folder, timeoutMs });
  return {
    ...opened,
    async [Symbol.asyncDispose]() {
      await opened[Symbol.asyncDispose]();
      written[Symbol.dispose]();
    },
  };
}

const succeeded = (payload: unknown): object => ({ status: 'succeeded', payload });

test('a second answer, an answer to another event and an early question are refused, and the first right answer holds', async () => {
  await using opened = await openBootstrap();
  expect(await opened.outcome({ order: 'answer twice' })).toEqual(succeeded([]));
  expect(await opened.outcome()).toEqual(succeeded([400, 400]));
  expect(await opened.outcome({ order: 'answer for another' })).toEqual(succeeded([400, 400]));
  expect(await opened.outcome({ order: 'ask before the answer' })).toEqual(succeeded([403]));
  expect(await opened.outcome({ order: 'call the wrong path' })).toEqual(succeeded([404, 404, 404]));
  expect(await opened.outcome()).toEqual(succeeded([404, 404, 404]));
});

test('a runtime that exits with 0 in the middle, or right after its answer, has failed', async () => {
  await using opened = await openBootstrap();
  const exited = {
    status: 'failed',
    errorType: 'Runtime.ExitError',
    message: expect.stringContaining('Runtime exited without providing a reason') as string,
  };
  expect(await opened.outcome({ order: 'exit' })).toMatchObject(exited);
  expect(await opened.outcome({ order: 'exit after the answer' })).toMatchObject(exited);
  expect(await opened.outcome()).toEqual(succeeded([]));
  expect(opened.log()).toContain('\tStatus: error\tError Type: Runtime.ExitError\t\n');
});

test('what says nothing for ever, and does not care for SIGTERM, ends at its time limit', async () => {
  await using opened = await openBootstrap(1500);
  expect(await opened.outcome({ order: 'say nothing' })).toEqual({
    status: 'timed-out',
    message: 'id-1 Task timed out after 1.50 seconds',
  });
  expect(await opened.outcome()).toEqual(succeeded([]));
  expect(opened.log()).toMatch(
    /\nid-1 Task timed out after 1\.50 seconds\nEND RequestId: id-1\nREPORT .*\tStatus: timeout\t\n/,
  );
});

test('a handler that logs a gigabyte is still served; what is kept of it is bounded, the rest is counted', async () => {
  await using opened = await openTestTarget(`
    import { writeSync } from 'node:fs';
    const chunk = Buffer.alloc(4 << 20, 'x');
    export const handler = async ({ mib = 0 }) => {
      for (let i = 0; i < mib; i += 4) writeSync(1, chunk);
      console.log('the last words');
      return mib;
    };`);
  expect(await opened.outcome({ mib: 1024 })).toEqual(succeeded(1024));
  expect(await opened.outcome()).toEqual(succeeded(0));
  expect(statSync(join(opened.folder, 'target.log')).size).toBeLessThan((256 << 20) + 2000);
  expect(opened.target.resources()!.logBytes).toBeGreaterThan(0.9 * 2 ** 30);
});

test('what an invocation used is told with it, and in sum', async () => {
  await using opened = await openTestTarget(`
    export const handler = async ({ burn }) => {
      const start = process.cpuUsage();
      while (burn && process.cpuUsage(start).user < 200_000);
    };`);
  const [first, second] = [await opened.invoke({}), await opened.invoke({ burn: true })];
  expect(second.usage!.cpuS).toBeGreaterThanOrEqual(0.15);
  expect(second.usage!.rssPeakBytes).toBeGreaterThan(10 * 1024 ** 2);
  const { cpuS, gbSeconds } = opened.target.resources()!;
  expect(first.usage!.cpuS + second.usage!.cpuS).toBeLessThanOrEqual(cpuS + 0.001);
  expect(gbSeconds).toBeCloseTo(((first.usage!.billedMs + second.usage!.billedMs) / 1000) * 0.5, 6);
});
