// Images of Lambda functions, on the rig's Runtime API: AWS's client for Python behind an entry point like that of AWS's images, and a
// bootstrap of its own. They meet the same outcomes, limits and freezing as functions that need no container.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { openClock } from '../../src/core/clock.ts';
import type { InvocationOutcome } from '../../src/core/model/invocation.ts';
import type { Target } from '../../src/core/model/trigger.ts';
import { randomSource } from '../../src/core/random.ts';
import { openScope } from '../../src/core/scope.ts';
import { openWatchdog } from '../../src/lambda/watchdog.ts';
import { openContainerFunction, type ContainerFunctionOptions } from '../../src/targets/container-function.ts';
import { testFolder } from '../cli/test-host.ts';
import { targetContract } from '../contract/target-suite.ts';
import { functionImages } from './images.ts';
import { docker, images, needsDocker } from './with-docker.ts';

needsDocker();

interface Opened extends AsyncDisposable {
  readonly target: Target;
  outcome(payload?: object): Promise<InvocationOutcome>;
  log(): string;
}

/** Whether there is the image that the tests of outcomes need. */
const lacksPython = images.python === undefined;

async function open(over: Partial<ContainerFunctionOptions> = {}): Promise<Opened> {
  const scope = openScope();
  const folder = scope.use(testFolder());
  folder.write('ca.pem', 'no certificate');
  const options = {
    image: functionImages.python,
    memoryBytes: 128 * 1024 ** 2,
    timeoutMs: 10_000,
    concurrency: 1,
    throttles: false,
    cpu: 'full' as const,
    env: { MINE: '1' },
    caFile: join(folder.path, 'ca.pem'),
    folder: folder.path,
    address: { endpoint: 'http://s3.invalid', region: 'eu-west-1', accessKeyId: 'id', secretAccessKey: 'secret' },
    clock: openClock(),
    random: randomSource(1),
    watchdog: scope.use(openWatchdog()),
    ...over,
  };
  const target = scope.use(await openContainerFunction(options));
  let count = 0;
  return {
    target,
    outcome: async (payload = {}) => {
      const event = { requestId: `id-${++count}`, payload };
      return (await target.invoke(event, new AbortController().signal)).outcome;
    },
    log: () => readFileSync(join(folder.path, 'target.log'), 'utf8'),
    [Symbol.asyncDispose]: () => scope[Symbol.asyncDispose](),
  };
}

const killed = (id: string): string => `RequestId: ${id} Error: Runtime exited with error: signal: killed`;

test.skipIf(lacksPython)('AWS’s client for Python meets in an image what it meets on Lambda', async () => {
  await using opened = await open();
  expect(await opened.outcome({ do: 'look' })).toMatchObject({
    status: 'succeeded',
    payload: {
      code: 'read-only',
      handler: 'lambda_function.lambda_handler',
      memory: '128',
      mine: '1',
      arn: 'arn:aws:lambda:eu-west-1:123456789012:function:forwarder',
    },
  });
  expect(await opened.outcome({ do: 'fail' })).toMatchObject({
    status: 'failed',
    errorType: 'ValueError',
    message: 'too far',
    lastOutput: expect.stringContaining('asked to fail') as string,
  });
  expect(await opened.outcome()).toMatchObject({ status: 'succeeded', payload: [3, expect.any(Number)] });
  expect(await opened.outcome({ do: 'exit' })).toMatchObject({
    status: 'failed',
    errorType: 'Runtime.ExitError',
    message: 'RequestId: id-4 Error: Runtime exited with error: exit status 3',
  });
  // In a new container.
  expect(await opened.outcome()).toMatchObject({ status: 'succeeded', payload: [1, expect.any(Number)] });
  expect(await opened.outcome({ do: 'big' })).toMatchObject({ errorType: 'Function.ResponseSizeTooLarge' });
  expect(opened.log()).toMatch(
    /REPORT RequestId: id-1\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\tMax Memory Used: [1-9]\d* MB\tInit Duration: [\d.]+ ms/,
  );
  expect(opened.target.resources()!.cpuS).toBeGreaterThan(0);
});

