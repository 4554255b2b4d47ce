// The list of triggers: each is a way in which a forwarder hears of an object.

import { eventBridgeSqs } from './eventbridge-sqs.ts';
import { eventBridge } from './eventbridge.ts';
import type { TriggerKind } from './kind.ts';
import { none } from './none.ts';
import { s3Event } from './s3-event.ts';
import { snsSqs } from './sns-sqs.ts';
import { sns } from './sns.ts';
import { sqs } from './sqs.ts';
import { storeSqs } from './store-sqs.ts';

export const triggers: readonly TriggerKind[] = [
  s3Event,
  sqs,
  sns,
  snsSqs,
  eventBridge,
  eventBridgeSqs,
  storeSqs,
  none,
];
