// Any program as the target: how it is started, watched, started again and stopped.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { openClock } from '../../src/core/clock.ts';
import { openScope } from '../../src/core/scope.ts';
import type { Target } from '../../src/core/model/trigger.ts';
import { openWatchdog } from '../../src/lambda/watchdog.ts';
import { openCommandTarget, type CommandTargetOptions } from '../../src/targets/command.ts';
import { until } from '../e2e/rig-process.ts';
import { writeCode } from './open-test-target.ts';

interface CommandRig extends AsyncDisposable {
  readonly target: Target;
  /** The run's folder, and the one that the command runs in. */
  readonly folder: string;
  readonly cwd: string;
  log(): string;
}

/** Node with this program, in a folder of its own. */
async function openCommand(source: string, options: Partial<CommandTargetOptions> = {}): Promise<CommandRig> {
  await using scope = openScope();
  const code = writeCode({ 'program.mjs': source });
  const run = writeCode({});
  const watchdog = openWatchdog(run.folder);
  const kept = openScope();
  for (const resource of [code, run, watchdog]) kept.use(resource);
  let opened = false;
  scope.defer(() => (opened ? undefined : kept[Symbol.asyncDispose]()));
  const target = await openCommandTarget({
    command: [process.execPath, 'program.mjs', 'one', 'two'],
    cwd: code.folder,
    env: {},
    stop: { signal: 'SIGTERM', graceMs: 20_000 },
    folder: run.folder,
    address: { endpoint: 'http://127.0.0.1:9', region: 'eu-west-1', accessKeyId: 'id', secretAccessKey: 'secret' },
    clock: openClock(),
    watchdog,
    searchPath: process.env['PATH']!,
    ...options,
  });
  kept.use(target);
  opened = true;
  return {
    target,
    folder: run.folder,
    cwd: code.folder,
    log: () => readFileSync(join(run.folder, 'target.log'), 'utf8'),
    [Symbol.asyncDispose]: () => kept[Symbol.asyncDispose](),
  };
}

const waits = 'setInterval(() => {}, 1000);';

test('a program runs in its folder with its arguments and an environment that was made for it', async () => {
  const source = `console.log(JSON.stringify({ argv: process.argv.slice(2), cwd: process.cwd(), env: process.env })); ${waits}`;
  await using rig = await openCommand(source, { ready: { log: '}' }, env: { MINE: '1' } });
  const { argv, cwd, env } = JSON.parse(rig.log()) as { argv: string[]; cwd: string; env: Record<string, string> };
  expect([argv, cwd]).toEqual([['one', 'two'], rig.cwd]);
  expect(env).toMatchObject({
    MINE: '1',
    HOME: join(rig.folder, 'command', 'home'),
    TMPDIR: join(rig.folder, 'command', 'tmp'),
    AWS_REGION: 'eu-west-1',
    AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9',
    AWS_EC2_METADATA_DISABLED: 'true',
  });
  expect(Object.keys(env)).not.toContain('VITEST');
});

test.each([
  ['text in its output', `console.log('is star' + 'ted'); ${waits}`, { log: 'started' }],
  ['a file that it makes', `(await import('node:fs')).writeFileSync('ready', ''); ${waits}`, { file: './ready' }],
])('it is ready by %s', async (_what, source, ready) => {
  await using rig = await openCommand(source, { ready });
  expect(rig.target).toMatchObject({ kind: 'command', drive: 'polling' });
});

test('it is ready when it listens at its port', async () => {
  const { createServer } = await import('node:net');
  const free = createServer().listen(0, '127.0.0.1');
  await until('a port is free', () => free.address());
  const { port } = free.address() as { port: number };
  await new Promise((resolve) => free.close(resolve));
  const source = `(await import('node:net')).createServer().listen(${port}, '127.0.0.1', () => console.log('listening'));`;
  await using rig = await openCommand(source, { ready: { port } });
  await until('it has said so', () => rig.log().includes('listening'));
});

test('one that ends before it is ready is no target, and its last words say why', async () => {
  const opening = openCommand(`console.log('no such queue'); process.exit(4);`, { ready: { log: 'started' } });
  await expect(opening).rejects.toThrow(/ended before it was ready\. Its last words: no such queue/);
});

test.each([
  ['./nothing', 'is no executable file'],
  ['no-such-program-anywhere', 'is not on your PATH'],
])('the program %s is not there, and that is said', async (program, words) => {
  await expect(openCommand('', { command: [program] })).rejects.toThrow(words);
});

test('one that ends by itself is started again, and counted', async () => {
  await using rig = await openCommand(
    `import fs from 'node:fs'; if (!fs.existsSync('once')) { fs.writeFileSync('once', ''); process.exit(7); } console.log('again'); ${waits}`,
  );
  await until('it was started again', () => rig.log().includes('again'));
  expect(rig.target.restarts!()).toBe(1);
  expect(rig.log()).toContain('ended by itself (exit code 7): started again');
});

test('it is asked to stop by its signal, and may flush', async () => {
  const source = `process.on('SIGINT', () => setTimeout(() => { console.log('flushed'); process.exit(); }, 50)); console.log('up'); ${waits}`;
  await using rig = await openCommand(source, { ready: { log: 'up' }, stop: { signal: 'SIGINT', graceMs: 20_000 } });
  await rig.target[Symbol.asyncDispose]();
  expect(rig.log()).toContain('flushed');
  expect(existsSync(join(rig.folder, 'command'))).toBe(false);
});

test('one that does not stop in its grace is killed, with all that it started', async () => {
  const child = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);`;
  const source = `import { spawn } from 'node:child_process';
    process.on('SIGTERM', () => {});
    const child = spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { detached: true, stdio: 'ignore' });
    console.log('child ' + child.pid + ' runs'); ${waits}`;
  await using rig = await openCommand(source, { ready: { log: 'runs' }, stop: { signal: 'SIGTERM', graceMs: 100 } });
  const pid = Number(/child (\d+)/.exec(rig.log())![1]);
  expect(isAlive(pid)).toBe(true);
  await rig.target[Symbol.asyncDispose]();
  await until('the child is gone', () => !isAlive(pid));
  expect(rig.log()).toContain('did not stop within 100 ms of SIGTERM: killed');
});

test('what its processes use is counted, of those that ended too', async () => {
  // By the CPU's own clock, so that a busy machine only takes longer.
  const burn = `const used = () => process.cpuUsage().user / 1e6; while (used() < 0.4);`;
  await using rig = await openCommand(`${burn} console.log('burnt'); ${waits}`, { ready: { log: 'burnt' } });
  const { cpuS, rssPeakBytes } = rig.target.resources()!;
  expect(cpuS).toBeGreaterThan(0.1);
  expect(rssPeakBytes).toBeGreaterThan(10 * 1024 ** 2);
  await rig.target[Symbol.asyncDispose]();
  expect(rig.target.resources()!.cpuS).toBeGreaterThanOrEqual(cpuS);
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}
