// The store's own notifications, as it words them, instead of ours: from its S3 through its SQS to the run's queue, where a mapping
// or a poller reads them. Only there is it known what was received twice, and what was deleted.

import { invariant } from '../core/errors.ts';
import { queueConfig, type TriggerKind } from './kind.ts';

const summary =
  'The notifications that LocalStack itself sends, through its own SQS to a queue: a mapping invokes a Lambda target, any other target polls.';

export const storeSqs: TriggerKind = {
  kind: 'store-sqs',
  summary,
  config: queueConfig('store-sqs', summary),
  way: 'queue',
  sender: 'store',
  wrap() {
    invariant(false, 'What the store sends is handed on as it is.');
  },
};
