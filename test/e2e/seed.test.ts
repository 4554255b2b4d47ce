// One seed, one set of bytes: in files, in the S3 of a run, and in every later run.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { S3Client, GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';

import { run, type RunResult } from '../../src/index.ts';
import { testFolder } from '../cli/test-host.ts';

/** Bytes by key, in base64 so that a difference is told by key. */
function filesBelow(folder: string): Map<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = entries.map((entry) => join(entry.parentPath, entry.name)).toSorted();
  return new Map(files.map((file) => [file.slice(folder.length + 1), readFileSync(file).toString('base64')]));
}

const scenario = {
  version: 1,
  name: 'seeded',
  seed: 11,
  traffic: { preset: 'web-vpc', records: 2000, nodata: 0.02 },
  objects: { maxRecords: 500 },
  expect: ['latency p99 < 1h'],
};

/** Runs it with a handler that asks the S3, at each event, for all that is there; returns what stood there in the end. */
async function storedObjects(out: string, seed: number): Promise<{ stored: Map<string, string>; result: RunResult }> {
  const stored = new Map<string, string>();
  const result = await run(scenario, {
    seed,
    out,
    async handler(_event, { s3Endpoint, bucket }) {
      const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
      const s3 = new S3Client({ endpoint: s3Endpoint, region: 'us-east-1', forcePathStyle: true, credentials });
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
      for (const { Key } of Contents) {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
        stored.set(Key!, Buffer.from(await Body!.transformToByteArray()).toString('base64'));
      }
      s3.destroy();
    },
  });
  return { stored, result };
}

test('one seed writes the same bytes in two generations and in the S3 of two runs; another seed writes others', async () => {
  await using folder = testFolder();
  folder.write('seeded.yaml', JSON.stringify(scenario));
  for (const [out, seed] of [
    ['a', '11'],
    ['b', '11'],
    ['c', '12'],
  ] as const) {
    const told = await folder.flowrig('generate', '--scenario', 'seeded.yaml', '--seed', seed, '--out', out);
    expect(told.stderr).toBe('');
    expect(told.stdout).toMatch(/^2,000 records in 4 files \(\d+ KiB\) below /);
    expect(told.exitCode).toBe(0);
  }
  const generated = filesBelow(join(folder.path, 'a'));
  expect(generated.size).toBe(4);
  expect(filesBelow(join(folder.path, 'b'))).toEqual(generated);
  const others = filesBelow(join(folder.path, 'c'));
  expect([...others.values()].filter((bytes) => [...generated.values()].includes(bytes))).toEqual([]);

  const first = await storedObjects(join(folder.path, 'runs'), 11);
  const second = await storedObjects(join(folder.path, 'runs'), 11);
  const third = await storedObjects(join(folder.path, 'runs'), 12);
  expect(first.stored).toEqual(generated);
  expect(second.stored).toEqual(generated);
  expect(third.stored).toEqual(others);
  expect(first.result.corpus.fingerprint).toMatch(/^[0-9a-f]{64}$/);
  expect(second.result.corpus).toEqual(first.result.corpus);
  expect(third.result.corpus.fingerprint).not.toBe(first.result.corpus.fingerprint);
});

test('generate refuses a folder that is not empty, unless it is told to', async () => {
  await using folder = testFolder();
  const generate = (...more: string[]) => folder.flowrig('generate', '--records', '10', '--out', '.', ...more);
  folder.write('mine.txt', 'mine');
  const refused = await generate();
  expect(refused.stderr).toBe(`--out .: ${folder.path} is not empty. Give another folder, or --force.\n`);
  expect(refused.exitCode).toBe(3);
  expect((await generate('--force', '--plain')).exitCode).toBe(0);
  const files = filesBelow(folder.path);
  expect([...files.keys()].filter((name) => name.endsWith('.log'))).toHaveLength(1);
  expect(files.get('mine.txt')).toBe(Buffer.from('mine').toString('base64'));
});
