// A target may configure the bucket itself: what it writes there then comes to the run's queue, as S3 tells it.

import { PutBucketNotificationConfigurationCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';

import { openClock } from '../../src/core/clock.ts';
import { randomSource } from '../../src/core/random.ts';
import { queueNotifications } from '../../src/run/store-notifications.ts';
import { openQueues } from '../../src/triggers/queues.ts';
import { openTestStore } from '../stores/open-test-store.ts';

test('an object that a client writes is told to the run’s queue, where the client has configured it', async () => {
  const [clock, random] = [openClock(), randomSource(1)];
  await using queues = await openQueues({ config: { kind: 'sqs' }, clock, random, region: 'us-east-1' });
  await using store = await openTestStore({ notifications: queueNotifications(() => queues) });
  await store.createBucket('bucket');
  const { endpoint, region, ...credentials } = store.address;
  const s3 = new S3Client({ endpoint, region, credentials });
  const QueueArn = `arn:aws:sqs:us-east-1:123456789012:${queues.main.options.name}`;
  await s3.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket: 'bucket',
      NotificationConfiguration: { QueueConfigurations: [{ QueueArn, Events: ['s3:ObjectCreated:*'] }] },
    }),
  );
  await s3.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'a b/é.json', Body: '{}' }));
  s3.destroy();
  const messages = queues.main.receive(10).map(({ message }) => JSON.parse(message.body) as object);
  expect(messages).toMatchObject([
    { Event: 's3:TestEvent', Bucket: 'bucket' },
    { Records: [{ eventName: 'ObjectCreated:Put', s3: { object: { key: 'a+b/%C3%A9.json', size: 2 } } }] },
  ]);
});
