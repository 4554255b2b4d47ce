// EventBridge invokes the function for all that happens in the bucket, asynchronously.

import { wrapForEventBridge } from './envelopes/eventbridge.ts';
import { asynchronousConfig, type TriggerKind } from './kind.ts';

const summary = "S3 tells EventBridge, and a rule of EventBridge's invokes the function asynchronously.";

export const eventBridge: TriggerKind = {
  kind: 'eventbridge',
  summary,
  config: asynchronousConfig('eventbridge', summary),
  way: 'asynchronous',
  wrap: (content, { region, newId }) => wrapForEventBridge(content, { id: newId(), region }),
};
