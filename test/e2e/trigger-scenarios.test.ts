// Shipped scenarios of the groups `triggers` and `lambda` on our own forwarder: it passes each, and each did what its name says.

import { join } from 'node:path';

import { expect, test } from 'vitest';

import { shippedScenarios } from '../../src/cli/scenarios.ts';
import { run, type RunResult } from '../../src/index.ts';
import { shownBugs } from '../catalogue.ts';
import { testFolder } from '../cli/test-host.ts';

const scenarios = shippedScenarios().filter(({ group }) => group === 'triggers' || group === 'lambda');

/** What each must have been for the forwarder to have been tested at all, beside a pass. */
const seen: Readonly<Record<string, (result: RunResult) => void>> = {
  'event-delay': ({ skippedMs }) => expect(skippedMs).toBeGreaterThan(3_500_000),
  'event-duplicate': ({ tally }) => expect(tally.duplicated.afterDuplicateEvent).toBe(400),
  'lambda-cold': ({ invocations }) => expect(invocations.coldStarts).toBeGreaterThanOrEqual(2),
  'lambda-freeze': ({ skippedMs }) => expect(skippedMs).toBeGreaterThan(1_190_000),
  'lambda-kill': ({ invocations, faultsFired }) => {
    expect(invocations.failed).toBe(4);
    expect(faultsFired['lambda.kill']).toBe(4);
  },
  'lambda-throttle': ({ invocations }) => expect(invocations.throttled).toBeGreaterThan(20),
};

test('there is a scenario for each way that a forwarder may hear of an object', () => {
  const ways = ['eventbridge', 'eventbridge-sqs', 'sns', 'sns-sqs', 'sns-sqs-raw', 'sqs'];
  expect(scenarios.map(({ name }) => name)).toEqual(expect.arrayContaining(ways.map((way) => `trigger-${way}`)));
});

/** Those of the catalogue's field bugs run with the catalogue, but for the ones that are looked at more closely here. */
const catalogued = new Set<string>(shownBugs.map(({ scenario }) => scenario));

test.concurrent.each(scenarios.filter(({ name }) => name in seen || !catalogued.has(name)))(
  '$name: $summary',
  async ({ name, file }) => {
    await using folder = testFolder();
    const result = await run(file, { target: 'builtin:forwarder', out: join(folder.path, 'runs') });
    expect(result.verdict).toEqual({ validity: 'pass', findings: [] });
    seen[name]?.(result);
  },
  300_000,
);
