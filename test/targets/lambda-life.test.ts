// The life of sandboxes: frozen between events, several at once, surrounded by an environment of their own, gone in the end.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { openClock } from '../../src/core/clock.ts';
import { findCgroups } from '../../src/lambda/cgroups.ts';
import { openTestTarget, writeCode } from './open-test-target.ts';

/** `T` is a stopped process (proc(5)). */
const stateOf = (pid: number): string => readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]![0]!;
const hasProc = existsSync('/proc/self/stat');
const isVersion1 = findCgroups()?.version === 'cgroup v1';

/** Accepts connections: when a process ends, however it ends, its connection closes. */
async function openListener(): Promise<AsyncDisposable & { port: number; connection: Promise<Socket> }> {
  const server = createServer();
  const connection = once(server, 'connection').then(([socket]) => socket as Socket);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    connection,
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, 'close');
    },
  };
}

test.runIf(hasProc)('a sandbox is frozen with all its processes between events, and runs on at the next', async () => {
  await using opened = await openTestTarget(`
    import { spawn } from 'node:child_process';
    const child = spawn('sleep', ['60']);
    // In a session of its own: only a control group still has it. What version 2 freezes is not stopped in the words of procfs.
    const detached = spawn('sleep', ['60'], { detached: true });
    let ticks = 0;
    setInterval(() => ticks++, 1);
    export const handler = async () => {
      const before = ticks;
      while (ticks === before) await new Promise((done) => setTimeout(done, 1));
      return [process.pid, child.pid, ...(${isVersion1} ? [detached.pid] : [])];
    };`);
  const { payload } = (await opened.outcome()) as { payload: number[] };
  const frozen = payload.map(() => 'T');
  await expect.poll(() => payload.map(stateOf)).toEqual(frozen);
  expect(opened.target.runningCount()).toBe(0);
  const again = opened.outcome();
  expect(opened.target.runningCount()).toBe(1);
  expect(await again).toEqual({ status: 'succeeded', payload });
  await expect.poll(() => payload.map(stateOf)).toEqual(frozen);
});

