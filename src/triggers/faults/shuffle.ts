// Events come in another order than the objects: S3 promises none (S3 guide, "Event ordering and duplicate events").

import { Type } from 'typebox';

import { inDrawnOrder } from '../../core/fault-plan.ts';
import type { RandomSource } from '../../core/random.ts';
import type { Notification } from '../notification.ts';
import { eventFault } from './kind.ts';

interface Held {
  readonly places: readonly number[];
  readonly notifications: Map<number, Notification>;
}

export const shuffleFault = eventFault<{ readonly window?: number }>({
  kind: 'event.shuffle',
  summary: 'delivers events in another order than the objects were written in',
  config: Type.Object(
    {
      kind: Type.Literal('event.shuffle'),
      window: Type.Optional(
        Type.Integer({
          minimum: 2,
          maximum: 10_000,
          description: 'Events that follow each other and are shuffled among themselves. Default: 10.',
          examples: [10],
        }),
      ),
    },
    { additionalProperties: false, description: 'Events come in another order.' },
  ),
  open({ window = 10 }, { eventCount, random, strikes, fired }) {
    const windows = new Map<number, Held>();
    return {
      apply(notification, pass) {
        if (!strikes(notification)) return pass(notification);
        const first = notification.place - (notification.place % window);
        const places = Array.from({ length: Math.min(window, eventCount - first) }, (_, index) => first + index);
        const held = windows.get(first) ?? { places, notifications: new Map<number, Notification>() };
        windows.set(first, held);
        held.notifications.set(notification.place, notification);
        if (held.notifications.size < held.places.length) return;
        windows.delete(first);
        otherOrder(held.places, random).forEach((place, index) => {
          const next = held.notifications.get(place)!;
          if (place !== held.places[index]) fired(next.objects);
          pass(next);
        });
      },
    };
  },
});

/** Never the order that was given, unless there is only one. */
function otherOrder(places: readonly number[], random: RandomSource): readonly number[] {
  const drawn = inDrawnOrder(places, random);
  const isSame = drawn.every((place, index) => place === places[index]);
  return isSame ? [...drawn.slice(1), ...drawn.slice(0, 1)] : drawn;
}
