// What LocalStack's S3 itself notifies, as a trigger: a mapping and a poller work on it, and where it is not AWS's word it is said here.

import { join } from 'node:path';

import { expect, test } from 'vitest';

import { openClock } from '../../src/core/clock.ts';
import { run } from '../../src/index.ts';
import { defaultLocalstackImage, openLocalstack } from '../../src/stores/localstack.ts';
import { testFolder } from '../cli/test-host.ts';
import { address, needsLocalstack } from './with-localstack.ts';

needsLocalstack();

const { endpoint, region } = address;
const scenario = {
  version: 1,
  seed: 5,
  traffic: { preset: 'web-vpc', records: 1200 },
  objects: { maxRecords: 100 },
  trigger: { kind: 'store-sqs' },
  expect: ['promises', 'truthful-acknowledgement'],
};

test('a mapping and a poller are told of every object once, by LocalStack itself', async () => {
  await using folder = testFolder();
  const options = { out: folder.path };
  const [invoked, polled] = await Promise.all([
    run({ ...scenario, name: 'mapping', store: { kind: 'localstack', endpoint, bucket: 'mapping' } }, options),
    run(
      { ...scenario, name: 'poller', store: { kind: 'localstack', endpoint, bucket: 'poller' }, ...poller() },
      options,
    ),
  ]);
  for (const { verdict, tally } of [invoked, polled]) {
    expect(verdict).toEqual({ validity: 'pass', findings: [] });
    expect(tally).toMatchObject({ expected: 1200, delivered: 1200 });
  }
  expect(invoked.invocations).toMatchObject({ failed: 0, retried: 0 });
});

test('LocalStack differs from AWS: %20 for a space in a key, one sequencer for all, request ids that no PUT had', async () => {
  await using store = await openLocalstack({ clock: openClock(), region, endpoint, image: defaultLocalstackImage });
  await store.createBucket('events');
  await using notifications = await store.openNotifications!('events');
  const key = 'AWSLogs/aws-account-id=1/a b+c é.log.gz';
  const puts = [await store.put('events', key, Buffer.from('1')), await store.put('events', key, Buffer.from('2'))];
  const bodies: string[] = [];
  while (bodies.length < 2) bodies.push(...(await notifications.receive(AbortSignal.timeout(20_000))));
  const records = bodies.flatMap((body) => (JSON.parse(body) as { Records: Record[] }).Records);
  // AWS: a+b%2B..., as forms encode it.
  expect(records.map(({ s3 }) => s3.object.key)).toEqual(
    Array(2).fill('AWSLogs/aws-account-id%3D1/a%20b%2Bc%20%C3%A9.log.gz'),
  );
  expect(new Set(records.map(({ s3 }) => s3.object.sequencer)).size).toBe(1);
  const ids = records.map(({ responseElements }) => responseElements['x-amz-request-id']);
  expect(ids).not.toContain(puts[0]!.requestId);
  expect(ids).not.toContain(puts[1]!.requestId);
  expect(records.map(({ s3 }) => s3.object.eTag).toSorted()).toEqual(puts.map(({ etag }) => etag).toSorted());
});

/** Of S3's record, what AWS and LocalStack word differently. */
interface Record {
  readonly responseElements: { readonly 'x-amz-request-id': string };
  readonly s3: { readonly object: { readonly key: string; readonly sequencer: string; readonly eTag: string } };
}

function poller(): object {
  return {
    target: {
      kind: 'command',
      command: [process.execPath, join(import.meta.dirname, '../targets/commands/poller.mjs'), '${sqs.queueUrl}'],
      env: { SIGNOZ_JSON_URL: '${sink.jsonUrl}', SIGNOZ_KEY: '${sink.key}' },
      ready: { log: 'polling' },
    },
    drain: { quiet: '500ms' },
  };
}
