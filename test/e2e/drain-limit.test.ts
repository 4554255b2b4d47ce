// A run that stands still ends at its limit, and then proves nothing.

import { join } from 'node:path';

import { expect, test } from 'vitest';

import type { Target } from '../../src/core/model/trigger.ts';
import { runPlan } from '../../src/run/harness.ts';
import { documentOf } from '../../src/scenario/document.ts';
import { mergeScenario } from '../../src/scenario/load.ts';
import { planScenario } from '../../src/scenario/plan.ts';
import { testFolder } from '../cli/test-host.ts';

/** Takes an event and never ends it, though none of its processes runs. */
function stillTarget(): Target {
  return {
    kind: 'still',
    drive: 'invoked',
    concurrency: 1,
    runningCount: () => 0,
    resources: () => undefined,
    invoke: (_event, signal) =>
      new Promise((resolve) => {
        const outcome = { status: 'failed', errorType: 'Interrupted', message: 'The run was over.' } as const;
        signal.addEventListener('abort', () => resolve({ outcome, startedMs: 0, endedMs: 0, cold: true }));
      }),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

test('a run in which nothing moves ends at its drain limit, and is unknown', async () => {
  await using folder = testFolder();
  const scenario = { version: 1, name: 'still', traffic: { records: 100 }, drain: { limit: '300ms' } };
  const plan = planScenario(mergeScenario(documentOf(scenario, 'still'), undefined, {}, folder.path));
  const result = await runPlan(plan, {
    host: { env: {}, nodePath: process.execPath, nodeVersion: process.versions.node },
    version: '0.0.0',
    out: join(folder.path, 'runs'),
    signal: new AbortController().signal,
    openTarget: () => Promise.resolve(stillTarget()),
  });
  expect(result.verdict.validity).toBe('unknown');
  expect(result.verdict.findings).toContainEqual({
    id: 'drain-limit-reached',
    check: 'run',
    validity: 'unknown',
    summary: 'the run stood still until its drain limit was reached',
    witnesses: [],
  });
  expect(result.tally).toMatchObject({ expected: 100, missing: 100 });
  const judged = await folder.flowrig('judge', 'runs/latest', '--json');
  expect(judged.exitCode).toBe(2);
  expect((JSON.parse(judged.stdout) as typeof result).verdict).toEqual(result.verdict);
});
