// What limits a sandbox, by the kernel where the machine has control groups, and by looking often where it has none.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { findCgroups } from '../../src/lambda/cgroups.ts';
import type { Machine } from '../../src/targets/machine.ts';
import { livingOf } from '../e2e/rig-process.ts';
import { openTestTarget, writeCode } from './open-test-target.ts';

const machine = (cgroups: Machine['cgroups']): { machine: Machine } => ({
  machine: {
    node: { path: process.execPath, version: process.versions.node },
    searchPath: '',
    cacheFolder: '',
    cgroups,
  },
});

const kernel = findCgroups();
const mib = 1024 ** 2;

const takesMemory = `
  import { spawn } from 'node:child_process';
  import { once } from 'node:events';
  const take = async () => {
    const taken = [];
    for (;;) { taken.push(Buffer.alloc(8 << 20, 1)); await new Promise((resolve) => setTimeout(resolve, 2)); }
  };
  export const handler = async ({ child }) => {
    if (child) await once(spawn(process.execPath, ['-e', '(' + take + ')()']), 'exit');
    else if (child === false) await take();
    return process.pid;
  };`;

test.each([
  ['the kernel', kernel],
  ['the rig', undefined],
])(
  'what takes more memory than it has is killed by %s, a child too, and the next event begins anew',
  async (_, cgroups) => {
    await using opened = await openTestTarget(takesMemory, { memoryBytes: 160 * mib, ...machine(cgroups) });
    expect(opened.target.limits!.memory).toBe(cgroups?.version ?? 'polling');
    const killed = (id: string): object => ({
      status: 'out-of-memory',
      message: `RequestId: ${id} Error: Runtime exited with error: signal: killed`,
    });
    expect(await opened.outcome({ child: false })).toEqual(killed('id-1'));
    expect(await opened.outcome({ child: true })).toEqual(killed('id-2'));
    expect(await opened.outcome()).toMatchObject({ status: 'succeeded' });
    expect(opened.target.resources()!.rssPeakBytes).toBeGreaterThanOrEqual(160 * mib);
  },
);

/** By a shell, which gives up where it cannot start another one. */
const startsMany = `
  import { spawn } from 'node:child_process';
  import { once } from 'node:events';
  export const handler = async ({ count = 0 }) => {
    const shell = spawn('/bin/sh', ['-c', 'while [ $0 -gt $((n = n + 1)) ]; do sleep 60 & done; exit 0', count], { stdio: 'ignore' });
    const [code] = await once(shell, 'exit');
    return code === 0;
  };`;

test.runIf(kernel?.limitsProcesses)(
  'a sandbox has 1,024 processes at most: starting another one fails, and all end with it',
  async () => {
    await using opened = await openTestTarget(startsMany, { timeoutMs: 60_000 });
    expect(await opened.outcome({ count: 5000 })).toEqual({ status: 'succeeded', payload: false });
  },
);

test('where the kernel does not limit processes, a sandbox with too many is killed', async () => {
  // Each of them has a share of pages that all have, which a sum counts often.
  const memoryBytes = 10_240 * mib;
  await using opened = await openTestTarget(startsMany, { timeoutMs: 60_000, memoryBytes, ...machine(undefined) });
  expect(await opened.outcome({ count: 5000 })).toMatchObject({
    status: 'failed',
    errorType: 'Runtime.ExitError',
    message: 'RequestId: id-1 Error: killed for more processes than the 1,024 that Lambda allows',
  });
  expect(await opened.outcome({ count: 1 })).toEqual({ status: 'succeeded', payload: true });
});

test('a sandbox whose TMPDIR holds more than Lambda’s /tmp is ended, and the machine’s /tmp stays visible', async () => {
  await using opened = await openTestTarget(`
    import { closeSync, existsSync, openSync, writeSync } from 'node:fs';
    import { join } from 'node:path';
    export const handler = async ({ sizeMib = 0 }) => {
      const file = openSync(join(process.env.TMPDIR, 'big'), 'w');
      const chunk = Buffer.alloc(1 << 20, 1);
      for (let i = 0; i < sizeMib; i++) writeSync(file, chunk);
      closeSync(file);
      return existsSync('/tmp');
    };`);
  expect(await opened.outcome({ sizeMib: 1 })).toEqual({ status: 'succeeded', payload: true });
  expect(await opened.outcome({ sizeMib: 520 })).toMatchObject({
    status: 'failed',
    message: expect.stringMatching(/more than 512 MB in TMPDIR, .*: No space left on device$/) as string,
  });
});

