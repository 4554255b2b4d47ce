// Another version of the message: AWS raises the minor version when it adds keys, and asks consumers to compare the major one only
// (S3 guide, "Event message structure").

import { Type } from 'typebox';

import { eventFault, selectionSchemas } from './kind.ts';

export const versionFault = eventFault<{ readonly version: string }>({
  kind: 'event.version',
  summary: 'sends an event in another eventVersion',
  triggers: ['s3-event', 'sqs', 'sns', 'sns-sqs'],
  config: Type.Object(
    {
      kind: Type.Literal('event.version'),
      version: Type.String({
        pattern: String.raw`^\d+\.\d+$`,
        description: 'The eventVersion of its records.',
        examples: ['2.6', '3.0'],
      }),
      ...selectionSchemas,
    },
    { additionalProperties: false, description: 'An event has another eventVersion.' },
  ),
  open: ({ version }, { strikes, fired }) => ({
    apply(notification, pass) {
      const { content } = notification;
      if (content.type !== 'records' || !strikes(notification)) return pass(notification);
      fired(notification.objects);
      const records = content.records.map((record) => ({ ...record, eventVersion: version }));
      pass({ ...notification, content: { type: 'records', records } });
    },
  }),
});
