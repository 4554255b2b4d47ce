import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { ensureForwarderBundle } from '../../src/targets/bundle-forwarder.ts';
import { flowLines, header, s3Event, serveS3, serveSink } from './fixtures.ts';

const run = promisify(execFile);

/** Loads the bundle as a Lambda runtime would and hands it one event. */
const loop = `
  const { handler } = await import(process.argv[1]);
  console.log(JSON.stringify(await handler(JSON.parse(process.argv[2]), { getRemainingTimeInMillis: () => 60000 })));
`;

test('the bundle forwards by the environment of a Lambda function alone', async () => {
  await using s3 = await serveS3();
  await using sink = await serveSink();
  s3.objects.set('logs/a b.log.gz', { body: gzipSync([header, ...flowLines(3)].join('\n')), etag: 'etag-1' });
  const file = await ensureForwarderBundle();
  const event = JSON.stringify(s3Event('a b.log.gz'));
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', loop, file, event], {
    env: {
      AWS_ENDPOINT_URL_S3: s3.url,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 'b',
      SIGNOZ_ENDPOINT: sink.url,
      SIGNOZ_INGESTION_KEY: 'secret-key-1',
    },
  });
  const [summary, result] = stdout.trim().split('\n');
  expect(JSON.parse(result!)).toEqual({ objects: 1, records: 3 });
  expect(JSON.parse(summary!)).toMatchObject({ LinesRead: 4, RecordsDelivered: 3, LinesUndelivered: 0, ColdStarts: 1 });
  expect(stdout).not.toMatch(/eni-|secret-key-1/);
  expect(sink.bodies()).toEqual(flowLines(3));
});

test('wrong settings fail the cold start with one message that names them all', async () => {
  const file = await ensureForwarderBundle();
  const env = { SIGNOZ_ENDPOINT: 'ingest.us.signoz.cloud', BODY: 'some', INFLIGHT: '0' };
  const failed = run(process.execPath, ['--input-type=module', '-e', loop, file, '{}'], { env });
  await expect(failed).rejects.toThrow(
    `The forwarder's settings are wrong. SIGNOZ_ENDPOINT is "ingest.us.signoz.cloud"; it must be scheme, host and port without a path, such as https://ingest.us.signoz.cloud:443. SIGNOZ_INGESTION_KEY is not set; SigNoz Cloud takes nothing without it. BODY is "some"; it must be raw or none. INFLIGHT is "0"; it must be a whole number from 1 to 16.`,
  );
});

test('callers at the same time get the same whole bundle and leave nothing beside it', async () => {
  const files = await Promise.all([ensureForwarderBundle(), ensureForwarderBundle(), ensureForwarderBundle()]);
  expect(new Set(files).size).toBe(1);
  expect(gzipSync(await readFile(files[0]!)).length).toBeLessThan(400 * 1024);
  const beside = (await readdir(path.dirname(files[0]!))).filter((name) => name.startsWith('index.mjs'));
  expect(beside).toEqual(['index.mjs', 'index.mjs.map']);
});
