// EventBridge sends all that happens in the bucket to a queue.

import { wrapForEventBridge } from './envelopes/eventbridge.ts';
import { queueConfig, type TriggerKind } from './kind.ts';

const summary = "S3 tells EventBridge, and a rule of EventBridge's sends the events to an SQS queue.";

export const eventBridgeSqs: TriggerKind = {
  kind: 'eventbridge-sqs',
  summary,
  config: queueConfig('eventbridge-sqs', summary),
  way: 'queue',
  wrap: (content, { region, newId }) => JSON.stringify(wrapForEventBridge(content, { id: newId(), region })),
};