test('as many events run at once as the concurrency says, and the others follow in order', async () => {
  await using opened = await openTestTarget(
    `export const handler = async ({ i }) => { console.log('event', i); return [process.pid, i]; };`,
    { concurrency: 2 },
  );
  const invocations = Array.from({ length: 9 }, (_, i) => opened.outcome({ i }));
  expect(opened.target.runningCount()).toBe(2);
  const payloads = (await Promise.all(invocations)).map(
    (outcome) => (outcome as { payload: [number, number] }).payload,
  );
  expect(payloads.map(([, i]) => i)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  expect(new Set(payloads.map(([pid]) => pid)).size).toBe(2);
  const started = [...opened.log().matchAll(/START RequestId: id-(\d)/g)].map(([, id]) => Number(id));
  expect(started).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test('the environment is made and not inherited, and the variables of the user come over it', async () => {
  process.env['FLOWRIG_TEST_INHERITED'] = 'yes';
  await using opened = await openTestTarget(`export const handler = async () => process.env;`, {
    env: { OWN: 'mine', AWS_REGION: 'us-west-2', _HANDLER: 'index.other' },
    runtime: 'nodejs20.x',
    memoryBytes: 256 * 1024 ** 2,
  });
  const { payload } = (await opened.outcome()) as { payload: Record<string, string> };
  // Some shells leave these two behind.
  const { SHLVL: _level, _: _command, ...variables } = payload;
  const { PATH, HOME, TMPDIR, NODE_PATH, LAMBDA_TASK_ROOT, LAMBDA_RUNTIME_DIR, ...rest } = variables;
  expect([HOME, TMPDIR]).toEqual(['home', 'tmp'].map((name) => join(opened.folder, 'sandboxes', 'sandbox-1', name)));
  expect([PATH, NODE_PATH, LAMBDA_RUNTIME_DIR]).toEqual([
    expect.stringMatching(/^\/.*:\/usr\/local\/bin:\/usr\/bin:\/bin$/),
    LAMBDA_TASK_ROOT,
    expect.stringMatching(/src\/lambda\/runtimes$/),
  ]);
  expect(rest).toEqual({
    PWD: LAMBDA_TASK_ROOT,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    AWS_CONFIG_FILE: `${HOME}/.aws/config`,
    AWS_SHARED_CREDENTIALS_FILE: `${HOME}/.aws/credentials`,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ACCESS_KEY_ID: 'id',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: 'flowrig-session-token',
    AWS_REGION: 'us-west-2',
    AWS_DEFAULT_REGION: 'eu-west-1',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
    AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x',
    OWN: 'mine',
    AWS_LAMBDA_FUNCTION_NAME: 'forwarder',
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/forwarder',
    AWS_LAMBDA_LOG_STREAM_NAME: expect.stringContaining('[$LATEST]') as string,
    AWS_LAMBDA_RUNTIME_API: expect.stringMatching(/^127\.0\.0\.1:\d+$/) as string,
    _HANDLER: 'index.handler',
    _X_AMZN_TRACE_ID: expect.stringMatching(
      /^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/,
    ) as string,
  });
  delete process.env['FLOWRIG_TEST_INHERITED'];
});

test('where the rig has skipped time, the function has all of its own, by the machine’s clock', async () => {
  const clock = openClock();
  clock.skipTo(clock.nowMs() + 86_400_000);
  await using opened = await openTestTarget(
    `export const handler = async (event, context) => [Date.now(), context.getRemainingTimeInMillis()];`,
    { clock },
  );
  const beforeMs = Date.now();
  const { outcome, startedMs } = await opened.invoke();
  const [seenMs, leftMs] = (outcome as { payload: [number, number] }).payload;
  expect(seenMs).toBeGreaterThanOrEqual(beforeMs);
  expect(seenMs).toBeLessThanOrEqual(Date.now());
  expect(leftMs).toBeGreaterThan(0);
  expect(leftMs).toBeLessThanOrEqual(20_000);
  expect(startedMs).toBeGreaterThan(beforeMs + 86_000_000);
});

test('a target that closes leaves its log and nothing else, and knows what it used', async () => {
  await using listener = await openListener();
  const opened = await openTestTarget(`
    import { connect } from 'node:net';
    import { writeFileSync } from 'node:fs';
    writeFileSync(process.env.TMPDIR + '/left', 'x');
    export const handler = async ({ port }) => {
      while (process.cpuUsage().user + process.cpuUsage().system < 150_000);
      connect(port, '127.0.0.1');
    };`);
  await using _ = opened;
  expect(await opened.outcome({ port: listener.port })).toEqual({ status: 'succeeded', payload: null });
  const socket = await listener.connection;
  const closed = once(socket.on('error', () => undefined).resume(), 'close');
  await opened.target[Symbol.asyncDispose]();
  await closed;
  expect(readdirSync(opened.folder)).toEqual(['target.log']);
  const { cpuS, rssPeakBytes } = opened.target.resources()!;
  expect(cpuS).toBeGreaterThanOrEqual(0.1);
  expect(rssPeakBytes).toBeGreaterThan(20 * 1024 ** 2);
});

test('a frozen sandbox does not outlive a rig that is killed', async () => {
  await using listener = await openListener();
  const fixture = join(import.meta.dirname, 'open-test-target.ts');
  using written = writeCode({
    'rig.ts': `import { openTestTarget } from ${JSON.stringify(fixture)};
      const opened = await openTestTarget(\`
        import { connect } from 'node:net';
        import { once } from 'node:events';
        const socket = connect(${listener.port}, '127.0.0.1');
        await once(socket, 'connect');
        export const handler = async () => 1;\`);
      await opened.outcome();
      console.log('frozen');
      setInterval(() => undefined, 1000);`,
  });
  const rig = spawn(process.execPath, [join(written.folder, 'rig.ts')], { stdio: ['ignore', 'pipe', 'inherit'] });
  const socket = await listener.connection;
  const closed = once(socket.on('error', () => undefined).resume(), 'close');
  await once(rig.stdout, 'data');
  rig.kill('SIGKILL');
  await closed;
});
