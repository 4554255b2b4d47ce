// An event comes late: S3 says "usually seconds", and a minute or longer at times (S3 guide, "Amazon S3 Event Notifications").

import { Type } from 'typebox';

import { quantity } from '../../core/quantity.ts';
import { eventFault, selectionSchemas } from './kind.ts';

export const delayFault = eventFault<{ readonly durationMs: number }>({
  kind: 'event.delay',
  summary: 'holds an event back, so that later ones overtake it',
  config: Type.Object(
    {
      kind: Type.Literal('event.delay'),
      duration: quantity('duration', 'How long the event is held back.', { examples: ['1h'] }),
      ...selectionSchemas,
    },
    { additionalProperties: false, description: 'An event comes late.' },
  ),
  open: ({ durationMs }, { strikes, fired, later }) => ({
    apply(notification, pass) {
      if (!strikes(notification)) return pass(notification);
      fired(notification.objects);
      later(durationMs, () => pass(notification));
    },
  }),
});
