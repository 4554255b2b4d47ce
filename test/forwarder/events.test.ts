import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeKey, readEvent } from '../../src/forwarder/event.ts';
import { flowLine, openRig, s3Event, s3Record } from './fixtures.ts';

test('every record of an event is forwarded', async () => {
  await using rig = await openRig();
  const keys = ['1.gz', '2.gz', '3.gz', '4.gz', '5.gz'];
  for (const [i, key] of keys.entries()) rig.putLog(key, [flowLine(i)]);
  expect(await rig.forward(...keys)).toEqual({ objects: 5, records: 5 });
  expect(rig.sink.bodies()).toEqual([0, 1, 2, 3, 4].map(flowLine));
});

test.each([
  ['a+b+c%2B%C3%A9%3D1%2525.log.gz', 'a b c+é=1%25.log.gz'],
  ['aws-region%3Deu-west-1/year%3D2026/x.log.gz', 'aws-region=eu-west-1/year=2026/x.log.gz'],
  ['100%.gz', '100%.gz'],
  ['%E0%A4%A.gz', '%E0%A4%A.gz'],
])('the key %s is the object %s', async (encoded, key) => {
  await using rig = await openRig();
  rig.putLog(key, [flowLine(0)]);
  await rig.send({ Records: [s3Record(encoded)] }, 900_000);
  expect(rig.sink.bodies()).toEqual([flowLine(0)]);
});

test('any key comes back from its encoding', () => {
  const encode = (key: string): string => encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (key) => decodeKey(encode(key)) === key),
    { seed: 7 },
  );
});

test('the version of the event is read where there is one', () => {
  const record = s3Record('a', { versionId: 'v-1', eTag: 'etag-1' });
  expect(readEvent({ Records: [record] })).toEqual([
    {
      kind: 'object',
      object: {
        bucket: 'logs',
        key: 'a',
        versionId: 'v-1',
        etag: 'etag-1',
        region: 'us-east-1',
        eventTime: '2026-01-01T00:00:05.000Z',
      },
    },
  ]);
});

test.each([
  ['a test event', { Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'logs' }],
  ['a deletion', { Records: [{ ...s3Record('a'), eventName: 'ObjectRemoved:Delete' }] }],
])('%s succeeds and reads nothing', async (_what, event) => {
  await using rig = await openRig();
  expect(await rig.send(event, 900_000)).toEqual({ objects: 0, records: 0 });
  expect(rig.s3.gets).toHaveLength(0);
  expect(JSON.parse(rig.log[0]!)).toMatchObject({ EventsIgnored: 1 });
});

test.each([
  [{ hello: 1, world: 2 }, 'hello, world'],
  [{}, 'none'],
  [[], 'object'],
  ['text', 'string'],
])('an event of another kind fails: %j', async (event, keys) => {
  await using rig = await openRig();
  await expect(rig.send(event, 900_000)).rejects.toThrow(
    `The event is no S3 notification (its keys: ${keys}). Invoke this function from S3, SQS, SNS or EventBridge.`,
  );
});

test('a record that names no object fails without the others', async () => {
  await using rig = await openRig();
  rig.putLog('a', [flowLine(0)]);
  const event = { Records: [{ eventSource: 'aws:s3', eventName: 'ObjectCreated:Put' }, s3Record('a')] };
  await expect(rig.send(event, 900_000)).rejects.toThrow(
    '1 of 2 items of the event were not forwarded. An S3 record names no bucket or no key.',
  );
  expect(rig.sink.bodies()).toEqual([flowLine(0)]);
});

test('many invocations of one sandbox keep nothing of each other', async () => {
  await using rig = await openRig();
  rig.putLog('good.gz', [flowLine(0)]);
  rig.put('bad.gz', Buffer.from('1f8b0800', 'hex'));
  for (let i = 0; i < 10; i++) {
    await rig.forward('good.gz');
    await expect(rig.send(s3Event('bad.gz'), 900_000)).rejects.toThrow('bad.gz');
  }
  expect(rig.sink.bodies()).toEqual(Array(10).fill(flowLine(0)));
});
