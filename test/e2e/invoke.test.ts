// `flowrig invoke`: one event, seen from outside.

import { expect, test } from 'vitest';

import { forwarderFolder, rightForwarder } from './situation.ts';

test('without an event S3’s own about a generated object is sent, and what reached the sink is shown', async () => {
  await using folder = forwarderFolder(rightForwarder);
  const { exitCode, stdout, stderr } = await folder.flowrig('invoke', 'scenario.yaml');
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^answer {4}null\n/);
  expect(stdout).toMatch(/^log {7}START RequestId: /m);
  expect(stdout).toContain('POST /logs/json -> 200 (acknowledged), 100 records');
  expect(stdout).toMatch(/"interface-id","value":\{"stringValue":"eni-/);
});

test('an event may name any bucket and key: the generated object is there', async () => {
  const source = `
    import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
    const s3 = new S3Client({ forcePathStyle: true });
    export async function handler({ Records: [{ body }] }) {
      const { bucket, object } = JSON.parse(body).Records[0].s3;
      const { ContentLength } = await s3.send(new GetObjectCommand({ Bucket: bucket.name, Key: decodeURIComponent(object.key) }));
      return { bucket: bucket.name, isThere: ContentLength > 0 };
    }`;
  await using folder = forwarderFolder(source);
  const message = { Records: [{ s3: { bucket: { name: 'my-logs' }, object: { key: 'a%3Db/c.log.gz' } } }] };
  folder.write('event.json', JSON.stringify({ Records: [{ body: JSON.stringify(message) }] }));
  const told = await folder.flowrig('invoke', '--event', 'event.json', '--json', 'scenario.yaml');
  const result = JSON.parse(told.stdout);
  expect(result.invocation).toEqual({ status: 'succeeded', payload: { bucket: 'my-logs', isThere: true } });
  expect(result).toMatchObject({ formatVersion: 1, deliveries: [], invocations: { started: 1 } });
  // It said that it was done with a hundred records, and sent none.
  expect(result.verdict.findings.map(({ id }: { id: string }) => id)).toEqual(['lost-records']);
  expect(told.exitCode).toBe(1);
});

test('an event that names no object owes nothing, and is invoked once whatever comes of it', async () => {
  await using folder = forwarderFolder(
    `export const handler = async ({ Event }) => { console.log('saw', Event); throw new TypeError('no Records'); };`,
  );
  folder.write('event.json', '{"Event":"s3:TestEvent"}');
  const { exitCode, stdout } = await folder.flowrig('invoke', '--event', 'event.json', 'scenario.yaml');
  expect(exitCode).toBe(1);
  expect(stdout).toContain('error     TypeError: no Records');
  expect(stdout.match(/saw s3:TestEvent/g)).toHaveLength(1);
  expect(stdout).toContain('sink      nothing came');
});

test('`--json` tells each delivery with what the receiver handed on', async () => {
  await using folder = forwarderFolder(rightForwarder);
  const { exitCode, stdout } = await folder.flowrig('invoke', '--json', 'scenario.yaml');
  const result = JSON.parse(stdout);
  expect(exitCode).toBe(0);
  expect(result.tally).toMatchObject({ expected: 100, delivered: 100 });
  const [{ resourceLogs, ...delivery }] = result.deliveries;
  expect(delivery).toMatchObject({ sequence: 1, statusCode: 200, recordCount: 100, path: '/logs/json' });
  const logs = resourceLogs as readonly { scopeLogs: readonly { logRecords: readonly unknown[] }[] }[];
  expect(logs.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords))).toHaveLength(100);
});

test.for([
  ['missing.json', undefined, 'missing.json: cannot be read'],
  ['event.json', '{"a":', 'event.json: is no JSON'],
] as const)('an event file that is no event is a sentence: %s', async ([name, text, sentence]) => {
  await using folder = forwarderFolder(rightForwarder);
  if (text !== undefined) folder.write(name, text);
  const { exitCode, stderr } = await folder.flowrig('invoke', '--event', name, 'scenario.yaml');
  expect(exitCode).toBe(3);
  expect(stderr).toContain(sentence);
});
