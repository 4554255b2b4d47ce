// What each way makes of S3's message: the shapes that AWS documents, and how each of them writes a key.

import { expect, test } from 'vitest';

import type { StoredObject } from '../../src/core/model/trigger.ts';
import { openTriggerRig, succeeded, type TriggerRigOptions } from './rig.ts';

const key = 'AWSLogs/aws-account-id=1/a b+c.log.gz';
const encodedKey = 'AWSLogs/aws-account-id%3D1/a+b%2Bc.log.gz';
const stored: StoredObject = {
  index: 0,
  bucket: 'b',
  key,
  sizeBytes: 5,
  etag: 'b1946ac92492d2347c6235b4d2611184',
  storedMs: Date.UTC(2021, 10, 12, 0, 0, 0, 250),
  requestId: 'N4N7GDK58NMKJ12R',
  hostId: 'h',
};
const text = expect.any(String) as string;
const uuid = expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/) as string;

/** What a function gets for the object. */
async function eventOf(options: TriggerRigOptions): Promise<unknown> {
  await using rig = await openTriggerRig(() => succeeded, options);
  rig.trigger.notify(stored);
  await rig.finished();
  return rig.events[0]!.payload;
}

async function bodyOf(options: TriggerRigOptions): Promise<unknown> {
  const { Records } = (await eventOf(options)) as { Records: [{ body: string }] };
  return JSON.parse(Records[0].body);
}

const s3Message = {
  Records: [
    expect.objectContaining({
      eventTime: '2021-11-12T00:00:00.250Z',
      s3: expect.objectContaining({
        object: expect.objectContaining({ key: encodedKey, eTag: stored.etag }) as object,
      }),
    }),
  ],
};

const eventBridgeEvent = {
  version: '0',
  id: uuid,
  'detail-type': 'Object Created',
  source: 'aws.s3',
  account: '123456789012',
  time: '2021-11-12T00:00:00Z',
  region: 'eu-west-1',
  resources: ['arn:aws:s3:::b'],
  detail: {
    version: '0',
    bucket: { name: 'b' },
    object: { key, size: 5, etag: stored.etag, sequencer: expect.stringMatching(/^618dae80[\da-f]{8}$/) as string },
    'request-id': 'N4N7GDK58NMKJ12R',
    requester: 'delivery.logs.amazonaws.com',
    'source-ip-address': '127.0.0.1',
    reason: 'PutObject',
  },
};

test('a queue gets S3’s own message', async () => {
  expect(await bodyOf({ kind: 'sqs' })).toEqual(s3Message);
});

test('a function that SNS invokes gets the message as a text in a record', async () => {
  const event = (await eventOf({ kind: 'sns' })) as { Records: [{ Sns: { Message: string } }] };
  expect(event).toEqual({
    Records: [
      {
        EventVersion: '1.0',
        EventSubscriptionArn: expect.stringMatching(/^arn:aws:sns:eu-west-1:123456789012:flow-logs:/) as string,
        EventSource: 'aws:sns',
        Sns: {
          SignatureVersion: '1',
          Timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z$/) as string,
          Signature: text,
          SigningCertURL: expect.stringContaining('https://sns.eu-west-1.amazonaws.com/') as string,
          MessageId: uuid,
          Message: text,
          MessageAttributes: {},
          Type: 'Notification',
          UnsubscribeUrl: expect.stringContaining('Action=Unsubscribe') as string,
          TopicArn: 'arn:aws:sns:eu-west-1:123456789012:flow-logs',
          Subject: 'Amazon S3 Notification',
        },
      },
    ],
  });
  expect(JSON.parse(event.Records[0].Sns.Message)).toEqual(s3Message);
});

test('a queue behind SNS gets SNS’s message with S3’s as a text in it, or S3’s alone where delivery is raw', async () => {
  const wrapped = (await bodyOf({ kind: 'sns-sqs' })) as { Message: string };
  expect(wrapped).toEqual({
    Type: 'Notification',
    MessageId: uuid,
    TopicArn: 'arn:aws:sns:eu-west-1:123456789012:flow-logs',
    Subject: 'Amazon S3 Notification',
    Message: text,
    Timestamp: text,
    SignatureVersion: '1',
    Signature: text,
    SigningCertURL: text,
    UnsubscribeURL: text,
  });
  expect(JSON.parse(wrapped.Message)).toEqual(s3Message);
  expect(await bodyOf({ kind: 'sns-sqs', raw: true })).toEqual(s3Message);
});

test('EventBridge writes the key as it is, and names other than S3’s', async () => {
  expect(await eventOf({ kind: 'eventbridge' })).toEqual(eventBridgeEvent);
  expect(await bodyOf({ kind: 'eventbridge-sqs' })).toEqual(eventBridgeEvent);
});

test('EventBridge has its own words for what happened', async () => {
  const typed = async (name: string): Promise<unknown> => {
    const eventFaults = [{ kind: 'event.type', name }];
    await using rig = await openTriggerRig(() => succeeded, { kind: 'eventbridge', objectCount: 1, eventFaults });
    rig.trigger.notify(stored);
    await rig.finished();
    return (rig.events[1]!.payload as Record<string, unknown>)['detail-type'];
  };
  expect(await typed('ObjectRemoved:Delete')).toBe('Object Deleted');
  expect(await typed('ObjectRestore:Completed')).toBe('Object Restore Completed');
  expect(await typed('ObjectTagging:Put')).toBe('Object Tags Added');
});
