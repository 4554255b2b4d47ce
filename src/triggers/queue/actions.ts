// The actions of the SQS API that pollers, operators and tests use (SQS API reference). Whatever else is asked for is refused.

import { QueueError } from './errors.ts';
import {
  attributesOf,
  bodyOf,
  checkBatchSize,
  entriesOf,
  maxMessageBytes,
  numberOf,
  textOf,
  textsOf,
  type Json,
} from './input.ts';
import { md5OfAttributes, selectAttributes, type MessageAttributes } from './message-attributes.ts';
import { parseHandle, type Queue, type Received } from './queue.ts';

export interface QueueService {
  readonly queues: ReadonlyMap<string, Queue<unknown>>;
  readonly region: string;
  urlOf(queue: Queue<unknown>): string;
  arnOf(queue: Queue<unknown>): string;
}

/** `gone` says that the client has left: a message handed to nobody would be hidden for nothing. */
export type Action = (input: Json, service: QueueService, gone: AbortSignal) => Promise<Json> | Json;

const visibilityRangeS = [0, 43_200] as const;
const delayRangeS = [0, 900] as const;
/** The account of all examples: who sent is the same as who owns. */
const senderId = 'AIDAEXAMPLEEXAMPLE';

export const actions: Readonly<Record<string, Action>> = {
  GetQueueUrl: (input, service) => {
    const name = textOf(input, 'QueueName');
    return { QueueUrl: service.urlOf(queueNamed(name, service)) };
  },
  ListQueues: (input, service) => {
    const prefix = typeof input['QueueNamePrefix'] === 'string' ? input['QueueNamePrefix'] : '';
    const found = [...service.queues.values()].filter(({ options }) => options.name.startsWith(prefix));
    return found.length === 0 ? {} : { QueueUrls: found.map((queue) => service.urlOf(queue)) };
  },
  GetQueueAttributes: (input, service) => {
    const all = attributesOfQueue(queueOf(input, service), service);
    const asked = textsOf(input, 'AttributeNames');
    const wrong = asked.find((name) => name !== 'All' && !(name in all) && !knownAttributes.has(name));
    if (wrong !== undefined) throw new QueueError('InvalidAttributeName', `Unknown Attribute ${wrong}.`);
    const entries = Object.entries(all).filter(([name]) => asked.includes('All') || asked.includes(name));
    return entries.length === 0 ? {} : { Attributes: Object.fromEntries(entries) };
  },
  SendMessage: (input, service) => send(input, queueOf(input, service)),
  SendMessageBatch: (input, service) => {
    const queue = queueOf(input, service);
    checkBatchSize(entriesOf(input));
    return eachEntry(input, (entry) => send(entry, queue));
  },
  ReceiveMessage: receive,
  DeleteMessage: (input, service) => remove(input, queueOf(input, service)),
  DeleteMessageBatch: (input, service) => {
    const queue = queueOf(input, service);
    return eachEntry(input, (entry) => remove(entry, queue));
  },
  ChangeMessageVisibility: (input, service) => changeVisibility(input, queueOf(input, service)),
  ChangeMessageVisibilityBatch: (input, service) => {
    const queue = queueOf(input, service);
    return eachEntry(input, (entry) => changeVisibility(entry, queue));
  },
  PurgeQueue: (input, service) => {
    queueOf(input, service).purge();
    return {};
  },
  ListQueueTags: (input, service) => {
    queueOf(input, service);
    return {};
  },
  ListDeadLetterSourceQueues: (input, service) => {
    const target = queueOf(input, service);
    const sources = [...service.queues.values()].filter(({ options }) => options.redrive?.queue === target);
    return { queueUrls: sources.map((queue) => service.urlOf(queue)) };
  },
};

/** Attributes that a queue of ours does not have, but that may be asked for. */
const knownAttributes = new Set([
  'Policy',
  'KmsMasterKeyId',
  'FifoQueue',
  'RedriveAllowPolicy',
  'SqsManagedSseEnabled',
]);

function queueNamed(name: string, service: QueueService): Queue<unknown> {
  const queue = service.queues.get(name);
  if (queue) return queue;
  throw new QueueError('QueueDoesNotExist', 'The specified queue does not exist.');
}

/** A queue's URL ends in its name, whatever host the client reached us by. */
function queueOf(input: Json, service: QueueService): Queue<unknown> {
  return queueNamed(textOf(input, 'QueueUrl').split('/').at(-1)!, service);
}

function attributesOfQueue(queue: Queue<unknown>, service: QueueService): Record<string, string> {
  const { counts, createdMs, options } = queue;
  const createdS = String(Math.floor(createdMs / 1000));
  const { redrive } = options;
  return {
    ApproximateNumberOfMessages: String(counts.visible),
    ApproximateNumberOfMessagesNotVisible: String(counts.hidden),
    ApproximateNumberOfMessagesDelayed: String(counts.delayed),
    CreatedTimestamp: createdS,
    LastModifiedTimestamp: createdS,
    DelaySeconds: '0',
    MaximumMessageSize: String(maxMessageBytes),
    MessageRetentionPeriod: '345600',
    QueueArn: service.arnOf(queue),
    ReceiveMessageWaitTimeSeconds: '0',
    VisibilityTimeout: String(Math.round(options.visibilityMs / 1000)),
    ...(redrive
      ? {
          RedrivePolicy: JSON.stringify({
            deadLetterTargetArn: service.arnOf(redrive.queue),
            maxReceiveCount: redrive.maxReceives,
          }),
        }
      : {}),
  };
}

