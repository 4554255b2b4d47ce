// S3 invokes the function itself, asynchronously.

import { invariant } from '../core/errors.ts';
import { s3Message } from './envelopes/s3-message.ts';
import { asynchronousConfig, type TriggerKind } from './kind.ts';

const summary = 'S3 invokes the function asynchronously for each object; Lambda tries a failed event again twice.';

export const s3Event: TriggerKind = {
  kind: 's3-event',
  summary,
  config: asynchronousConfig('s3-event', summary),
  way: 'asynchronous',
  wrap(content, { region }) {
    invariant(content.type !== 'subscription-confirmation', 'SNS has no part in S3 events.');
    return s3Message(content, region);
  },
};
