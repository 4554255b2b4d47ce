// Right forwarders in random trouble are never blamed: each on every seed, with a trigger and faults that the seed draws.

import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, test } from 'vitest';

import { randomSituation } from './random-faults.ts';
import { rightAnimals } from './right.ts';
import { runAnimal } from './run-animal.ts';
import { rightTable, seeds, type RightRow } from './table.ts';

const folder = mkdtempSync(join(tmpdir(), 'flowrig-zoo-'));
const rows = rightAnimals.map(({ name }): RightRow => ({
  name,
  runs: 0,
  passed: 0,
  unknown: 0,
  blamed: 0,
  countsDiffered: 0,
}));

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  console.log(rightTable(rows));
});

const runs = rightAnimals.flatMap((animal) => seeds.map((seed) => ({ animal, seed, name: animal.name })));

test.concurrent.each(runs)('$name is right and is not blamed (seed $seed)', async ({ animal, seed, name }) => {
  const { make, promises, sendsOtlp = false } = animal;
  const scenario = {
    ...randomSituation(seed, name, { sendsOtlp, isProcess: typeof make !== 'function' }),
    ...(promises ? { promises } : {}),
  };
  const { result, keptCount } = await runAnimal({
    name: `${name}-${seed}`,
    make,
    situation: { scenario },
    seed,
    folder,
  });
  const { tally, verdict } = result;
  const row = rows.find((each) => each.name === name)!;
  row.runs++;
  if (verdict.validity === 'pass') row.passed++;
  if (verdict.validity === 'unknown') row.unknown++;
  if (verdict.validity === 'fail') row.blamed++;
  if (keptCount !== tally.expected) row.countsDiffered++;
  const doubts = verdict.findings.filter(({ id, validity }) => validity !== 'pass' && id !== 'fault-never-fired');
  expect(doubts, JSON.stringify({ scenario, tally }, undefined, 1)).toEqual([]);
  expect(tally.expected).toBe(tally.delivered + tally.deadLettered);
  expect(verdict.validity).toBe(verdict.findings.some(({ id }) => id === 'fault-never-fired') ? 'unknown' : 'pass');
});
