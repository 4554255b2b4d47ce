// Every saboteur is convicted by its own finding with the exact count; a harness that compares two counters misses many of them.

import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, test } from 'vitest';

import type { RunResult } from '../../src/index.ts';
import { countOf, tells, type WrongAnimal } from './animal.ts';
import { runAnimal } from './run-animal.ts';
import { seeds, wrongTable, type WrongRow } from './table.ts';
import { wrongAnimals } from './wrong.ts';

const folder = mkdtempSync(join(tmpdir(), 'flowrig-zoo-'));
const rows: WrongRow[] = [];

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  console.log(wrongTable(rows));
});

const nothing = {
  altered: 0,
  missing: 0,
  deadLettered: 0,
  unexpected: 0,
  duplicated: { afterLostReply: 0, afterDuplicateEvent: 0, afterFailedInvocation: 0, afterAcknowledgement: 0 },
};

/** Findings about something else than lines of the corpus. */
const placeless =
  /^(header-sent|unexpected-|reached-for|retry-after|too-many|invocation-|bad-object|empty-object|other-event|invisible|timestamp-off|field-|type-)/;

/** Their ids name a field, and there is one of them a field. */
const ofOneField = /^(field-missing|type-unstable):/;

function countsOf({ altered, missing, deadLettered, unexpected, duplicated }: RunResult['tally']): object {
  return { altered, missing, deadLettered, unexpected, duplicated };
}

// In the full zoo on three seeds, in continuous integration on one: their counts are exact whatever the seed is.
const runs = wrongAnimals.flatMap((animal) =>
  seeds.slice(0, Math.ceil(seeds.length / 100)).map((seed) => ({ animal, seed, name: animal.name })),
);

test.concurrent.each(runs)('$name is convicted by its own finding (seed $seed)', async ({ animal, seed, name }) => {
  const { result, lines, keptCount } = await runAnimal({
    ...animal,
    name: `${name}-${seed}`,
    situation: animal,
    seed,
    folder,
  });
  const { convicted } = animal;
  const count = countOf(
    convicted.count,
    [...lines.values()].flatMap((map) => [...map.values()]),
  );
  const row: WrongRow = {
    name,
    group: animal.group,
    finding: convicted.finding,
    count,
    isConvicted: false,
    countsDiffer: keptCount !== result.tally.expected,
  };
  rows.push(row);
  const why = JSON.stringify({ tally: result.tally, verdict: result.verdict }, undefined, 1);
  expect(count, 'nothing of it shows').toBeGreaterThan(0);
  const tally = convicted.tally(count);
  expect(countsOf(result.tally), why).toEqual({
    ...nothing,
    ...tally,
    duplicated: { ...nothing.duplicated, ...tally.duplicated },
  });
  expect(result.verdict.validity, why).toBe('fail');
  checkFinding(animal, count, { result, lines, why });
  row.isConvicted = true;
});

function checkFinding(
  { convicted }: WrongAnimal,
  count: number,
  { result, lines, why }: { result: RunResult; lines: ReadonlyMap<string, ReadonlyMap<number, string>>; why: string },
): void {
  const finding = result.verdict.findings.find(
    ({ id, check }) => id === convicted.finding && check === convicted.check,
  );
  expect(finding, why).toMatchObject({ validity: 'fail' });
  if (!ofOneField.test(finding!.id)) expect(tells(finding!.summary, count), finding!.summary).toBe(true);
  const placed = finding!.witnesses.filter((witness) => witness.line !== undefined && witness.text !== undefined);
  for (const { key, line, text } of placed) expect(text).toBe(lines.get(key!)?.get(line!));
  if (!placeless.test(finding!.id)) expect(placed.length, why).toBeGreaterThan(0);
}
