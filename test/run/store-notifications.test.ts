// A target may configure the bucket itself: what it writes there then comes to it, as S3 tells it.

import {
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  S3Client,
  type NotificationConfiguration,
} from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';

import { storeNotices } from '../../src/run/store-notifications.ts';
import { openTestStore } from '../stores/open-test-store.ts';
import { openTriggerRig, succeeded } from '../triggers/rig.ts';

const Events = ['s3:ObjectCreated:*' as const];
const created = {
  Records: [{ eventName: 'ObjectCreated:Put', s3: { object: { key: 'a+b/%C3%A9.json', size: 2 } } }],
};
const testEvent = { Event: 's3:TestEvent', Bucket: 'bucket' };
const arn = (service: string, resource: string): string => `arn:aws:${service}:us-east-1:123456789012:${resource}`;
const function_ = {
  LambdaFunctionConfigurations: [{ LambdaFunctionArn: arn('lambda', 'function:forwarder'), Events }],
};
const queue = { QueueConfigurations: [{ QueueArn: arn('sqs', 'flow-logs'), Events }] };
const topic = { TopicConfigurations: [{ TopicArn: arn('sns', 'flow-logs'), Events }] };

interface Told {
  /** What the function got, or what was found in the queue. */
  readonly invoked: readonly unknown[];
  readonly queued: readonly unknown[];
}

async function configureAndPut(kind: string, NotificationConfiguration: NotificationConfiguration): Promise<Told> {
  const isQueue = kind.endsWith('sqs');
  await using rig = await openTriggerRig(() => succeeded, { kind, drive: isQueue ? 'polling' : 'invoked' });
  const notices = storeNotices({ trigger: { kind }, target: {} }, () => rig.queues);
  await using store = await openTestStore({ notifications: notices });
  await store.createBucket('bucket');
  const { endpoint, region, ...credentials } = store.address;
  const s3 = new S3Client({ endpoint, region, credentials });
  await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket: 'bucket', NotificationConfiguration }));
  // What is told before the trigger is there waits for it.
  notices.lead(rig.trigger);
  await s3.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'a b/é.json', Body: '{}' }));
  s3.destroy();
  if (!isQueue) await rig.settled();
  const queued = rig.queues.main.receive(10).map(({ message }) => JSON.parse(message.body) as unknown);
  return { invoked: rig.events.map(({ payload }) => payload), queued };
}

test.for(['sqs', 's3-event'])('an object that a client writes is told to the run’s queue (%s)', async (kind) => {
  expect((await configureAndPut(kind, queue)).queued).toMatchObject([testEvent, created]);
});

test('the function is told where the run’s events come from S3 itself', async () => {
  expect((await configureAndPut('s3-event', function_)).invoked).toMatchObject([testEvent, created]);
});

test('the topic tells the function, or the queue that is subscribed to it', async () => {
  const { invoked } = await configureAndPut('sns', topic);
  const messages = (invoked as { Records: [{ Sns: { Message: string } }] }[]).map(
    ({ Records: [{ Sns }] }) => Sns.Message,
  );
  expect(messages.map((message) => JSON.parse(message) as unknown)).toMatchObject([testEvent, created]);
  const { queued } = await configureAndPut('sns-sqs', topic);
  const bodies = (queued as { Message: string }[]).map(({ Message }) => JSON.parse(Message) as unknown);
  expect(bodies).toMatchObject([testEvent, created]);
});

test('EventBridge is told all, and no test event', async () => {
  const told = { 'detail-type': 'Object Created', detail: { object: { key: 'a b/é.json', size: 2 } } };
  const all = { EventBridgeConfiguration: {} };
  expect((await configureAndPut('eventbridge', all)).invoked).toMatchObject([told]);
  expect((await configureAndPut('eventbridge-sqs', all)).queued).toMatchObject([told]);
  // No rule of EventBridge's leads to this function.
  expect(await configureAndPut('s3-event', all)).toEqual({ invoked: [], queued: [] });
});

test.for([
  [
    'a function of another name',
    's3-event',
    { LambdaFunctionConfigurations: [{ LambdaFunctionArn: arn('lambda', 'function:other'), Events }] },
  ],
  ['the function of a run that a topic leads to', 'sns', function_],
  ['a topic of a run that has none', 's3-event', topic],
] as const)('%s is no destination', async ([, kind, configuration]) => {
  await expect(configureAndPut(kind, configuration as NotificationConfiguration)).rejects.toThrow(
    'Unable to validate the following destination configurations',
  );
});
