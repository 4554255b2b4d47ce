// From stored objects to S3's events, with the faults that work on events between them.

import type { Clock } from '../core/clock.ts';
import { isArmed, planItems } from '../core/fault-plan.ts';
import type { Report, StoredObject } from '../core/model/trigger.ts';
import type { RandomSource } from '../core/random.ts';
import { newSequencer } from './envelopes/s3-message.ts';
import { eventFaults, type EventFaultConfig } from './faults/index.ts';
import type { EventFault } from './faults/kind.ts';
import type { Notification } from './notification.ts';

export interface AnnouncerOptions {
  readonly clock: Clock;
  readonly startedMs: number;
  readonly random: RandomSource;
  readonly report: Report;
  readonly faults: readonly EventFaultConfig[];
  readonly objectCount: number;
  /** Hands an event on to its way. */
  readonly send: (notification: Notification) => void;
  readonly signal: AbortSignal;
}

export interface Announcer {
  announce(stored: StoredObject): void;
  /** Events that leave the faults in the end, of all objects; copies and messages of other kinds are not counted. */
  readonly eventCount: number;
  /** Events that are held back. */
  heldCount(): number;
  /** Of these, the ones that wait for a time. */
  waitingCount(): number;
}

export function openAnnouncer(options: AnnouncerOptions): Announcer {
  const { clock, report, signal, send } = options;
  const sequencer = newSequencer();
  let held = 0;

  function later(waitMs: number, action: () => void): void {
    held++;
    void clock.sleep(waitMs, signal).then(
      () => {
        held--;
        action();
      },
      () => held--,
    );
  }

  const { faults, eventCount } = openFaults(options, { later, nextSequencer: sequencer });
  // Each fault hands its events on to the next one; behind the last they are sent.
  const enter = faults.reduceRight<(notification: Notification) => void>(
    (pass, fault) => (notification) => fault.apply(notification, pass),
    (notification) => {
      const { objects, eventDelivery } = notification;
      if (objects.length > 0) report({ type: 'notified', objects, sentMs: clock.nowMs(), eventDelivery });
      send(notification);
    },
  );
  return {
    eventCount,
    heldCount: () => held,
    waitingCount: () => held,
    announce(stored) {
      enter({
        place: stored.index,
        objects: [stored.index],
        eventDelivery: 1,
        content: {
          type: 'records',
          records: [
            { stored, eventName: 'ObjectCreated:Put', eventVersion: '2.1', sequencer: sequencer(stored.storedMs) },
          ],
        },
      });
    },
  };
}

/** In the order in which they work, not in which the scenario lists them; each plans over the events that reach it. */
function openFaults(
  { faults: configs, random, objectCount, clock, startedMs, report }: AnnouncerOptions,
  tools: { later(waitMs: number, action: () => void): void; nextSequencer(atMs: number): string },
): { faults: EventFault[]; eventCount: number } {
  const ordered = eventFaults.flatMap((entry) =>
    configs.flatMap((config, index) => (config.kind === entry.kind ? [{ entry, config, index }] : [])),
  );
  let eventCount = objectCount;
  const faults = ordered.map(({ entry, config, index }) => {
    const stream = random.split(`${config.kind} ${index}`);
    const isEverywhere = config.share === undefined && config.nth === undefined;
    const isChosen = planItems(entry.isOnce === true && isEverywhere ? { nth: 1 } : config, eventCount, stream);
    const fault = entry.open(config, {
      ...tools,
      eventCount,
      random: stream,
      // Copies by another fault are not planned for.
      strikes: ({ place, objects, eventDelivery }) =>
        objects.length > 0 && eventDelivery === 1 && isChosen(place) && isArmed(config, clock.nowMs() - startedMs),
      fired: (objects) => report({ type: 'fault', kind: config.kind, atMs: clock.nowMs(), objects }),
    });
    eventCount = fault.eventCount ?? eventCount;
    return fault;
  });
  return { faults, eventCount };
}
