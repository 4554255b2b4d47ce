// One event with several records. S3 sends one record an event today, but the message is a list, and code that reads only its first
// record loses the others the day that changes (S3 guide, "Event message structure").

import { Type } from 'typebox';

import type { Happening, Notification } from '../notification.ts';
import { eventFault } from './kind.ts';

export const severalFault = eventFault<{ readonly records: number }>({
  kind: 'event.several',
  summary: 'puts several objects into one event, as records of one message',
  triggers: ['s3-event', 'sqs', 'sns', 'sns-sqs'],
  config: Type.Object(
    {
      kind: Type.Literal('event.several'),
      records: Type.Integer({ minimum: 2, maximum: 100, description: 'Records in one event.', examples: [5] }),
    },
    { additionalProperties: false, description: 'One event announces several objects.' },
  ),
  open({ records }, { eventCount, fired }) {
    let gathered: Notification[] = [];
    return {
      eventCount: Math.ceil(eventCount / records),
      apply(notification, pass) {
        gathered.push(notification);
        const isLast = notification.place === eventCount - 1;
        if (gathered.length < records && !isLast) return;
        const together = merge(gathered, Math.floor(notification.place / records));
        if (gathered.length > 1) fired(together.objects);
        gathered = [];
        pass(together);
      },
    };
  },
});

function merge(notifications: readonly Notification[], place: number): Notification {
  const recordsOf = ({ content }: Notification): readonly Happening[] =>
    content.type === 'records' ? content.records : [];
  return {
    place,
    objects: notifications.flatMap(({ objects }) => objects),
    eventDelivery: 1,
    content: { type: 'records', records: notifications.flatMap(recordsOf) },
  };
}
