// The shipped scenarios on LocalStack: the same as on the embedded S3, and nothing of them is left there.

import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';

import type { RunResult } from '../../src/index.ts';
import { testFolder } from '../cli/test-host.ts';
import { address, needsLocalstack } from './with-localstack.ts';

needsLocalstack();

const { endpoint, region, accessKeyId, secretAccessKey } = address;

test('quickstart and core pass on LocalStack as on the embedded S3', { timeout: 180_000 }, async () => {
  await using folder = testFolder({ LOCALSTACK_ENDPOINT: endpoint });
  const words = ['quickstart', 'core', '--set', 'store.kind=localstack', '--json', '--quiet'];
  const { exitCode, stdout } = await folder.flowrig('run', ...words);
  const results = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as RunResult & { scenario: { name: string; store: object } });
  expect(results.map(({ scenario, verdict }) => `${scenario.name}: ${verdict.validity}`)).toEqual([
    'quickstart: pass',
    'all-reject: pass',
    'aws-examples: pass',
    'header-only: pass',
    'lambda-timeout: pass',
    'nodata-skipdata: pass',
    'sink-429: pass',
  ]);
  expect(results[0]!.tally).toMatchObject({ expected: 200_000, delivered: 200_000 });
  expect(results[0]!.scenario.store).toMatchObject({ kind: 'localstack', bucket: 'flow-logs' });
  expect(exitCode).toBe(0);
  const s3 = new S3Client({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
  const { Buckets } = await s3.send(new ListBucketsCommand({ Prefix: 'flow-logs' }));
  expect(Buckets ?? []).toEqual([]);
  s3.destroy();
});
