// The queue through AWS's own client: what a poller relies on (SQS API reference). The client checks the MD5 of every body itself.

import { createHash } from 'node:crypto';

import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  type Message,
} from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';

import { openQueueRig, type QueueRig } from './queue-rig.ts';

async function receive({ sqs, QueueUrl }: QueueRig, more: object = {}): Promise<Message[]> {
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...more }));
  return Messages;
}

const bodiesOf = (messages: readonly Message[]): (string | undefined)[] => messages.map(({ Body }) => Body);

async function errorOf(answer: Promise<unknown>): Promise<string> {
  return answer.then(
    () => 'none',
    (error: Error) => error.name,
  );
}

test('a message is received as it was sent, hidden until its visibility timeout is over, and gone when deleted', async () => {
  await using rig = await openQueueRig({ visibilityMs: 30_000 });
  const { sqs, QueueUrl, clock } = rig;
  const sent = await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'ü <&> "1"\r\n' }));
  const [first] = await receive(rig, { MessageSystemAttributeNames: ['All'] });
  expect(first).toMatchObject({ MessageId: sent.MessageId, Body: 'ü <&> "1"\r\n', MD5OfBody: sent.MD5OfMessageBody });
  expect(first!.Attributes).toMatchObject({ ApproximateReceiveCount: '1', SenderId: expect.any(String) as string });
  expect(Number(first!.Attributes!['SentTimestamp'])).toBeLessThanOrEqual(
    Number(first!.Attributes!['ApproximateFirstReceiveTimestamp']),
  );
  expect(await receive(rig)).toEqual([]);
  clock.skipTo(clock.nowMs() + 30_000);
  const [again] = await receive(rig, { AttributeNames: ['ApproximateReceiveCount'] });
  expect(again!.Attributes).toEqual({ ApproximateReceiveCount: '2' });
  // The first receipt's handle has no power over the second.
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first!.ReceiptHandle }));
  clock.skipTo(clock.nowMs() + 30_000);
  const [third] = await receive(rig);
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: third!.ReceiptHandle }));
  clock.skipTo(clock.nowMs() + 3_600_000);
  expect(await receive(rig)).toEqual([]);
});

test('a message that was received too often goes to the dead-letter queue', async () => {
  await using rig = await openQueueRig({ visibilityMs: 1000, maxReceives: 2 });
  const { sqs, QueueUrl, clock, deadLetterUrl } = rig;
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'poison' }));
  for (let count = 1; count <= 2; count++) {
    expect(bodiesOf(await receive(rig))).toEqual(['poison']);
    clock.skipTo(clock.nowMs() + 1000);
  }
  expect(await receive(rig)).toEqual([]);
  expect(bodiesOf(await receive({ ...rig, QueueUrl: deadLetterUrl }))).toEqual(['poison']);
});

test('a long poll ends when a message comes, when its time is over, and when the clock jumps there', async () => {
  await using rig = await openQueueRig();
  const { sqs, QueueUrl, clock } = rig;
  const waiting = receive(rig, { WaitTimeSeconds: 20 });
  await expect.poll(() => clock.nextDueMs(), { interval: 1 }).toBeDefined();
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'a' }));
  expect(bodiesOf(await waiting)).toEqual(['a']);
  const inVain = receive(rig, { WaitTimeSeconds: 20 });
  await expect.poll(() => clock.nextDueMs(), { interval: 1 }).toBeDefined();
  clock.skipTo(clock.nowMs() + 20_000);
  expect(await inVain).toEqual([]);
});

test('a poller that is gone before its long poll ends takes no message with it', async () => {
  await using rig = await openQueueRig();
  const { sqs, QueueUrl, clock } = rig;
  const leaving = new AbortController();
  const input = new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 });
  const left = sqs.send(input, { abortSignal: leaving.signal }).catch(() => undefined);
  await expect.poll(() => clock.nextDueMs(), { interval: 1 }).toBeDefined();
  leaving.abort();
  await left;
  await expect.poll(() => clock.nextDueMs(), { interval: 1 }).toBeUndefined();
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'kept' }));
  expect(bodiesOf(await receive(rig))).toEqual(['kept']);
});

test('a visibility timeout is changed, to nothing too', async () => {
  await using rig = await openQueueRig({ visibilityMs: 1000 });
  const { sqs, QueueUrl, clock } = rig;
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'a' }));
  const [first] = await receive(rig);
  const { ReceiptHandle } = first!;
  await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 100 }));
  clock.skipTo(clock.nowMs() + 50_000);
  expect(await receive(rig)).toEqual([]);
  await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
  expect(await receive(rig)).toHaveLength(1);
  const stale = new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 5 });
  expect(await errorOf(sqs.send(stale))).toBe('InvalidParameterValue');
});

