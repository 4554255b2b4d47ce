// The event that a function gets from a queue (Lambda guide, "Using Lambda with Amazon SQS").

import { arnOf } from '../arn.ts';
import { systemAttributes } from '../queue/actions.ts';
import type { Received } from '../queue/queue.ts';

export function sqsEvent(
  batch: readonly Received<unknown>[],
  { queueName, region }: { queueName: string; region: string },
): object {
  return {
    Records: batch.map((received) => recordOf(received, queueName, region)),
  };
}

function recordOf(received: Received<unknown>, queueName: string, region: string): object {
  const { message, receiptHandle } = received;
  return {
    messageId: message.messageId,
    receiptHandle,
    body: message.body,
    attributes: systemAttributes(received),
    messageAttributes: Object.fromEntries(
      Object.entries(message.attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
        name,
        {
          ...(StringValue === undefined ? {} : { stringValue: StringValue }),
          ...(BinaryValue === undefined ? {} : { binaryValue: BinaryValue }),
          stringListValues: [],
          binaryListValues: [],
          dataType: DataType,
        },
      ]),
    ),
    md5OfBody: message.md5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: arnOf('sqs', region, queueName),
    awsRegion: region,
  };
}
