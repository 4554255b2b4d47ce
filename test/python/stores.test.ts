// The embedded S3, which verifies signatures here, as boto3 and the AWS CLI meet it: streams in chunks with trailers, uploads in parts,
// presigned URLs, listings.

import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { expect, test } from 'vitest';

import { testFolder } from '../cli/test-host.ts';
import { openTestStore } from '../stores/open-test-store.ts';
import { environmentOf } from './with-python.ts';

const execute = promisify(execFile);

test('boto3 finds S3’s behaviour', async (context) => {
  const { path } = await environmentOf(context, 'right');
  await using store = await openTestStore({ memoryBytes: 0, verifySignatures: true });
  const { endpoint, accessKeyId, secretAccessKey } = store.address;
  const script = join(import.meta.dirname, 'stores/contract.py');
  const { stdout } = await execute(path, [script, endpoint, accessKeyId, secretAccessKey]);
  // Every other line is a behaviour that failed.
  expect(stdout).toBe('done\n');
});

test('the AWS CLI copies a file there and back, in parts', async (context) => {
  await using store = await openTestStore({ verifySignatures: true });
  const { endpoint, region, accessKeyId, secretAccessKey } = store.address;
  const env = {
    ...process.env,
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  };
  const aws = async (...words: string[]): Promise<string> => (await execute('aws', words, { env })).stdout;
  if ((await aws('--version').catch(() => undefined)) === undefined) context.skip('there is no AWS CLI here');
  await using folder = testFolder();
  const [from, to] = [join(folder.path, 'from'), join(folder.path, 'to')];
  writeFileSync(from, randomBytes(9_000_000));
  await aws('s3', 'mb', 's3://cli');
  await aws('s3', 'cp', from, 's3://cli/a b/é.bin', '--quiet');
  expect(await aws('s3', 'ls', 's3://cli', '--recursive')).toMatch(/ 9000000 a b\/é\.bin\n$/);
  await aws('s3', 'cp', 's3://cli/a b/é.bin', to, '--quiet');
  expect(readFileSync(to).equals(readFileSync(from))).toBe(true);
});
