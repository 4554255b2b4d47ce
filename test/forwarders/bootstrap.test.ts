// Forwarders without a runtime of AWS's, as `bootstrap` programs in a shell and in Go, through the whole rig.

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import { expect, test, type TestContext } from 'vitest';

import { run } from '../../src/index.ts';
import { testFolder } from '../cli/test-host.ts';

/** Throttled once, with NODATA and SKIPDATA lines, and an object that Lambda announces twice. */
async function expectToPass(code: string): Promise<void> {
  await using folder = testFolder();
  const scenario = {
    version: 1,
    name: 'bootstrap',
    seed: 5,
    traffic: { preset: 'web-vpc', records: 3000, nodata: 0.02, skipdata: 0.001 },
    objects: { maxRecords: 1500 },
    target: {
      kind: 'lambda',
      runtime: 'provided.al2023',
      code,
      memory: '256MB',
      timeout: '60s',
      env: { SIGNOZ_JSON_URL: '${sink.jsonUrl}', SIGNOZ_KEY: '${sink.key}' },
    },
    faults: [
      { kind: 'sink.status', code: 429, retryAfter: '1s', nth: 1 },
      { kind: 'event.duplicate', nth: 2 },
    ],
    expect: ['promises', 'retry-after-honoured', 'truthful-acknowledgement'],
  };
  const result = await run(scenario, { out: folder.path });
  expect(result.verdict).toEqual({ validity: 'pass', findings: [] });
  expect(result.target.runtime).toBe('provided.al2023');
  expect(result.tally).toMatchObject({ expected: 3000, delivered: 3000, duplicated: { afterDuplicateEvent: 1500 } });
  expect(result.invocations).toMatchObject({ started: 3, succeeded: 3 });
}

/** Skips the test where a program is not to be had. */
function need({ skip }: TestContext, program: string, ...argv: string[]): void {
  try {
    execFileSync(program, argv, { stdio: 'ignore' });
  } catch {
    skip(`${program} is not on this machine`);
  }
}

test('a forwarder that is a shell script passes, throttled and told twice of an object', async (context) => {
  need(context, 'curl', '--version');
  need(context, 'awk', 'BEGIN {}');
  await expectToPass(join(import.meta.dirname, 'shell'));
});

test('a forwarder that is a program in Go passes, throttled and told twice of an object', async (context) => {
  need(context, 'go', 'version');
  await using folder = testFolder();
  execFileSync('go', ['build', '-o', join(folder.path, 'bootstrap'), '.'], {
    cwd: join(import.meta.dirname, 'go'),
    env: { ...process.env, CGO_ENABLED: '0', GOTOOLCHAIN: 'local', GOFLAGS: '-mod=mod' },
  });
  await expectToPass(folder.path);
}, 180_000);