test.runIf(kernel?.limitsCpu)(
  'after its init a function has the share of a core that its memory brings, where that is asked for',
  async () => {
    const code = `
    import { readFileSync } from 'node:fs';
    const quota = () => {
      const own = readFileSync('/proc/self/cgroup', 'utf8');
      const v1 = /^\\d+:(?:[^:]*,)?cpu(?:,[^:]*)?:(.*)$/m.exec(own);
      const v2 = /^0::(.*)$/m.exec(own);
      return ${JSON.stringify(kernel?.version)} === 'cgroup v2'
        ? readFileSync('/sys/fs/cgroup' + v2[1] + '/cpu.max', 'utf8').split(' ')[0]
        : readFileSync('/sys/fs/cgroup/cpu' + v1[1] + '/cpu.cfs_quota_us', 'utf8').trim();
    };
    const inInit = quota();
    export const handler = async () => [inInit, quota()];`;
    await using share = await openTestTarget(code, { cpu: 'share', memoryBytes: (1769 * mib) / 2 });
    const free = kernel!.version === 'cgroup v2' ? 'max' : '-1';
    expect(await share.outcome()).toEqual({ status: 'succeeded', payload: [free, '10000'] });
    await using full = await openTestTarget(code, {});
    expect(await full.outcome()).toEqual({ status: 'succeeded', payload: [free, free] });
    expect([share.target.limits!.cpu, full.target.limits!.cpu]).toEqual([kernel!.version, 'none']);
  },
);

/** Leaves its group and forgets where it came from. */
const startsDaemon = `
  import { spawn } from 'node:child_process';
  export const handler = async ({ exit }) => {
    const daemon = spawn('/bin/sh', ['-c', 'sleep 300 & echo $!; wait'], { detached: true, env: {}, stdio: ['ignore', 'pipe', 'ignore'] });
    const [line] = await (await import('node:events')).once(daemon.stdout, 'data');
    console.log('daemons', daemon.pid, String(line).trim());
    if (exit) process.exit(1);
  };`;

const daemonsIn = (log: string): number[] =>
  [...log.matchAll(/daemons (\d+) (\d+)/g)].flatMap(([, a, b]) => [Number(a), Number(b)]);

describe.runIf(kernel)('with control groups', () => {
  const probe = kernel!.create({ memoryBytes: mib, processes: 9, cpu: false });
  const parent = dirname(probe.folders[0]!);
  probe.remove();
  const groups = (): string[] => readdirSync(parent).filter((name) => name.startsWith('flowrig-'));

  test('a daemon that left its group and its environment ends with its sandbox, whose control groups go', async () => {
    const opened = await openTestTarget(startsDaemon);
    await opened.outcome({ exit: true });
    await opened.outcome();
    const daemons = daemonsIn(opened.log());
    expect(daemons).toHaveLength(4);
    await opened.target[Symbol.asyncDispose]();
    expect(livingOf(daemons)).toEqual([]);
    await opened[Symbol.asyncDispose]();
  });

  test('neither daemons nor control groups outlive a rig that is killed', async () => {
    const fixture = join(import.meta.dirname, 'open-test-target.ts');
    using written = writeCode({
      'rig.ts': `import { readFileSync } from 'node:fs';
        import { openTestTarget } from ${JSON.stringify(fixture)};
        const opened = await openTestTarget(${JSON.stringify(startsDaemon)});
        await opened.outcome();
        console.log(opened.log());
        const daemon = /daemons (\\d+)/.exec(opened.log())[1];
        console.log('groups', readFileSync('/proc/' + daemon + '/cgroup', 'utf8').replaceAll('\\n', ' '));
        setInterval(() => undefined, 1000);`,
    });
    const rig = spawn(process.execPath, [join(written.folder, 'rig.ts')], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    while (!said.includes('groups')) said += String((await once(rig.stdout, 'data'))[0]);
    const names = [...said.matchAll(/flowrig-\w+/g)].map(([name]) => name);
    expect(names.length).toBeGreaterThan(0);
    rig.kill('SIGKILL');
    await expect.poll(() => livingOf(daemonsIn(said)), { timeout: 10_000 }).toEqual([]);
    await expect.poll(() => groups().filter((name) => names.includes(name)), { timeout: 10_000 }).toEqual([]);
  });
});
