// The catalogue is whole: every field bug has public sources and a scenario of its own that ships, or a reason why not.

import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { mergeScenario, readScenario } from '../src/scenario/load.ts';
import { planScenario } from '../src/scenario/plan.ts';
import { catalogue, shownBugs } from './catalogue.ts';
import { guideDefects } from './catalogue/guide.ts';
import { wrongAnimals } from './zoo/wrong.ts';

const scenarios = join(import.meta.dirname, '../scenarios');

test('the sink has 25 field bugs, the triggers have 27, Lambda has 21, values have 18, objects have 41, and no two have an id or a scenario in common', () => {
  const count = (group: string): number => catalogue.filter((bug) => bug.group === group).length;
  expect(['sink', 'triggers', 'lambda', 'values', 'objects'].map(count)).toEqual([25, 27, 21, 18, 41]);
  expect(new Set(catalogue.map(({ id }) => id)).size).toBe(catalogue.length);
  expect(new Set(shownBugs.map(({ scenario }) => scenario)).size).toBe(shownBugs.length);
});

test.each(catalogue)('$id has public sources', ({ sources }) => {
  expect(sources.length).toBeGreaterThan(0);
  for (const source of sources) {
    const { protocol, hostname } = new URL(source);
    expect([protocol, hostname.includes('.')]).toEqual(['https:', true]);
  }
});

test.each(shownBugs)('$id has a scenario of its group that is valid', (bug) => {
  const document = readScenario(join(scenarios, `${bug.scenario}.yaml`));
  const { group, summary } = document.value as { group?: string; summary?: string };
  expect([group, typeof summary]).toEqual([bug.group, 'string']);
  const plan = planScenario(mergeScenario(document, undefined, {}, scenarios));
  expect(plan.name).toBe(bug.scenario);
  expect(bug.builtin !== 'pass' || bug.wrong !== undefined).toBe(true);
  if (bug.wrong) expect(isInTheZoo(bug.wrong.forwarder), bug.wrong.forwarder).toBe(true);
});

function isInTheZoo(forwarder: string): boolean {
  const isFile = existsSync(join(import.meta.dirname, `zoo/forwarders/${forwarder}.mjs`));
  return isFile || wrongAnimals.some(({ name }) => name === forwarder);
}

test('only what needs a second target, a setting of the target, Parquet or a rule of nobody has no scenario', () => {
  const unshown = catalogue.filter(({ scenario }) => typeof scenario !== 'string');
  expect(unshown.map(({ id }) => id)).toEqual([
    'queue-shared-by-two',
    'starved-at-little-memory',
    'keys-beside-attributes',
    'type-follows-the-file-format',
    'resource-for-each-object',
    'nanoseconds-through-a-double',
    'severity-guessed-from-words',
  ]);
});

test("each of the 47 defects of the function in SigNoz's guide is one that a saboteur has, or says why none has", () => {
  expect(guideDefects.length).toBe(47);
  expect(new Set(guideDefects.map(({ defect }) => defect)).size).toBe(47);
  const names = guideDefects.flatMap(({ saboteurs }) => ('missing' in saboteurs ? [] : saboteurs));
  expect(names.filter((name) => !isInTheZoo(name))).toEqual([]);
});

test('the zoo has at least 40 saboteurs, of every group', () => {
  expect(wrongAnimals.length).toBeGreaterThanOrEqual(40);
  expect(new Set(wrongAnimals.map(({ name }) => name)).size).toBe(wrongAnimals.length);
  expect(new Set(wrongAnimals.map(({ group }) => group)).size).toBe(5);
});
