// Python code with SigNoz's real address in it, unchanged: as a plain process, and as a Lambda.

import { expect, test } from 'vitest';

import { run } from '../../src/index.ts';
import { testFolder } from '../cli/test-host.ts';
import { openEgressRig, runProgram } from '../sink/egress-rig.ts';
import { key } from '../sink/rig.ts';
import { openTestStore } from '../stores/open-test-store.ts';
import { environmentOf, forwarders } from './with-python.ts';

test('requests.post to the real address reaches the sink from a plain process', async (context) => {
  const python = await environmentOf(context, 'hard-coded');
  await using opened = await openEgressRig();
  const program = [
    'import os, sys',
    'from lambda_function import send',
    'print(send(sys.stdin.read().splitlines(), os.environ["SIGNOZ_KEY"]))',
  ].join('\n');
  const { stdout, stderr } = await runProgram(opened.egress, [python.path, '-c', program], {
    input: 'srcaddr dstaddr\n10.0.0.1 10.0.0.2\n10.0.0.3 10.0.0.4\n',
    env: { PYTHONPATH: `${forwarders}/hard-coded`, SIGNOZ_KEY: key, AWS_DEFAULT_REGION: 'us-east-1' },
  });
  expect([stdout, stderr]).toEqual(['2\n', '']);
  await opened.rig.sink.idle();
  expect(opened.rig.deliveries.map(({ path, headers }) => [path, headers['host']])).toEqual([
    ['/logs/json', 'ingest.us.signoz.cloud'],
  ]);
  const attributes = opened.rig.records.get(1)!.flatMap((record) => record.attributes);
  expect(attributes.filter((attribute) => attribute.key === 'srcaddr').map(({ value }) => value)).toEqual([
    '10.0.0.1',
    '10.0.0.3',
  ]);
});

test('boto3 that knows no endpoint of ours finds the store by its real name', async (context) => {
  const python = await environmentOf(context, 'hard-coded');
  await using store = await openTestStore();
  await store.createBucket('flow-logs');
  await store.put('flow-logs', 'k', Buffer.from('bytes'));
  await using opened = await openEgressRig({ storeEndpoint: store.address.endpoint });
  const program =
    'import boto3; print(boto3.client("s3").get_object(Bucket="flow-logs", Key="k")["Body"].read().decode())';
  const { stdout, stderr } = await runProgram(opened.egress, [python.path, '-c', program], {
    env: { AWS_DEFAULT_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
  });
  expect([stdout, stderr]).toEqual(['bytes\n', '']);
});

test('a Lambda with the real address in its code passes', async (context) => {
  await environmentOf(context, 'hard-coded');
  await using folder = testFolder();
  const scenario = { version: 1, name: 'hard-coded', traffic: { records: 500 }, objects: { maxRecords: 100 } };
  const result = await run(scenario, { target: `${forwarders}/hard-coded/flowrig.yaml`, out: folder.path });
  expect(result.verdict).toEqual({ validity: 'pass', findings: [] });
  expect(result.tally).toMatchObject({ expected: 500, delivered: 500 });
  expect(result.invocations).toMatchObject({ started: 5, coldStarts: 1 });
});
