// `flowrig judge`: the verdict again from scenario, seed and archive; and honest doubt where a run's folder is not whole.

import { appendFileSync, cpSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import type { RunResult } from '../../src/index.ts';
import { testFolder, type TestFolder } from '../cli/test-host.ts';
import { pipeline, rightForwarder, scenarioOf } from './situation.ts';

interface Judged {
  readonly folder: TestFolder;
  /** The run's folder. */
  readonly run: string;
  readonly result: RunResult;
  readonly exitCode: number;
}

/** Runs a forwarder, and deletes its code. */
async function runAndForget(folder: TestFolder, source: string, over: object = {}): Promise<Judged> {
  const code = folder.write('forwarder.mjs', source);
  folder.write('scenario.yaml', scenarioOf('./forwarder.mjs', over));
  const { exitCode, stdout } = await folder.flowrig('run', 'scenario.yaml', '--json', '--quiet');
  rmSync(code);
  rmSync(join(folder.path, 'scenario.yaml'));
  const result = JSON.parse(stdout) as RunResult;
  return { folder, run: result.folder!, result, exitCode };
}

async function judge(folder: TestFolder, run: string): Promise<{ exitCode: number; result: RunResult }> {
  const { exitCode, stdout, stderr } = await folder.flowrig('judge', run, '--json');
  expect(stderr).toBe('');
  return { exitCode, result: JSON.parse(stdout) as RunResult };
}

/** Everything but where the folder is now. */
function withoutFolder(result: RunResult): object {
  return { ...result, folder: undefined };
}

const broken = `
import { newHandler } from ${JSON.stringify(pipeline)};
export const handler = newHandler({ select: (lines) => lines.slice(0, -1) });
`;

test('judge gives the same result as the run, without the forwarder’s code: for one that passes', async () => {
  await using folder = testFolder();
  const { run, result, exitCode } = await runAndForget(folder, rightForwarder);
  expect([exitCode, result.verdict.validity]).toEqual([0, 'pass']);
  const again = await judge(folder, run);
  expect(again).toEqual({ exitCode: 0, result });
});

test('for a failing one in the user’s own files, wherever the run’s folder is moved', async () => {
  await using folder = testFolder();
  const header = readFileSync(join(import.meta.dirname, '../fixtures/aws-examples.log'), 'utf8').split('\n')[0];
  const line = (port: number): string =>
    `2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 ${port} 22 6 20 4249 1418530010 1418530070 ACCEPT OK`;
  folder.write('mine.log', `${header}\n${line(20641)}\n${line(20642)}\n`);
  const { run, result, exitCode } = await runAndForget(folder, broken, { traffic: { files: ['./mine.log'] } });
  expect([exitCode, result.tally.missing]).toEqual([1, 1]);
  const moved = join(folder.path, 'elsewhere');
  cpSync(run, moved, { recursive: true });
  const list = join(moved, 'differences.ndjson');
  rmSync(list);
  const again = await judge(folder, moved);
  expect(again.exitCode).toBe(1);
  expect(readFileSync(list, 'utf8')).toMatch(/^\{"kind":"missing","key":"[^"]*mine\.log","line":3,[^\n]*\}\n$/);
  expect(readFileSync(list)).toEqual(readFileSync(join(run, 'differences.ndjson')));
  expect(withoutFolder(again.result)).toEqual(withoutFolder(result));

  folder.write('mine.log', `${header}\n${line(20641)}\n`);
  const changed = await folder.flowrig('judge', moved);
  expect(changed.stderr).toMatch(/^The corpus of .* is not the one that was run: /);
  expect(changed.exitCode).toBe(3);
});

test('for one whose replies were lost, with the same counts of statuses', async () => {
  await using folder = testFolder();
  const impatient = `import { newHandler } from ${JSON.stringify(pipeline)};
const post = (records, signal) =>
  fetch(process.env.SIGNOZ_JSON_URL, {
    method: 'POST',
    signal,
    headers: { 'content-type': 'application/json', 'signoz-ingestion-key': process.env.SIGNOZ_KEY },
    body: JSON.stringify(records),
  });
const send = (records) => post(records, AbortSignal.timeout(500)).catch(() => post(records));
export const handler = newHandler({ send: async (records) => void (await send(records)) });
`;
  const faults = [{ kind: 'sink.delay', duration: '20s', nth: 1 }];
  const { run, result, exitCode } = await runAndForget(folder, impatient, { faults });
  expect([exitCode, result.sink.replyLost, result.sink.accepted]).toEqual([0, 4, 4]);
  expect(result.sink.statusCounts).toEqual({ 200: 4 });
  expect(await judge(folder, run)).toEqual({ exitCode: 0, result });
});

test('for one with faults and retries; and it says unknown of an archive that is not whole', async () => {
  await using folder = testFolder();
  const faults = [{ kind: 'sink.status', code: 503, nth: 1 }];
  const { run, result, exitCode } = await runAndForget(folder, rightForwarder, { faults });
  expect([exitCode, result.faultsFired['sink.status'], result.sink.refused]).toEqual([0, 4, 4]);
  expect(await judge(folder, run)).toEqual({ exitCode: 0, result });

  const doubt = {
    id: 'archive-incomplete',
    validity: 'unknown',
    summary: expect.stringMatching(/^the archive lacks /),
  };
  const damaged = async (name: string, damage: (archive: string) => void): Promise<RunResult> => {
    const copy = join(folder.path, name);
    cpSync(run, copy, { recursive: true });
    damage(join(copy, 'archive'));
    const judged = await judge(folder, copy);
    expect(judged.exitCode).toBe(2);
    expect(judged.result.verdict.validity).toBe('unknown');
    expect(judged.result.verdict.findings).toContainEqual(expect.objectContaining(doubt));
    return judged.result;
  };
  const index = readFileSync(join(run, 'archive/index.ndjson'), 'utf8');
  const rows = index.trimEnd().split('\n');
  expect(rows).toHaveLength(8);
  const keep = (kept: readonly string[]) => (archive: string) =>
    writeFileSync(join(archive, 'index.ndjson'), kept.map((row) => `${row}\n`).join(''));
  await damaged('cut-in-mid-line', (archive) => {
    truncateSync(join(archive, 'index.ndjson'), index.length - 40);
  });
  await damaged('lacks-a-line', keep([...rows.slice(0, 3), ...rows.slice(4)]));
  const short = await damaged('lacks-its-last-line', keep(rows.slice(0, -1)));
  expect(short.tally).toMatchObject({ expected: 1000, delivered: 750, missing: 250 });
  await damaged('lacks-all-lines', keep([]));
  await damaged('bodies-cut', (archive) => {
    const last = JSON.parse(rows.at(-1)!) as { offset: number };
    truncateSync(join(archive, 'bodies-0000.bin'), last.offset + 100);
  });
  const changed = await damaged('bodies-changed', (archive) => {
    // One byte of a record: nothing is cut, and the body may well be read.
    const bodies = readFileSync(join(archive, 'bodies-0000.bin'));
    const last = JSON.parse(rows.at(-1)!) as { offset: number; storedBytes: number };
    bodies[last.offset + (last.storedBytes >> 1)]! ^= 1;
    writeFileSync(join(archive, 'bodies-0000.bin'), bodies);
  });
  expect(changed.tally).toMatchObject({ expected: 1000, delivered: 750, missing: 250 });
  await damaged('bodies-gone', (archive) => rmSync(join(archive, 'bodies-0000.bin')));

  const killed = join(folder.path, 'killed');
  cpSync(run, killed, { recursive: true });
  rmSync(join(killed, 'result.json'));
  const events = readFileSync(join(killed, 'events.ndjson'), 'utf8').trimEnd().split('\n').slice(0, -1);
  writeFileSync(join(killed, 'events.ndjson'), `${events.join('\n')}\n`);
  appendFileSync(join(killed, 'events.ndjson'), '{"type":"invoca');
  const judged = await judge(folder, killed);
  expect(judged.exitCode).toBe(2);
  expect(judged.result.verdict.findings.map(({ id }) => id)).toEqual(['run-interrupted']);
  expect(judged.result.tally).toEqual(result.tally);
});

test('a run that was killed before anything happened is unknown', async () => {
  await using folder = testFolder();
  const { run } = await runAndForget(folder, rightForwarder, { traffic: { records: 10 } });
  writeFileSync(join(run, 'events.ndjson'), '');
  rmSync(join(run, 'result.json'));
  writeFileSync(join(run, 'archive/index.ndjson'), '');
  rmSync(join(run, 'archive/bodies-0000.bin'));
  const { exitCode, result } = await judge(folder, run);
  expect(exitCode).toBe(2);
  expect(result.verdict.findings.map(({ id }) => id)).toContain('nothing-observed');
});

test('a folder that is no run is refused in a sentence, exit 3', async () => {
  await using folder = testFolder();
  const empty = join(folder.path, 'empty');
  mkdirSync(empty);
  for (const path of [empty, join(folder.path, 'nowhere')]) {
    for (const command of ['judge', 'report']) {
      const { exitCode, stderr, stdout } = await folder.flowrig(command, path);
      expect(stderr).toMatch(new RegExp(`^${path} is not the folder of a run: it has no [a-z.]+\\.\\n$`));
      expect(stdout).toBe('');
      expect(exitCode).toBe(3);
    }
  }
  mkdirSync(join(empty, 'archive'));
  folder.write('empty/scenario.yaml', 'version: 1\nname: empty\n');
  const noEvents = await folder.flowrig('judge', empty);
  expect(noEvents.stderr).toBe(`${empty} is not the folder of a run: it has no events.ndjson.\n`);
  expect(noEvents.exitCode).toBe(3);
  folder.write('empty/events.ndjson', '');
  const noIndex = await folder.flowrig('judge', empty);
  expect(noIndex.stderr).toMatch(
    /^The archive has no index at .*index\.ndjson\. Give the folder of a run that flowrig wrote\.\n$/,
  );
  expect(noIndex.exitCode).toBe(3);
});
