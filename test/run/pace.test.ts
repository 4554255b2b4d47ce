// Paced runs: what a scenario may say, and when each object is due.

import { mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, test } from 'vitest';

import type { StoredFact } from '../../src/core/model/invocation.ts';
import { run } from '../../src/index.ts';
import { dueTimes } from '../../src/run/pace.ts';
import { planPace, type Pace } from '../../src/scenario/pace-plan.ts';
import { openCorpus } from '../flowlogs/read-lines.ts';

const folder = mkdtempSync(join(tmpdir(), 'flowrig-pace-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

function dueOf(pace: unknown, records = 1200, maxRecords = 100): number[] {
  const read = planPace(pace) as { pace: Pace };
  const corpus = openCorpus({ records, maxRecords });
  return corpus.objects.map(dueTimes(read.pace, corpus));
}

test('at AWS’s pace the objects of a slot come together, a slot every five minutes, or so many times faster', () => {
  const slots = [0, 0, 0, 0, 5, 5, 5, 5, 5, 10, 10, 10].map((minutes) => minutes * 60_000);
  expect(dueOf('realtime')).toEqual(slots);
  expect(dueOf('10x')).toEqual(slots.map((ms) => ms / 10));
  expect(dueOf('flat-out')).toEqual(slots.map(() => 0));
});

test('at a rate, or along a ramp of rates, an object is due when the records before it have had their time', () => {
  expect(dueOf({ rate: '50/s' }, 400)).toEqual([0, 2000, 4000, 6000]);
  const ramp = { ramp: [{ rate: '50/s', for: '3s' }, { rate: '100/s', for: '1s' }, { rate: '1k/s' }] };
  expect(dueOf(ramp, 600)).toEqual([0, 2000, 3500, 4050, 4150, 4250]);
});

test.each([
  'fast',
  '0x',
  '-3x',
  5,
  { rate: '5k' },
  { rate: '0/s' },
  { ramp: [] },
  { ramp: [{ rate: '1/s' }, { rate: '2/s' }] },
  { rate: '1/s', ramp: [] },
])('the pace %j is refused with what is allowed', (pace) => {
  expect(planPace(pace)).toEqual({
    problem: expect.stringMatching(/^objects\.pace: .* is no pace\. Write flat-out, realtime/),
  });
});

test('the clock jumps to the next object of a paced run, and latency counts from when it was due', async () => {
  const result = await run(
    { version: 1, name: 'paced', traffic: { records: 600 }, objects: { maxRecords: 100, pace: 'realtime' } },
    { out: folder },
  );
  expect(result.verdict).toEqual({ validity: 'pass', findings: [] });
  expect(result.skippedMs).toBeGreaterThan(200_000);
  const facts = readFileSync(join(result.folder!, 'events.ndjson'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as StoredFact);
  const stored = facts.filter(({ type }) => type === 'stored');
  const firstMs = stored[0]!.dueMs!;
  expect(stored.map(({ dueMs }) => Math.round(dueMs! - firstMs))).toEqual([0, 0, 0, 0, 300_000, 300_000]);
  for (const { dueMs, storedMs } of stored) expect(storedMs).toBeGreaterThanOrEqual(dueMs!);
});
