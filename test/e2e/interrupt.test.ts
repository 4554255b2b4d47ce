// Ctrl-C: what there is gets judged, nothing is left running, and who presses it again means it.

import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import type { RunResult } from '../../src/index.ts';
import { testFolder } from '../cli/test-host.ts';
import { descendantsOf, livingOf, startFlowrig, until } from './rig-process.ts';
import { forwarderFolder, rightForwarder } from './situation.ts';

test('Ctrl-C in mid-run judges what there is: exit 130, verdict unknown, report and result written, nothing left', async () => {
  const faults = [{ kind: 'sink.delay', duration: '1h', nth: 1 }];
  await using folder = forwarderFolder(rightForwarder, { faults });
  await using rig = startFlowrig(folder.path, ['run', 'scenario.yaml']);
  const run = join(folder.path, 'runs/latest');
  await until('the sink holds its first answer back', () => {
    const file = join(run, 'events.ndjson');
    return existsSync(file) && readFileSync(file, 'utf8').includes('"sink.delay"');
  });
  const pids = descendantsOf(rig.pid).map((row) => row.pid);
  expect(pids.length).toBeGreaterThanOrEqual(2);

  // A terminal and a launcher both pass one Ctrl-C on.
  rig.signal('SIGINT');
  rig.signal('SIGINT');
  const { exitCode, stdout, stderr } = await rig.ended;
  expect(exitCode).toBe(130);
  expect(stderr.split('\n')).toContain('Interrupted: judging what there is. Once more to stop at once.');
  expect(stdout).toMatch(/^UNKNOWN {2}scenario\n/);
  expect(stdout).toContain('? the run was interrupted before it was over  (run-interrupted)');
  await until('no process of the rig is left', () => livingOf(pids).length === 0);

  const result = JSON.parse(readFileSync(join(run, 'result.json'), 'utf8')) as RunResult;
  expect(result.verdict.validity).toBe('unknown');
  expect(result.tally.expected).toBe(1000);
  expect(result.tally.missing).toBeGreaterThan(0);
  const judged = await folder.flowrig('judge', 'runs/latest', '--json');
  expect(judged.exitCode).toBe(2);
  const again = JSON.parse(judged.stdout) as RunResult;
  expect(again.tally).toEqual(result.tally);
  expect(again.verdict).toEqual(result.verdict);
});

test('a second Ctrl-C after a moment ends the rig at once, and its children with it', async () => {
  // Judging so many lines takes seconds: the second one comes while that goes on.
  await using folder = forwarderFolder(rightForwarder, { traffic: { records: '20M' }, objects: { maxRecords: '1k' } });
  await using rig = startFlowrig(folder.path, ['run', 'scenario.yaml']);
  const pids = await until('a sandbox runs', () => {
    const rows = descendantsOf(rig.pid);
    return rows.length >= 2 ? rows.map((row) => row.pid) : undefined;
  });
  rig.signal('SIGINT');
  await until('it is told', () => rig.stderr().includes('Interrupted'));
  const firstMs = performance.now();
  await until('half a second has passed, within which two signals are one', () => performance.now() - firstMs > 600);
  rig.signal('SIGINT');
  const { exitCode, stdout } = await rig.ended;
  expect(exitCode).toBe(130);
  expect(stdout).toBe('');
  expect(existsSync(join(folder.path, 'runs/latest/result.json'))).toBe(false);
  await until('no process of the rig is left', () => livingOf(pids).length === 0);
});

test('SIGTERM is an interruption too', async () => {
  const faults = [{ kind: 'sink.delay', duration: '1h' }];
  await using folder = forwarderFolder(rightForwarder, { faults });
  await using rig = startFlowrig(folder.path, ['run', 'scenario.yaml', '--json', '--quiet']);
  await until('a sandbox runs', () => descendantsOf(rig.pid).length >= 2);
  rig.signal('SIGTERM');
  const { exitCode, stdout } = await rig.ended;
  expect(exitCode).toBe(130);
  expect((JSON.parse(stdout) as RunResult).verdict.validity).toBe('unknown');
});

test.for([
  ['invoke', 'The run was interrupted.'],
  ['try', 'run-interrupted'],
] as const)(
  'Ctrl-C ends `flowrig %s` with 130 too, accuses nobody, and leaves nothing running',
  async ([command, told]) => {
    await using folder = testFolder();
    folder.write(
      'index.mjs',
      "export const handler = () => new Promise(() => setInterval(() => {}, 1000), console.log('waits'));",
    );
    folder.write('flowrig.yaml', 'version: 1\ntarget: { kind: lambda, code: ., timeout: 15m }\n');
    const argv = command === 'try' ? ['try', '.', '--target', 'timeout=15m'] : ['invoke'];
    await using rig = startFlowrig(folder.path, argv);
    const pids = await until('the handler waits', () => {
      const [log] = globSync('runs/*/*/target.log', { cwd: folder.path });
      const isThere = log !== undefined && readFileSync(join(folder.path, log), 'utf8').includes('waits');
      return isThere ? descendantsOf(rig.pid).map((row) => row.pid) : undefined;
    });
    expect(pids.length).toBeGreaterThanOrEqual(2);
    rig.signal('SIGINT');
    const { exitCode, stdout } = await rig.ended;
    expect(exitCode).toBe(130);
    expect(stdout).toContain(told);
    expect(stdout).not.toMatch(/fail:|Defects/);
    await until('no process of the rig is left', () => livingOf(pids).length === 0);
  },
);