test('batches succeed and fail entry by entry', async () => {
  await using rig = await openQueueRig();
  const { sqs, QueueUrl } = rig;
  const Entries = [
    { Id: 'a', MessageBody: '1' },
    { Id: 'b', MessageBody: '2', DelaySeconds: 901 },
    { Id: 'c', MessageBody: '3', DelaySeconds: 900 },
  ];
  const sent = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  expect(sent.Successful?.map(({ Id }) => Id)).toEqual(['a', 'c']);
  expect(sent.Failed).toMatchObject([{ Id: 'b', Code: 'InvalidParameterValue', SenderFault: true }]);
  const [first] = await receive(rig);
  const { ReceiptHandle } = first!;
  const handles = [
    { Id: 'x', ReceiptHandle, VisibilityTimeout: 60 },
    { Id: 'y', ReceiptHandle: 'nonsense', VisibilityTimeout: 60 },
  ];
  const changed = await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries: handles }));
  expect(changed).toMatchObject({ Successful: [{ Id: 'x' }], Failed: [{ Id: 'y', Code: 'ReceiptHandleIsInvalid' }] });
  const deleted = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: handles }));
  expect(deleted).toMatchObject({ Successful: [{ Id: 'x' }], Failed: [{ Id: 'y', Code: 'ReceiptHandleIsInvalid' }] });
});

test('a queue tells its URL, its counts and its policy', async () => {
  await using rig = await openQueueRig({ visibilityMs: 18_000, maxReceives: 3 });
  const { sqs, QueueUrl, deadLetterUrl } = rig;
  expect((await sqs.send(new GetQueueUrlCommand({ QueueName: 'flow-logs' }))).QueueUrl).toBe(QueueUrl);
  expect((await sqs.send(new ListQueuesCommand({}))).QueueUrls).toEqual([QueueUrl, deadLetterUrl]);
  for (const DelaySeconds of [0, 0, 60]) {
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'a', DelaySeconds }));
  }
  await receive(rig, { MaxNumberOfMessages: 1 });
  const all = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  expect(all.Attributes).toMatchObject({
    ApproximateNumberOfMessages: '1',
    ApproximateNumberOfMessagesNotVisible: '1',
    ApproximateNumberOfMessagesDelayed: '1',
    VisibilityTimeout: '18',
    QueueArn: 'arn:aws:sqs:eu-west-1:123456789012:flow-logs',
  });
  expect(JSON.parse(all.Attributes!['RedrivePolicy']!)).toEqual({
    deadLetterTargetArn: 'arn:aws:sqs:eu-west-1:123456789012:flow-logs-dead-letters',
    maxReceiveCount: 3,
  });
  await sqs.send(new PurgeQueueCommand({ QueueUrl }));
  const none = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] });
  expect((await sqs.send(none)).Attributes).toEqual({ ApproximateNumberOfMessages: '0' });
});

test('a message has 1 MiB, attributes included, and so has all of a batch', async () => {
  await using rig = await openQueueRig();
  const { sqs, QueueUrl } = rig;
  const mib = 1024 ** 2;
  const MessageAttributes = { name: { DataType: 'String', StringValue: 'value' } };
  const send = (MessageBody: string): Promise<unknown> =>
    sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageAttributes }));
  expect(await errorOf(send('x'.repeat(mib - 15)))).toBe('none');
  expect(await errorOf(send('x'.repeat(mib - 14)))).toBe('InvalidParameterValue');
  const Entries = ['a', 'b'].map((Id) => ({ Id, MessageBody: 'x'.repeat(mib / 2) }));
  expect(await errorOf(sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries })))).toBe('none');
  Entries[1]!.MessageBody += 'x';
  const tooLong = sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  expect(await errorOf(tooLong)).toMatch(/BatchRequestTooLong/);
});

test('attributes of a message come with their digest, those that were asked for', async () => {
  await using rig = await openQueueRig();
  const { sqs, QueueUrl } = rig;
  const MessageAttributes = {
    'trace.id': { DataType: 'String', StringValue: 'ü' },
    size: { DataType: 'Number', StringValue: '12' },
    raw: { DataType: 'Binary.gz', BinaryValue: new Uint8Array([0, 255, 7]) },
  };
  const sent = await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'a', MessageAttributes }));
  const [message] = await receive(rig, { MessageAttributeNames: ['All'] });
  expect(message!.MessageAttributes).toEqual(MessageAttributes);
  expect(message!.MD5OfMessageAttributes).toBe(sent.MD5OfMessageAttributes);
  // By the recipe of the SQS guide: length and bytes of name and type, 1 for text or 2 for bytes, length and bytes of the value.
  const recipe = [
    '\0\0\0\x03raw\0\0\0\x09Binary.gz\x02\0\0\0\x03\0\xff\x07',
    '\0\0\0\x04size\0\0\0\x06Number\x01\0\0\0\x0212',
    '\0\0\0\x08trace.id\0\0\0\x06String\x01\0\0\0\x02\xc3\xbc',
  ];
  const digest = createHash('md5')
    .update(Buffer.from(recipe.join(''), 'latin1'))
    .digest('hex');
  expect(sent.MD5OfMessageAttributes).toBe(digest);
});

test.each([
  ['a queue that is not there', { QueueUrl: 'http://127.0.0.1/123456789012/other' }, 'QueueDoesNotExist'],
  ['eleven messages at once', { MaxNumberOfMessages: 11 }, 'InvalidParameterValue'],
  ['a poll of 21 seconds', { WaitTimeSeconds: 21 }, 'InvalidParameterValue'],
])('%s is refused by name', async (_what, input, name) => {
  await using rig = await openQueueRig();
  expect(await errorOf(receive(rig, input))).toBe(name);
});
