// Hands on what the store itself notifies: each message as it is, tagged with the object that it is about.

import type { Clock } from '../core/clock.ts';
import type { Report, StoredObject, StoreNotifications } from '../core/model/trigger.ts';
import type { Announcer } from './announcer.ts';
import type { Announced } from './event-source-mapping.ts';
import { noPlace } from './faults/kind.ts';
import type { Queue } from './queue/queue.ts';

export interface RelayOptions {
  readonly notifications: StoreNotifications;
  readonly queue: Queue<Announced>;
  readonly clock: Clock;
  readonly report: Report;
  readonly objectCount: number;
  readonly signal: AbortSignal;
}

/** An object is announced when it is stored; it is held until the store has notified it. */
export function openRelay(options: RelayOptions): Announcer {
  const { queue, clock, report, objectCount } = options;
  const stored = new Map<string, number>();
  const deliveries = new Map<number, number>();
  /** What came before we knew that its object was stored. */
  const early = new Map<string, string[]>();
  let held = 0;

  function deliver(body: string, index: number): void {
    const eventDelivery = (deliveries.get(index) ?? 0) + 1;
    deliveries.set(index, eventDelivery);
    if (eventDelivery === 1) held--;
    report({ type: 'notified', objects: [index], sentMs: clock.nowMs(), eventDelivery });
    const place = eventDelivery === 1 ? index : noPlace;
    queue.send(body, { tag: { place, objects: [index], eventDelivery } });
  }

  function take(body: string): void {
    for (const key of keysOf(body)) {
      const index = stored.get(key);
      if (index === undefined) early.set(key, [...(early.get(key) ?? []), body]);
      else deliver(body, index);
    }
  }

  void readAll(options, take);
  return {
    eventCount: objectCount,
    heldCount: () => held,
    // It waits for the store, not for a time.
    waitingCount: () => 0,
    announce({ key, index }: StoredObject) {
      held++;
      stored.set(key, index);
      for (const body of early.get(key) ?? []) deliver(body, index);
      early.delete(key);
    },
  };
}

/** Ends with the signal, or quietly where the store is gone: whoever opened it has heard of that. */
async function readAll({ notifications, signal }: RelayOptions, take: (body: string) => void): Promise<void> {
  try {
    while (!signal.aborted) for (const body of await notifications.receive(signal)) take(body);
  } catch {
    // Told by the notifications themselves.
  }
}

/** S3's records hold keys as forms encode them; LocalStack writes a space as %20, AWS as a plus, and both escape a plus. */
function keysOf(body: string): string[] {
  const { Records = [] } = JSON.parse(body) as { Records?: { s3: { object: { key: string } } }[] };
  return Records.map(({ s3 }) => decodeURIComponent(s3.object.key.replaceAll('+', ' ')));
}
