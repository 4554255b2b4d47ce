// Shipped scenarios with faults of the store: our own forwarder passes each, and a forwarder that is wrong in the way that the fault
// shows is convicted. `npm run test:long` runs them; those of the catalogue's field bugs run with the catalogue.

import { join } from 'node:path';

import { expect, test } from 'vitest';

import { shippedScenarios } from '../../src/cli/scenarios.ts';
import { run } from '../../src/index.ts';
import { storeFaults } from '../../src/stores/faults/index.ts';
import { shownBugs } from '../catalogue.ts';
import { testFolder } from '../cli/test-host.ts';
import { zooForwarders } from './situation.ts';

const scenarios = shippedScenarios().filter(({ name }) => name.startsWith('store-'));
const catalogued = new Set<string>(shownBugs.map(({ scenario }) => scenario));

test('there is a scenario for each fault of the store', () => {
  expect(scenarios.map(({ name }) => name).toSorted()).toEqual(
    storeFaults.map(({ kind }) => kind.replace('.', '-')).toSorted(),
  );
});

test.concurrent.each(scenarios.filter(({ name }) => !catalogued.has(name)))('$name: $summary', async ({ file }) => {
  await using folder = testFolder();
  const result = await run(file, { target: 'builtin:forwarder', out: join(folder.path, 'runs') });
  expect(result.verdict).toEqual({ validity: 'pass', findings: [] });
});

test.concurrent.each([
  ['store-swap', 'right-in-any-envelope', 'doubled-records'],
  ['store-short', 'keeps-what-came', 'lost-records'],
  ['store-reset', 'keeps-what-came', 'lost-records'],
  ['store-chunks', 'ends-a-line-with-each-piece', 'unexpected-records'],
  ['store-encoding', 'inflates-what-the-header-says', 'dead-lettered-records'],
  ['store-expired-token', 'passes-over-a-busy-store', 'lost-records'],
])('%s convicts %s by %s', async (scenario, forwarder, finding) => {
  await using folder = testFolder();
  const target = {
    version: 1,
    target: {
      kind: 'lambda',
      code: join(zooForwarders, `${forwarder}.mjs`),
      memory: '512MB',
      timeout: '30s',
      env: { SIGNOZ_JSON_URL: '${sink.jsonUrl}', SIGNOZ_KEY: '${sink.key}' },
    },
  };
  folder.write('target.yaml', JSON.stringify(target));
  const { file } = scenarios.find(({ name }) => name === scenario)!;
  const { verdict } = await run(file, { target: join(folder.path, 'target.yaml'), out: join(folder.path, 'runs') });
  expect(verdict.findings).toContainEqual(expect.objectContaining({ id: finding, validity: 'fail' }));
});
