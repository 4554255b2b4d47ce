// S3 publishes its events to a topic, and the topic invokes the function, asynchronously.

import { invariant } from '../core/errors.ts';
import { s3Message } from './envelopes/s3-message.ts';
import { snsLambdaEvent } from './envelopes/sns.ts';
import { asynchronousConfig, type TriggerKind } from './kind.ts';

const summary = 'S3 publishes its events to an SNS topic, which invokes the function asynchronously.';

export const sns: TriggerKind = {
  kind: 'sns',
  summary,
  config: asynchronousConfig('sns', summary),
  way: 'asynchronous',
  wrap(content, { region, newId, atMs }) {
    invariant(content.type !== 'subscription-confirmation', 'A function need not confirm a subscription.');
    return snsLambdaEvent({ message: JSON.stringify(s3Message(content, region)), messageId: newId(), region, atMs });
  },
};
