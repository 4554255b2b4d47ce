// Runs in which the sink goes wrong: what the ledger books, and what the verdict says of it.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, test } from 'vitest';

import { run, type RunResult } from '../../src/index.ts';
import { pipeline } from './situation.ts';

const folder = mkdtempSync(join(tmpdir(), 'flowrig-sink-faults-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** 4 objects of 250 records for our own forwarder, or for code given. */
function runWith(over: object, code?: string): Promise<RunResult> {
  const env = { SIGNOZ_JSON_URL: '${sink.jsonUrl}', SIGNOZ_KEY: '${sink.key}' };
  const target = code && { kind: 'lambda', code, memory: '512MB', timeout: '60s', concurrency: 1, env };
  const scenario = {
    version: 1,
    seed: 7,
    traffic: { preset: 'web-vpc', records: 1000 },
    objects: { maxRecords: 250 },
    ...(target ? { target } : {}),
    ...over,
  };
  return run(scenario, { out: folder });
}

/** A forwarder of the zoo's pipeline with steps of its own. */
function forwarder(name: string, steps: string): string {
  const code = join(folder, `${name}.mjs`);
  writeFileSync(
    code,
    `import { newHandler, post, steps } from ${JSON.stringify(pipeline)};\nexport const handler = newHandler(${steps});\n`,
  );
  return code;
}

/** Leaves every retry to Lambda. */
const givesUp = forwarder(
  'gives-up',
  '{ async send(records) { const { ok, status } = await post(records); if (!ok) throw new Error(`SigNoz answered ${status}`); } }',
);

const findings = ({ verdict }: RunResult): string[] => verdict.findings.map(({ id }) => id);

test.each([
  ['an error behind a commit', { kind: 'sink.commit-then', nth: 1 }],
  ['a reset behind a commit', { kind: 'sink.reset', at: 'after-commit', nth: 1 }],
])('copies after %s are nobody’s fault', async (_, fault) => {
  const result = await runWith({ faults: [fault], promises: { delivery: 'exactly-once' } });
  expect(result.tally).toMatchObject({
    delivered: 1000,
    missing: 0,
    duplicated: { afterLostReply: 1000, afterAcknowledgement: 0, afterFailedInvocation: 0, afterDuplicateEvent: 0 },
  });
  expect([result.verdict, result.sink.replyLost, result.sink.accepted]).toEqual([
    { validity: 'pass', findings: [] },
    4,
    4,
  ]);
});

test('what a blackhole acknowledged is missing, and the witnesses name the request and the fault', async () => {
  const result = await runWith({ faults: [{ kind: 'sink.blackhole', share: 0.5 }] });
  expect(findings(result)).toEqual(['lost-records']);
  const lost = result.verdict.findings[0]!;
  expect(result.tally.missing).toBe(250 * result.faultsFired['sink.blackhole']!);
  for (const { note } of lost.witnesses) {
    expect(note).toMatch(/succeeded; request \d brought it: acknowledged by sink.blackhole, which kept nothing$/);
  }
});

test('the records that a partial success rejects are missing, and only they', async () => {
  const right = forwarder('right', '{}');
  const otlp = await runWith({ faults: [{ kind: 'sink.partial-success', rejected: 7, nth: 1 }], expect: ['no-loss'] });
  // Our forwarder fails the invocation and Lambda's retry brings them.
  expect(otlp.tally).toMatchObject({ delivered: 1000, missing: 0 });
  const flat = await runWith({ faults: [{ kind: 'sink.partial-success', rejected: 7 }] }, right);
  expect(findings(flat)).toEqual(['fault-never-fired']);
});

test('an outage of six hours passes in seconds: Lambda’s two retries end, and dead letters hold what is left', async () => {
  const result = await runWith({ faults: [{ kind: 'sink.outage', for: '6h' }] }, givesUp);
  expect(result.skippedMs).toBeGreaterThan(2 * 60_000);
  expect(result.tally).toMatchObject({ delivered: 0, missing: 0, deadLettered: 1000 });
  expect(result.invocations).toMatchObject({ started: 12, failed: 12, retried: 8, deadLettered: 4 });
  // Objects that a fault touched may end there.
  expect(result.verdict.validity).toBe('pass');
});

test('an outage of two minutes is over before Lambda’s last retry', async () => {
  const result = await runWith({ faults: [{ kind: 'sink.outage', for: '2m' }] }, givesUp);
  expect(result.tally).toMatchObject({ delivered: 1000, missing: 0, deadLettered: 0 });
  expect(result.verdict.validity).toBe('pass');
});

test('a quota is waited out by Lambda’s retries, which take no time of the machine', async () => {
  // A second's worth is four records: after the first batch another one passes 250 / 4 seconds later.
  const result = await runWith({ faults: [{ kind: 'sink.quota', records: 4 }], expect: ['no-loss'] }, givesUp);
  expect(result.tally).toMatchObject({ missing: 0, delivered: 500, deadLettered: 500 });
  expect(result.faultsFired['sink.quota']).toBeGreaterThan(4);
});

test('records dated 20 days ago are kept and yet invisible, where that is judged', async () => {
  const old = forwarder(
    'stamps-the-past',
    '{ toRecord: (line, names) => ({ ...steps.toRecord(line, names), timestamp: (Number(line.split(" ")[11]) - 20 * 86400) * 1000 }) }',
  );
  const result = await runWith({ expect: ['no-loss', 'visible-in-signoz'] }, old);
  expect(result.tally).toMatchObject({ delivered: 1000, missing: 0 });
  expect(findings(result)).toEqual(['invisible-in-signoz']);
  const [{ summary, witnesses }] = result.verdict.findings as [RunResult['verdict']['findings'][number]];
  expect(summary).toMatch(/^1,000 records arrived with a timestamp more than 15 days ago: .*, the first in request 1$/);
  expect(witnesses[0]).toMatchObject({ deliveries: [1], note: expect.stringMatching(/^its timestamp is 2025-12-/) });
  expect(findings(await runWith({}, old))).not.toContain('invisible-in-signoz');
});
