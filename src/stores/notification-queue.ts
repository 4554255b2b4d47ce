// What a store itself notifies of a bucket, led into a queue of its own SQS and read there: LocalStack has both. Who is told of it, and
// how often it is tried, is the trigger's business.

import { PutBucketNotificationConfigurationCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';

import { FlowrigError } from '../core/errors.ts';
import type { StoreAddress, StoreNotifications } from '../core/model/trigger.ts';

/** Most that one receipt brings, and how long it waits for the first (SQS API reference, ReceiveMessage). */
const receipt = { MaxNumberOfMessages: 10, WaitTimeSeconds: 1 };

/** S3 sends its test at once; a LocalStack on a busy machine loads its SQS first. */
const testEventReceipts = 30;

/** Resolves when the store's test event has come through, so that the way is known to be open. */
export async function openNotificationQueue(address: StoreAddress, bucket: string): Promise<StoreNotifications> {
  const { endpoint, region, ...credentials } = address;
  const common = { endpoint, region, credentials };
  const s3 = new S3Client({ ...common, forcePathStyle: true });
  const sqs = new SQSClient(common);
  // Queues have no periods in their names.
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: `flowrig-${bucket.replaceAll('.', '_')}` }));
  const receive = async (abortSignal: AbortSignal): Promise<string[]> => {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, ...receipt }), { abortSignal });
    if (Messages.length === 0) return [];
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    return Messages.map(({ Body }) => Body!);
  };
  const close = async (): Promise<void> => {
    await sqs.send(new DeleteQueueCommand({ QueueUrl })).catch(() => undefined);
    s3.destroy();
    sqs.destroy();
  };
  try {
    // A run that was killed may have left messages.
    await sqs.send(new PurgeQueueCommand({ QueueUrl }));
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
    const configuration = { Id: 'FlowLogs', QueueArn: Attributes!.QueueArn, Events: ['s3:ObjectCreated:*' as const] };
    await s3.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket: bucket,
        NotificationConfiguration: { QueueConfigurations: [configuration] },
      }),
    );
    await untilTestEvent(receive, endpoint);
  } catch (error) {
    await close();
    throw error;
  }
  return { receive, [Symbol.asyncDispose]: close };
}

/** S3 guide, "Amazon S3 event notifications": it sends `s3:TestEvent` when a notification is configured. */
async function untilTestEvent(receive: StoreNotifications['receive'], endpoint: string): Promise<void> {
  for (let receipts = 0; receipts < testEventReceipts; receipts++) {
    const bodies = await receive(AbortSignal.timeout(testEventReceipts * 1000));
    if (bodies.some((body) => body.includes('"s3:TestEvent"'))) return;
  }
  const message = `store.kind: the S3 at ${endpoint} took a notification and sent no s3:TestEvent to its queue in ${testEventReceipts} s. Let it run S3 and SQS (SERVICES=s3,sqs).`;
  throw new FlowrigError('environment-missing', message);
}
