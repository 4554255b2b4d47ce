// The query protocol, which clients before 2023 speak, byte by byte: forms in, XML out (SQS guide, "Making query API requests").

import { expect, test } from 'vitest';

import { openQueueRig, type QueueRig } from './queue-rig.ts';

/** The answer's text, with what differs from run to run named. */
async function query(url: string, parameters: Record<string, string>): Promise<{ status: number; xml: string }> {
  const body = new URLSearchParams({ Version: '2012-11-05', ...parameters });
  const response = await fetch(url, { method: 'POST', body });
  const xml = (await response.text()).replaceAll(/[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[\da-f]{4}-[\da-f]{12}/g, 'UUID');
  expect(response.headers.get('content-type')).toBe('text/xml');
  return { status: response.status, xml };
}

const document = (root: string, content: string): string =>
  `<?xml version="1.0"?><${root} xmlns="http://queue.amazonaws.com/doc/2012-11-05/">${content}</${root}>`;
const metadata = '<ResponseMetadata><RequestId>UUID</RequestId></ResponseMetadata>';
const md5OfA = '0cc175b9c0f1b6a831c399e269772661';

function handleIn(xml: string): string {
  return /<ReceiptHandle>([^<]+)</.exec(xml)![1]!;
}

async function send(rig: QueueRig, more: Record<string, string> = {}): Promise<string> {
  const { status, xml } = await query(rig.QueueUrl, { Action: 'SendMessage', MessageBody: 'a', ...more });
  expect(status).toBe(200);
  return xml;
}

test('a message is sent, received and deleted by forms', async () => {
  await using rig = await openQueueRig();
  const result = `<MessageId>UUID</MessageId><MD5OfMessageBody>${md5OfA}</MD5OfMessageBody>`;
  expect(await send(rig)).toBe(
    document('SendMessageResponse', `<SendMessageResult>${result}</SendMessageResult>${metadata}`),
  );
  const received = await query(rig.QueueUrl, {
    Action: 'ReceiveMessage',
    'AttributeName.1': 'ApproximateReceiveCount',
    'AttributeName.2': 'SenderId',
  });
  const handle = handleIn(received.xml);
  const attributes = [
    ['ApproximateReceiveCount', '1'],
    ['SenderId', 'AIDAEXAMPLEEXAMPLE'],
  ].map(([name, value]) => `<Attribute><Name>${name}</Name><Value>${value}</Value></Attribute>`);
  const message = `<Message><MessageId>UUID</MessageId><ReceiptHandle>${handle}</ReceiptHandle><MD5OfBody>${md5OfA}</MD5OfBody><Body>a</Body>${attributes.join('')}</Message>`;
  expect(received.xml).toBe(
    document('ReceiveMessageResponse', `<ReceiveMessageResult>${message}</ReceiveMessageResult>${metadata}`),
  );
  const deleted = await query(rig.QueueUrl, { Action: 'DeleteMessage', ReceiptHandle: handle });
  expect(deleted).toEqual({ status: 200, xml: document('DeleteMessageResponse', metadata) });
  expect(rig.queues.main.counts).toMatchObject({ visible: 0, hidden: 0 });
});

test('the queue is named by a parameter as well as by the path', async () => {
  await using rig = await openQueueRig();
  const { status, xml } = await query(rig.queues.endpoint, {
    Action: 'GetQueueAttributes',
    QueueUrl: rig.QueueUrl,
    'AttributeName.1': 'DelaySeconds',
  });
  expect(status).toBe(200);
  expect(xml).toContain('<Attribute><Name>DelaySeconds</Name><Value>0</Value></Attribute>');
});

test('batches and attributes are numbered in forms, and flat in XML', async () => {
  await using rig = await openQueueRig();
  const sent = await query(rig.QueueUrl, {
    Action: 'SendMessageBatch',
    'SendMessageBatchRequestEntry.1.Id': 'x',
    'SendMessageBatchRequestEntry.1.MessageBody': '<&>',
    'SendMessageBatchRequestEntry.1.MessageAttribute.1.Name': 'who',
    'SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.DataType': 'String',
    'SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.StringValue': 'me',
    'SendMessageBatchRequestEntry.2.Id': 'y',
    'SendMessageBatchRequestEntry.2.MessageBody': 'b',
    'SendMessageBatchRequestEntry.2.DelaySeconds': '-1',
  });
  expect(sent.xml).toContain('<SendMessageBatchResultEntry><Id>x</Id><MessageId>UUID</MessageId>');
  expect(sent.xml).toContain('<BatchResultErrorEntry><Id>y</Id><Code>InvalidParameterValue</Code>');
  const received = await query(rig.QueueUrl, { Action: 'ReceiveMessage', 'MessageAttributeName.1': 'who' });
  expect(received.xml).toContain('<Body>&lt;&amp;&gt;</Body>');
  expect(received.xml).toContain(
    '<MessageAttribute><Name>who</Name><Value><DataType>String</DataType><StringValue>me</StringValue></Value></MessageAttribute>',
  );
});

test.each([
  ['NoSuchThing', {}, 'InvalidAction'],
  ['ReceiveMessage', { QueueUrl: 'http://127.0.0.1/1/other' }, 'AWS.SimpleQueueService.NonExistentQueue'],
  ['DeleteMessage', {}, 'MissingParameter'],
  ['DeleteMessageBatch', {}, 'AWS.SimpleQueueService.EmptyBatchRequest'],
])('%s that cannot be done is an error with its code', async (Action, parameters, code) => {
  await using rig = await openQueueRig();
  const { status, xml } = await query(rig.QueueUrl, { Action, ...parameters });
  expect(status).toBe(400);
  expect(xml).toMatch(/^<\?xml version="1.0"\?><ErrorResponse xmlns="[^"]+"><Error><Type>Sender<\/Type>/);
  expect(xml).toContain(`<Code>${code}</Code>`);
});

test('a request that is neither JSON nor a form is the client’s mistake', async () => {
  await using rig = await openQueueRig();
  const headers = { 'x-amz-target': 'AmazonSQS.ReceiveMessage', 'content-type': 'application/x-amz-json-1.0' };
  const broken = await fetch(rig.queues.endpoint, { method: 'POST', headers, body: '{' });
  expect(broken.status).toBe(400);
  expect(broken.headers.get('x-amzn-query-error')).toBe('InvalidParameterValue;Sender');
  expect(await broken.json()).toMatchObject({ __type: 'com.amazonaws.sqs#InvalidParameterValue' });
  const unknown = await fetch(rig.queues.endpoint, { method: 'POST', headers: { 'x-amz-target': 'AmazonSQS.X' } });
  expect(await unknown.json()).toMatchObject({ __type: 'com.amazonaws.sqs#InvalidAction' });
});
