// S3 publishes its events to a topic to which a queue is subscribed: each message is wrapped in SNS's own, unless the subscription
// has raw message delivery (SNS guide, "Amazon SNS raw message delivery").

import { Type } from 'typebox';

import { s3Message } from './envelopes/s3-message.ts';
import { snsQueueMessage, subscriptionConfirmation } from './envelopes/sns.ts';
import { queueConfig, type TriggerKind } from './kind.ts';

const summary = 'S3 publishes its events to an SNS topic, which sends them on to an SQS queue, wrapped or raw.';

export const snsSqs: TriggerKind = {
  kind: 'sns-sqs',
  summary,
  config: queueConfig('sns-sqs', summary, {
    raw: Type.Optional(
      Type.Boolean({
        description: "RawMessageDelivery: the queue gets S3's own message without SNS's around it. Default: false.",
        examples: [true],
      }),
    ),
  }),
  way: 'queue',
  wrap(content, { region, newId, atMs }, { raw = false }) {
    if (content.type === 'subscription-confirmation') {
      return JSON.stringify(subscriptionConfirmation({ messageId: newId(), region, atMs }));
    }
    const message = JSON.stringify(s3Message(content, region));
    return raw ? message : JSON.stringify(snsQueueMessage({ message, messageId: newId(), region, atMs }));
  },
};
