// The same event more than once: S3 promises at least one delivery (S3 guide, "Amazon S3 Event Notifications").

import { Type } from 'typebox';

import { quantity } from '../../core/quantity.ts';
import { eventFault, noPlace, selectionSchemas } from './kind.ts';

export const duplicateFault = eventFault<{ readonly copies?: number; readonly afterMs?: number }>({
  kind: 'event.duplicate',
  summary: 'delivers an event again, once or more often, at once or later',
  config: Type.Object(
    {
      kind: Type.Literal('event.duplicate'),
      copies: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: 100,
          description: 'Deliveries besides the first. Default: 1.',
          examples: [2],
        }),
      ),
      after: Type.Optional(quantity('duration', 'How long after the one before each of them comes. Default: at once.')),
      ...selectionSchemas,
    },
    { additionalProperties: false, description: 'An event is delivered more than once.' },
  ),
  open: ({ copies = 1, afterMs = 0 }, { strikes, fired, later }) => ({
    apply(notification, pass) {
      pass(notification);
      if (!strikes(notification)) return;
      const send = (copy: number): void => {
        if (copy === 1) fired(notification.objects);
        // Without the first one's place: what is planned for that event strikes its first delivery alone.
        pass({ ...notification, place: noPlace, eventDelivery: notification.eventDelivery + copy });
      };
      for (let copy = 1; copy <= copies; copy++) {
        if (afterMs === 0) send(copy);
        else later(afterMs * copy, () => send(copy));
      }
    },
  }),
});