function send(input: Json, queue: Queue<unknown>): Json {
  const body = bodyOf(input);
  const attributes = attributesOf(input);
  const delayMs = (numberOf(input, 'DelaySeconds', delayRangeS) ?? 0) * 1000;
  const { messageId, md5OfBody } = queue.send(body, { delayMs, attributes });
  return { MessageId: messageId, MD5OfMessageBody: md5OfBody, ...md5Of(attributes) };
}

function md5Of(attributes: MessageAttributes): Json {
  const md5 = md5OfAttributes(attributes);
  return md5 === undefined ? {} : { MD5OfMessageAttributes: md5 };
}

async function receive(input: Json, service: QueueService, gone: AbortSignal): Promise<Json> {
  const queue = queueOf(input, service);
  const count = numberOf(input, 'MaxNumberOfMessages', [1, 10]) ?? 1;
  const waitS = numberOf(input, 'WaitTimeSeconds', [0, 20]) ?? 0;
  const visibilityS = numberOf(input, 'VisibilityTimeout', visibilityRangeS);
  const visibilityMs = visibilityS === undefined ? queue.options.visibilityMs : visibilityS * 1000;
  const { clock } = queue.options;
  const untilMs = clock.nowMs() + waitS * 1000;
  let received = queue.receive(count, visibilityMs);
  // Of several that wait, one gets the message; the others wait on.
  while (received.length === 0 && !gone.aborted && clock.nowMs() < untilMs) {
    await queue.untilVisible(untilMs - clock.nowMs(), gone);
    if (!gone.aborted) received = queue.receive(count, visibilityMs);
  }
  return received.length === 0 ? {} : { Messages: received.map((one) => shown(one, input)) };
}

function shown(received: Received<unknown>, input: Json): Json {
  const { message, receiptHandle } = received;
  const asked = [...textsOf(input, 'AttributeNames'), ...textsOf(input, 'MessageSystemAttributeNames')];
  const system = Object.entries(systemAttributes(received)).filter(
    ([name]) => asked.includes('All') || asked.includes(name),
  );
  const attributes = selectAttributes(message.attributes, textsOf(input, 'MessageAttributeNames'));
  return {
    MessageId: message.messageId,
    ReceiptHandle: receiptHandle,
    MD5OfBody: message.md5OfBody,
    Body: message.body,
    ...(system.length === 0 ? {} : { Attributes: Object.fromEntries(system) }),
    ...(Object.keys(attributes).length === 0 ? {} : { MessageAttributes: attributes, ...md5Of(attributes) }),
  };
}

/** All of them are texts, times in Unix ms. */
export function systemAttributes({ message, receiveCount }: Received<unknown>): Record<string, string> {
  return {
    ApproximateReceiveCount: String(receiveCount),
    SentTimestamp: String(Math.floor(message.sentMs)),
    SenderId: senderId,
    ApproximateFirstReceiveTimestamp: String(Math.floor(message.firstReceivedMs)),
  };
}

function remove(input: Json, queue: Queue<unknown>): Json {
  queue.delete(handleIn(input));
  return {};
}

function changeVisibility(input: Json, queue: Queue<unknown>): Json {
  const handle = handleIn(input);
  const visibilityS = numberOf(input, 'VisibilityTimeout', visibilityRangeS);
  if (visibilityS === undefined) {
    throw new QueueError('MissingParameter', 'The request must contain the parameter VisibilityTimeout.');
  }
  if (queue.changeVisibility(handle, visibilityS * 1000)) return {};
  const message = `Value ${handle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`;
  throw new QueueError('InvalidParameterValue', message);
}

function handleIn(input: Json): string {
  const handle = textOf(input, 'ReceiptHandle');
  if (parseHandle(handle)) return handle;
  throw new QueueError('ReceiptHandleIsInvalid', `The input receipt handle "${handle}" is not a valid receipt handle.`);
}

/** A batch succeeds as a request; each entry succeeds or fails by itself. */
function eachEntry(input: Json, act: (entry: Json) => Json): Json {
  const successful: Json[] = [];
  const failed: Json[] = [];
  for (const entry of entriesOf(input)) {
    try {
      successful.push({ Id: entry.Id, ...act(entry) });
    } catch (error) {
      if (!(error instanceof QueueError)) throw error;
      failed.push({ Id: entry.Id, Code: error.queryCode, Message: error.message, SenderFault: true });
    }
  }
  return { Successful: successful, ...(failed.length === 0 ? {} : { Failed: failed }) };
}
