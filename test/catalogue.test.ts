// The catalogue is whole: every field bug has a scenario of its own that ships, and a public source.

import { join } from 'node:path';

import { expect, test } from 'vitest';

import { mergeScenario, readScenario } from '../src/scenario/load.ts';
import { planScenario } from '../src/scenario/plan.ts';
import { catalogue } from './catalogue.ts';

const scenarios = join(import.meta.dirname, '../scenarios');

test('the sink has its 25 field bugs, the triggers have 10, and no two have an id or a scenario in common', () => {
  expect(catalogue.filter(({ group }) => group === 'sink')).toHaveLength(25);
  expect(catalogue.filter(({ group }) => group === 'triggers')).toHaveLength(10);
  expect(new Set(catalogue.map(({ id }) => id)).size).toBe(catalogue.length);
  expect(new Set(catalogue.map(({ scenario }) => scenario)).size).toBe(catalogue.length);
});

test.each(catalogue)('$id has public sources and a scenario of its group that is valid', (bug) => {
  expect(bug.sources.length).toBeGreaterThan(0);
  for (const source of bug.sources) {
    const { protocol, hostname } = new URL(source);
    expect([protocol, hostname.includes('.')]).toEqual(['https:', true]);
  }
  const document = readScenario(join(scenarios, `${bug.scenario}.yaml`));
  const { group, summary } = document.value as { group?: string; summary?: string };
  expect([group, typeof summary]).toEqual([bug.group, 'string']);
  const plan = planScenario(mergeScenario(document, undefined, {}, scenarios));
  expect(plan.name).toBe(bug.scenario);
  expect(bug.builtin !== 'pass' || bug.wrong !== undefined).toBe(true);
});