test.skipIf(lacksPython)('an image’s function has its time and its memory, and no more', async () => {
  await using opened = await open({ timeoutMs: 2000 });
  expect(await opened.outcome({ do: 'hang' })).toMatchObject({
    status: 'timed-out',
    message: 'id-1 Task timed out after 2.00 seconds',
  });
  expect(await opened.outcome({ do: 'grow' })).toMatchObject({ status: 'out-of-memory', message: killed('id-2') });
  // Not what grew alone is killed, but all of it.
  expect(await opened.outcome({ do: 'child' })).toMatchObject({ status: 'out-of-memory', message: killed('id-3') });
  expect(await opened.outcome()).toMatchObject({ status: 'succeeded' });
  expect(opened.target.resources()!.rssPeakBytes).toBeGreaterThanOrEqual(128 * 1024 ** 2);
  expect(opened.target.limits!.memory).toMatch(/^cgroup v[12]$/);
});

test.skipIf(lacksPython)('a container stands still between its invocations, and goes with the target', async () => {
  const opened = await open({ cpu: 'share' });
  const ticks = async (): Promise<number> => {
    const outcome = await opened.outcome();
    return outcome.status === 'succeeded' ? (outcome.payload as [number, number])[1] : NaN;
  };
  const before = await ticks();
  const { stdout } = await docker(['ps', '--quiet', '--filter', `ancestor=${functionImages.python}`]);
  const paused = await docker(['inspect', '--format', '{{.State.Status}} {{.HostConfig.CpuQuota}}', stdout.trim()]);
  // 128 of 1,769 MB, in a period of 20 ms.
  expect(paused.stdout.trim()).toBe('paused 1447');
  await openClock().machineSleep(1500);
  // 150 where it runs on.
  expect((await ticks()) - before).toBeLessThan(75);
  await opened[Symbol.asyncDispose]();
  expect((await docker(['ps', '--all', '--quiet', '--filter', `ancestor=${functionImages.python}`])).stdout).toBe('');
});

test('the extensions that an image brings are started, hear of each invocation and of the end, and end the sandbox when they end', async () => {
  const opened = await open({ image: functionImages.node });
  expect(await opened.outcome({ Records: [] })).toEqual({ status: 'succeeded', payload: null });
  expect(await opened.outcome({ Records: [] })).toEqual({ status: 'succeeded', payload: null });
  await opened.target[Symbol.asyncDispose]();
  expect(opened.log().match(/extension saw .*/g)).toEqual([
    'extension saw id-1',
    'extension saw id-2',
    'extension saw spindown',
  ]);
  await opened[Symbol.asyncDispose]();
  await using dying = await open({ image: functionImages.node, env: { WATCHER_DIES: '1' } });
  expect(await dying.outcome({ Records: [] })).toMatchObject({
    status: 'failed',
    errorType: 'Extension.Crash',
    message: 'RequestId: id-1 Error: exit status 7',
  });
});

test('what a container says before it ends is told, and so is what Docker says of one that cannot be started', async () => {
  await using lacksCode = await open({ image: functionImages.node, command: ['none.handler'] });
  expect(await lacksCode.outcome()).toMatchObject({
    status: 'failed',
    errorType: 'Runtime.ExitError',
    lastOutput: expect.stringMatching(/none\.mjs/) as string,
  });
  await using lacksProgram = await open({ image: images.node, command: ['/no/such/program'] });
  expect(await lacksProgram.outcome()).toMatchObject({
    message: 'RequestId: id-1 Error: Runtime exited with error: exit status 127',
    lastOutput: expect.stringMatching(/no such file or directory/) as string,
  });
  await expect(open({ image: '127.0.0.1:9/no/such:image' })).rejects.toThrow(/^target\.image: .* is not to be had: /);
});

targetContract('container', {
  scenario: {
    target: {
      kind: 'container',
      image: functionImages.node,
      lambda: { memory: '256MB', timeout: '30s', concurrency: 2 },
      env: { SIGNOZ_JSON_URL: '${sink.jsonUrl}', SIGNOZ_KEY: '${sink.key}' },
    },
  },
  isInvoked: true,
  isMeasured: true,
});
