// S3 sends its events to a queue. A Lambda target reads it through an event source mapping, any other target polls it.

import { invariant } from '../core/errors.ts';
import { s3Message } from './envelopes/s3-message.ts';
import { queueConfig, type TriggerKind } from './kind.ts';

const summary = 'S3 sends its events to an SQS queue: a mapping invokes a Lambda target, any other target polls.';

export const sqs: TriggerKind = {
  kind: 'sqs',
  summary,
  config: queueConfig('sqs', summary),
  way: 'queue',
  wrap(content, { region }) {
    invariant(content.type !== 'subscription-confirmation', 'SNS has no part in a queue of S3 events.');
    return JSON.stringify(s3Message(content, region));
  },
};
