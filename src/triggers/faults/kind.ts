// The shape of a fault of the room `event`: which of S3's events it can strike, and what becomes of them.

import { Type, type TSchema } from 'typebox';

import type { FaultSelection } from '../../core/fault.ts';
import { quantity } from '../../core/quantity.ts';
import type { RandomSource } from '../../core/random.ts';
import type { Notification } from '../notification.ts';

export type Pass = (notification: Notification) => void;

/** A fault at work on the stream of events: it hands each one on, changed, later, more than once, or with others. */
export interface EventFault {
  apply(notification: Notification, pass: Pass): void;
  /** How many events leave it, where they are not as many as those that come. */
  readonly eventCount?: number;
}

export interface EventFaultNeeds {
  /** How many events will come. */
  readonly eventCount: number;
  readonly random: RandomSource;
  /** Whether this event is one of those that were planned, and the fault is armed. */
  readonly strikes: (notification: Notification) => boolean;
  /** Counts the fault once, and says which objects it touched. */
  readonly fired: (objects: readonly number[]) => void;
  /** Acts after so long on the rig's clock; the run is not over before. */
  readonly later: (waitMs: number, action: () => void) => void;
  /** The sequencer of another event of an object. */
  readonly nextSequencer: (atMs: number) => string;
}

export interface EventFaultKind {
  readonly kind: string;
  readonly summary: string;
  readonly config: TSchema;
  /** Kinds of triggers that can carry it; all where it is left out. */
  readonly triggers?: readonly string[];
  /** Without `share` and `nth` it strikes the first event alone. */
  readonly isOnce?: boolean;
  open(config: EventFaultConfig, needs: EventFaultNeeds): EventFault;
}

/** A fault as resolved: quantities read, units in the names. */
export type EventFaultConfig = { readonly kind: string } & FaultSelection & Readonly<Record<string, unknown>>;

/** Ties a kind's schema to the type of what its quantities become. */
export function eventFault<Config>(
  kind: Omit<EventFaultKind, 'open'> & { open(config: Config, needs: EventFaultNeeds): EventFault },
): EventFaultKind {
  // The schema has accepted the config before it was resolved.
  return { ...kind, open: (config, needs) => kind.open(config as unknown as Config, needs) };
}

/** An event that announces nothing: it has no place among those that do. */
export const noPlace = -1;

/** A fault that sends a message of its own before the events that it strikes. */
export function sendsBefore(content: (struck: Notification) => Notification['content']) {
  return (_config: object, { strikes, fired }: EventFaultNeeds): EventFault => ({
    apply(notification, pass) {
      if (strikes(notification)) {
        fired([]);
        pass({ place: noPlace, objects: [], eventDelivery: 1, content: content(notification) });
      }
      pass(notification);
    },
  });
}

/** Keys of nearly every fault of events. */
export const selectionSchemas = {
  share: Type.Optional(quantity('share', 'The share of events that it strikes: exactly so many, chosen by the seed.')),
  nth: Type.Optional(
    Type.Integer({ minimum: 1, description: 'Strikes only the event at this place of the corpus.', examples: [1] }),
  ),
  from: Type.Optional(quantity('duration', "Armed from this time of the run's clock.")),
  for: Type.Optional(quantity('duration', 'Armed for this long.')),
};
