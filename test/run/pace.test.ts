// Paced runs: what a scenario may say, and when each object is due.

import { mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, test } from 'vitest';

import type { StoredFact } from '../../src/core/model/invocation.ts';
import { run } from '../../src/index.ts';
import { scheduleObjects, type DueObject } from '../../src/run/pace.ts';
import { planPace, type Lateness, type Pace } from '../../src/scenario/pace-plan.ts';
import { openCorpus } from '../flowlogs/read-lines.ts';

const folder = mkdtempSync(join(tmpdir(), 'flowrig-pace-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

function dueOf(pace: unknown, records = 1200, maxRecords = 100): number[] {
  const read = planPace(pace) as { pace: Pace };
  const corpus = openCorpus({ records, maxRecords });
  return scheduleObjects({ pace: read.pace, seed: 42 }, corpus).map(({ dueMs }) => dueMs);
}

const slotMs = 300_000;

/** 40 objects, one a minute of log time: nine slots, the first of four minutes. */
function lateOf(pace: Pace, late: Lateness, seed = 42): { order: readonly DueObject[]; late: readonly DueObject[] } {
  const corpus = openCorpus({ records: 400, maxRecords: 10 });
  const order = scheduleObjects({ pace, late, seed }, corpus);
  const usual = scheduleObjects({ pace, seed }, corpus);
  expect(order.map(({ object }) => object).toSorted((a, b) => a.index - b.index)).toEqual(corpus.objects);
  const isLate = ({ object, dueMs }: DueObject, place: number): boolean =>
    pace.kind === 'flat-out'
      ? order.slice(0, place).some((before) => before.object.slotEndMs > object.slotEndMs)
      : dueMs > usual[object.index]!.dueMs;
  return { order, late: order.filter(isLate) };
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

test('so many objects are late as the share says, each by its time or so many times less, and the others are on time', () => {
  const paces = [1, 10].map((factor): Pace => ({ kind: 'real', factor }));
  for (const pace of [...paces, { kind: 'ramp', steps: [{ ratePerS: 1, forMs: Infinity }] } as const]) {
    const factor = pace.kind === 'real' ? pace.factor : 1;
    const usual = scheduleObjects({ pace, seed: 42 }, openCorpus({ records: 400, maxRecords: 10 }));
    const { order, late } = lateOf(pace, { share: 0.1, byMs: 4 * slotMs });
    expect(late).toHaveLength(4);
    for (const { object, dueMs } of late) expect(dueMs).toBe(usual[object.index]!.dueMs + (4 * slotMs) / factor);
    expect(order.map(({ dueMs }) => dueMs)).toEqual(order.map(({ dueMs }) => dueMs).toSorted((a, b) => a - b));
  }
});

test('flat-out a late object is written behind the objects of the slots that end until it comes, and before later ones', () => {
  const { order, late } = lateOf({ kind: 'flat-out' }, { share: 0.05, byMs: slotMs });
  expect(late).toHaveLength(2);
  for (const each of late) {
    const ends = order.slice(0, order.indexOf(each)).map(({ object }) => object.slotEndMs);
    expect(Math.max(...ends)).toBe(each.object.slotEndMs + slotMs);
    const others = order.slice(order.indexOf(each)).filter((other) => !late.includes(other));
    for (const { object } of others) expect(object.slotEndMs).toBeGreaterThan(each.object.slotEndMs + slotMs);
  }
  const others = order.filter((each) => !late.includes(each)).map(({ object }) => object.index);
  expect(others).toEqual(others.toSorted((a, b) => a - b));
});

test('a share that is less than one object makes one late, and the seed says which', () => {
  const chosen = [1, 2, 3].map((seed) => {
    const { late } = lateOf({ kind: 'real', factor: 1 }, { share: 0.0001, byMs: slotMs }, seed);
    expect(late).toHaveLength(1);
    return late[0]!.object.index;
  });
  expect(new Set(chosen).size).toBeGreaterThan(1);
});

test('an object is late with what overwrites it, and stays before it', () => {
  const { objects } = openCorpus({ records: 40, maxRecords: 10 });
  const twice = [objects[0]!, ...objects].map(({ key, slotEndMs, lineFirst, lineCount, fields, condition }, index) => {
    return { index, key, slotEndMs, lineFirst, lineCount, fields, condition };
  });
  const late = { share: 1, byMs: slotMs };
  for (const seed of [1, 2, 3, 4]) {
    const order = scheduleObjects({ pace: { kind: 'flat-out' }, late, seed }, { objects: twice });
    expect(order.map(({ object }) => object.index)).toEqual([0, 1, 2, 3, 4]);
    const some = scheduleObjects(
      { pace: { kind: 'flat-out' }, late: { ...late, share: 0.25 }, seed },
      { objects: twice },
    );
    const places = some.map(({ object }) => object.index);
    expect(places.indexOf(1)).toBe(places.indexOf(0) + 1);
  }
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

test('the clock jumps to the next object of a paced run, to a late one too, and latency counts from when it was due', async () => {
  const objects = { maxRecords: 100, pace: 'realtime', late: '10%', lateBy: '10m', outside: '2%' };
  const result = await run({ version: 1, name: 'paced', traffic: { records: 600 }, objects }, { out: folder });
  expect(result.verdict).toEqual({ validity: 'pass', findings: [] });
  expect(result.skippedMs).toBeGreaterThan(200_000);
  const facts = readFileSync(join(result.folder!, 'events.ndjson'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as StoredFact);
  const stored = facts.filter(({ type }) => type === 'stored');
  const firstMs = stored[0]!.dueMs!;
  expect(stored.map(({ dueMs }) => Math.round(dueMs! - firstMs))).toEqual([0, 0, 0, 300_000, 300_000, 600_000]);
  for (const { dueMs, storedMs } of stored) expect(storedMs).toBeGreaterThanOrEqual(dueMs!);
});
