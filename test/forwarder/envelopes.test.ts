// Events in every wrapping that AWS puts around them: queues, topics, EventBridge, and what else arrives there.

import { expect, test } from 'vitest';

import { flowLine, openRig, s3Event } from './fixtures.ts';

const sns = (message: unknown): object => ({ Type: 'Notification', Message: JSON.stringify(message) });
const sqs = (...bodies: unknown[]): object => ({
  Records: bodies.map((body, index) => ({
    eventSource: 'aws:sqs',
    messageId: `m${index}`,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })),
});
const eventBridge = (key: string, detailType = 'Object Created'): object => ({
  source: 'aws.s3',
  'detail-type': detailType,
  region: 'eu-west-1',
  detail: { bucket: { name: 'logs' }, object: { key, etag: 'etag-1', sequencer: '00' } },
});

const key = 'a b+c=1.log.gz';

test.each([
  ['a queue', sqs(s3Event(key))],
  ['a topic', { Records: [{ EventSource: 'aws:sns', Sns: { Message: JSON.stringify(s3Event(key)) } }] }],
  ['a queue behind a topic', sqs(sns(s3Event(key)))],
  ['EventBridge, which encodes no key', eventBridge(key)],
  ['a queue behind EventBridge', sqs(eventBridge(key))],
  ['a queue behind a topic behind EventBridge', sqs(sns(eventBridge(key)))],
])('an object is forwarded when its event comes by %s', async (_way, event) => {
  await using rig = await openRig();
  rig.putLog(key, [flowLine(0)]);
  expect(await rig.send(event, 900_000)).toEqual({ objects: 1, records: 1 });
  expect(rig.sink.bodies()).toEqual([flowLine(0)]);
});

test.each([
  ['a test message', sqs({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'logs' })],
  ['a test message behind a topic', sqs(sns({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'logs' }))],
  ['a request to confirm a subscription', sqs({ Type: 'SubscriptionConfirmation', SubscribeURL: 'https://a.invalid' })],
  ['a deletion by EventBridge', eventBridge(key, 'Object Deleted')],
])('%s is done by being read', async (_what, event) => {
  await using rig = await openRig();
  expect(await rig.send(event, 900_000)).toEqual({ objects: 0, records: 0 });
  expect(JSON.parse(rig.log[0]!)).toMatchObject({ EventsIgnored: 1 });
});

const mixed = sqs(s3Event('good'), 'no JSON', s3Event('bad'), { other: 1 }, s3Event('good'));

test('of a batch, all that can be forwarded is, before the batch fails', async () => {
  await using rig = await openRig();
  rig.putLog('good', [flowLine(0)]);
  rig.put('bad', Buffer.from('1f8b0800', 'hex'));
  await expect(rig.send(mixed, 900_000)).rejects.toThrow('3 of 5 items of the event were not forwarded.');
  expect(rig.sink.bodies()).toEqual([flowLine(0), flowLine(0)]);
});

test('with BATCH_FAILURES=report the answer names the messages that failed, each once, and no other', async () => {
  await using rig = await openRig({ BATCH_FAILURES: 'report' });
  rig.putLog('good', [flowLine(0)]);
  rig.put('bad', Buffer.from('1f8b0800', 'hex'));
  expect(await rig.send(mixed, 900_000)).toEqual({
    objects: 2,
    records: 2,
    batchItemFailures: [{ itemIdentifier: 'm1' }, { itemIdentifier: 'm2' }, { itemIdentifier: 'm3' }],
  });
  expect(await rig.send(sqs(s3Event('bad', 'bad')), 900_000)).toMatchObject({
    batchItemFailures: [{ itemIdentifier: 'm0' }],
  });
  // Without messages there is nobody to name.
  await expect(rig.send(s3Event('bad'), 900_000)).rejects.toThrow('bad');
});
