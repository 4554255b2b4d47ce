// What the faults of the store mean to the verdict: what is withheld for good is not owed, what comes at the second try is.

import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { expect, test } from 'vitest';

import { run, type Handler, type RunResult } from '../../src/index.ts';
import { testFolder } from '../cli/test-host.ts';

interface S3Event {
  readonly Records: readonly { readonly s3: { readonly object: { readonly key: string } } }[];
}

/** Sends each object's lines as they stand; an object that S3 does not give is passed over without a word. */
const passesOver: Handler = async (event, { s3Endpoint, bucket, jsonUrl, key }) => {
  for (const { s3 } of (event as S3Event).Records) {
    const answer = await fetch(`${s3Endpoint}/${bucket}/${s3.object.key.replaceAll('%3D', '=')}`);
    if (!answer.ok) continue;
    const [, ...lines] = gunzipSync(await answer.bytes())
      .toString()
      .trimEnd()
      .split('\n');
    await fetch(jsonUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'signoz-ingestion-key': key },
      body: JSON.stringify(lines.map((body) => ({ body }))),
    });
  }
};

async function runWith(faults: readonly object[], over: object = {}): Promise<RunResult> {
  await using folder = testFolder();
  const scenario = {
    version: 1,
    name: 'store-faults',
    traffic: { preset: 'web-vpc', records: 400 },
    objects: { maxRecords: 50 },
    faults,
    ...over,
  };
  return await run(scenario, { handler: passesOver, out: join(folder.path, 'runs') });
}

test('what is withheld for good is optional, and each strike is counted', async () => {
  const { verdict, tally, faultsFired } = await runWith([{ kind: 'store.denied', share: 0.5 }]);
  expect(verdict).toEqual({ validity: 'pass', findings: [] });
  const struck = faultsFired['store.denied']!;
  expect(struck).toBeGreaterThan(0);
  expect(tally).toMatchObject({ expected: 400 - 50 * struck, delivered: 400 - 50 * struck, notOwed: 50 * struck });
});

test('what comes at the next GET is owed', async () => {
  const { verdict, tally } = await runWith([
    { kind: 'store.missing', nth: 1 },
    { kind: 'store.hang', nth: 99 },
  ]);
  expect(tally).toMatchObject({ expected: 400, missing: 400, notOwed: 0 });
  const ids = verdict.findings.map(({ id, validity }) => `${id} ${validity}`);
  expect(ids).toEqual(['lost-records fail', 'fault-never-fired unknown']);
});

test('a fault of the store stands beside the embedded store alone', async () => {
  const store = { kind: 'endpoint', endpoint: 'http://127.0.0.1:1', accessKeyId: 'a', secretAccessKey: 'b' };
  await expect(runWith([{ kind: 'store.denied' }], { store })).rejects.toMatchObject({
    problems: [{ message: expect.stringContaining('store.denied strikes at the embedded S3 only') }],
  });
});
