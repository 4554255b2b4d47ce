// The watchdog, with shells in process groups of their own.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

import { expect, test } from 'vitest';

import { openWatchdog } from '../../src/lambda/watchdog.ts';

function startGroup(): ChildProcess & AsyncDisposable {
  const child = spawn('/bin/sh', ['-c', 'sleep 60 & wait'], { detached: true, stdio: 'ignore' });
  const close = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    process.kill(-child.pid!, 'SIGKILL');
    await exited;
  };
  return Object.assign(child, { [Symbol.asyncDispose]: close });
}

test('a watchdog that is closed leaves the groups alone', async () => {
  await using group = startGroup();
  const watchdog = openWatchdog();
  watchdog.guard(group.pid!);
  await watchdog[Symbol.asyncDispose]();
  await watchdog[Symbol.asyncDispose]();
  expect(process.kill(group.pid!, 0)).toBe(true);
});

test('when its pipe ends it kills every group that it was told of and that was not released', async () => {
  await using first = startGroup();
  await using released = startGroup();
  await using last = startGroup();
  const watched = [first, released, last].map(({ pid }) => pid);
  const rig = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { openWatchdog } from ${JSON.stringify(new URL('../../src/lambda/watchdog.ts', import.meta.url).href)};
       const watchdog = openWatchdog();
       for (const pid of ${JSON.stringify(watched)}) watchdog.guard(pid);
       watchdog.release(${released.pid});
       process.kill(process.pid, 'SIGKILL');`,
    ],
    { stdio: 'inherit' },
  );
  const ends = Promise.all([once(first, 'exit'), once(last, 'exit')]);
  expect(await once(rig, 'exit')).toEqual([null, 'SIGKILL']);
  expect(await ends).toEqual([
    [null, 'SIGKILL'],
    [null, 'SIGKILL'],
  ]);
  expect(process.kill(released.pid!, 0)).toBe(true);
});

test.runIf(process.platform === 'linux')(
  'who left its group, but was started with a TMPDIR of the run, dies with the rig',
  async () => {
    const stray = spawn('sleep', ['60'], {
      detached: true,
      stdio: 'ignore',
      env: { TMPDIR: '/runs/mine/sandbox/tmp' },
    });
    const other = spawn('sleep', ['60'], {
      detached: true,
      stdio: 'ignore',
      env: { TMPDIR: '/runs/mine-too/sandbox/tmp' },
    });
    const module = JSON.stringify(new URL('../../src/lambda/watchdog.ts', import.meta.url).href);
    const rig = spawn(process.execPath, [
      '--input-type=module',
      '-e',
      `import { openWatchdog } from ${module};
     openWatchdog('/runs/mine').guard(2 ** 22);
     process.kill(process.pid, 'SIGKILL');`,
    ]);
    expect(await once(rig, 'exit')).toEqual([null, 'SIGKILL']);
    expect(await once(stray, 'exit')).toEqual([null, 'SIGKILL']);
    expect(other.kill('SIGKILL')).toBe(true);
    expect(await once(other, 'exit')).toEqual([null, 'SIGKILL']);
  },
);
