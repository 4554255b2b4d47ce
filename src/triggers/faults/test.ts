// S3's own test message, which it sends when a notification is configured; it has no Records (S3 guide, "Enabling and configuring
// event notifications").

import { Type } from 'typebox';

import { eventFault, selectionSchemas, sendsBefore } from './kind.ts';

export const testFault = eventFault<object>({
  kind: 'event.test',
  summary: 'sends s3:TestEvent, as S3 does when a notification is configured: before the first event, or where you say',
  triggers: ['s3-event', 'sqs', 'sns', 'sns-sqs'],
  isOnce: true,
  config: Type.Object(
    { kind: Type.Literal('event.test'), ...selectionSchemas },
    { additionalProperties: false, description: 'S3 sends its test message.' },
  ),
  open: sendsBefore(({ content }) =>
    content.type === 'records' ? { type: 'test', stored: content.records[0]!.stored } : content,
  ),
});
