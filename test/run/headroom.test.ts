import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import type { RunResult } from '../../src/core/model/result.ts';
import { headroomWarnings } from '../../src/run/headroom.ts';
import { testFolder, type TestFolder } from '../cli/test-host.ts';

type Ceilings = Record<string, { recordsPerS: number; measuredMs: number }>;

async function run(folder: TestFolder): Promise<RunResult> {
  const { stdout, stderr, exitCode } = await folder.flowrig('run', 'small.yaml', '--json', '--quiet');
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  return JSON.parse(stdout) as RunResult;
}

function scenario(folder: TestFolder): void {
  folder.write('small.yaml', 'version: 1\ntraffic: { records: 500 }\n');
}

test('a run tells the ceiling of the sink for requests like its own, and the next run takes it from the cache', async () => {
  const env: Record<string, string> = {};
  await using folder = testFolder(env);
  env['XDG_CACHE_HOME'] = join(folder.path, 'cache');
  scenario(folder);
  const first = await run(folder);
  const { ceilingRecordsPerS, share, measuredAt } = first.headroom!;
  expect(ceilingRecordsPerS).toBeGreaterThan(0);
  expect(share).toBeCloseTo(first.throughput!.recordsPerS! / ceilingRecordsPerS, 4);
  expect(measuredAt > first.startedAt).toBe(true);

  // So far above what the run reaches that it is believed, whatever the machine does meanwhile.
  const file = join(folder.path, 'cache/flowrig/ceilings.json');
  const kept = JSON.parse(readFileSync(file, 'utf8')) as Ceilings;
  expect(Object.keys(kept)).toEqual([expect.stringContaining(': cloud /v1/logs application/x-protobuf gzip ')]);
  for (const ceiling of Object.values(kept)) ceiling.recordsPerS = 1e12;
  writeFileSync(file, JSON.stringify(kept));
  const second = await run(folder);
  expect(second.headroom).toMatchObject({ ceilingRecordsPerS: 1e12, measuredAt });
  expect(second.warnings).toEqual(first.warnings);

  // Less than twice what the run reached: measured anew before it would lead to a warning.
  for (const ceiling of Object.values(kept)) ceiling.recordsPerS = 1;
  writeFileSync(file, JSON.stringify(kept));
  const third = await run(folder);
  expect(third.headroom!.ceilingRecordsPerS).toBeGreaterThan(1);
  expect(third.headroom!.measuredAt > third.startedAt).toBe(true);

  writeFileSync(file, '{ "half":');
  expect((await run(folder)).headroom!.ceilingRecordsPerS).toBeGreaterThan(1);
});

test('calibration leaves nothing in the folder of the run, and no trace in its counts; judge keeps the ceiling', async () => {
  await using folder = testFolder();
  scenario(folder);
  const result = await run(folder);
  expect(readdirSync(result.folder!).toSorted()).toEqual(
    'archive ca.pem events.ndjson report.html report.txt result.json scenario.yaml target.log'.split(' '),
  );
  expect(result.tally.delivered).toBe(500);
  expect(readFileSync(join(result.folder!, 'report.txt'), 'utf8')).toMatch(
    /^ {2}headroom {4}the sink's ceiling here is [\d,.]+ records\/s; this run used (\d+|less than 1) %$/m,
  );
  const judged = await folder.flowrig('judge', result.folder!, '--json');
  expect((JSON.parse(judged.stdout) as RunResult).headroom).toEqual({
    ...result.headroom,
    share: expect.closeTo(result.headroom!.share, 4) as number,
  });
});

test('a run that used more than half of the ceiling carries a warning, and no other does', () => {
  const of = (share: number) =>
    headroomWarnings({ ceilingRecordsPerS: 1000, share, measuredAt: '2026-01-01T00:00:00Z' });
  expect(of(0.5)).toEqual([]);
  expect(of(0.634)).toEqual([expect.stringContaining('63 %')]);
  expect(headroomWarnings(undefined)).toEqual([]);
});
