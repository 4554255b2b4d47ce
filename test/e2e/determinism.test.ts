// One seed, many runs, a machine that is busy by turns: the same faults strike the same objects, and the verdict is the same.
// Five runs in `npm test`, 50 in `npm run determinism`.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { run, type RunResult } from '../../src/index.ts';
import type { RunFact } from '../../src/core/model/invocation.ts';
import { testFolder } from '../cli/test-host.ts';
import { zooForwarders } from './situation.ts';

const scenario = {
  version: 1,
  name: 'again',
  seed: 17,
  traffic: { preset: 'web-vpc', records: 240 },
  objects: { maxRecords: 20 },
  target: {
    kind: 'lambda',
    code: join(zooForwarders, 'right-and-light.mjs'),
    memory: '512MB',
    timeout: '30s',
    concurrency: 3,
    env: { SIGNOZ_JSON_URL: '${sink.jsonUrl}', SIGNOZ_KEY: '${sink.key}' },
  },
  faults: [
    { kind: 'event.shuffle', window: 5 },
    { kind: 'event.duplicate', share: 0.1, copies: 2 },
    { kind: 'event.duplicate', share: 0.1, after: '1m' },
    { kind: 'lambda.kill', share: 0.15 },
    { kind: 'lambda.kill', share: 0.15, after: '5ms' },
    { kind: 'lambda.throttle', share: 0.1 },
    { kind: 'sink.status', code: 503, share: 0.2, nth: 1 },
  ],
  expect: ['promises', 'truthful-acknowledgement'],
};

/** What must not depend on when anything happened: how many copies a killed attempt leaves does, so they are left out. */
function timeless({ tally, objects, invocations, faultsFired, verdict, corpus }: RunResult, facts: readonly RunFact[]) {
  const struck = facts.flatMap((fact) => (fact.type === 'fault' ? [`${fact.kind} ${fact.objects?.join()}`] : []));
  const { duplicated, ...counts } = tally;
  return {
    fingerprint: corpus.fingerprint,
    counts: { ...counts, afterAcknowledgement: duplicated.afterAcknowledgement },
    objects,
    throttled: invocations.throttled,
    deadLettered: invocations.deadLettered,
    faultsFired: Object.entries(faultsFired).toSorted(([a], [b]) => a.localeCompare(b)),
    struck: struck.toSorted((a, b) => a.localeCompare(b)),
    verdict,
  };
}

/** Keeps a core busy while the work is done. */
async function withNoise<T>(work: () => Promise<T>): Promise<T> {
  const child = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  try {
    return await work();
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}

const rounds = Number(process.env['DETERMINISM_RUNS'] ?? 5);

test(
  `${rounds} runs of one seed strike the same and end the same, on a quiet machine and on a busy one`,
  { timeout: 900_000 },
  async () => {
    await using folder = testFolder();
    const seen: ReturnType<typeof timeless>[] = [];
    for (let round = 0; round < rounds; round++) {
      const runOnce = (): Promise<RunResult> => run(scenario, { out: join(folder.path, 'runs') });
      const result = await (round % 2 === 0 ? runOnce() : withNoise(runOnce));
      const events = readFileSync(join(folder.path, 'runs/latest/events.ndjson'), 'utf8').trimEnd().split('\n');
      seen.push(
        timeless(
          result,
          events.map((line) => JSON.parse(line) as RunFact),
        ),
      );
    }
    for (const again of seen) expect(again).toEqual(seen[0]);
    expect(seen[0]!.verdict).toEqual({ validity: 'pass', findings: [] });
    expect(seen[0]!.faultsFired.map(([kind]) => kind)).toEqual([
      'event.duplicate',
      'event.shuffle',
      'lambda.kill',
      'lambda.throttle',
      'sink.status',
    ]);
  },
);
