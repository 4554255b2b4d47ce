// When things happened to each object and delivery: what the facts and the sink's list say, by index for quick look-ups.

import type { Delivery } from '../../core/model/delivery.ts';
import type { FaultFact, InvocationFact, NotifiedFact, RunFact } from '../../core/model/invocation.ts';

/** Surplus copies by cause, each in the first that fits. */
export const copyClasses = [
  'afterLostReply',
  'afterDuplicateEvent',
  'afterFailedInvocation',
  'afterAcknowledgement',
] as const;

export type CopyClass = (typeof copyClasses)[number];

/** Times are Unix ms on the rig's clock; Infinity is never. Arrays are by object index, or by sequence for deliveries. */
export interface Timeline {
  /** When the object was due (paced) or stored; NaN where it never was. */
  readonly dueMs: Float64Array;
  /** End of the object's first invocation that succeeded, or when a poller first deleted its message. */
  readonly firstSuccessMs: Float64Array;
  /** From when on a copy may come from an event that was delivered again. */
  readonly repeatedEventMs: Float64Array;
  /** From when on a copy may come from a retry of an invocation that failed. */
  readonly retriedMs: Float64Array;
  readonly deadLettered: Uint8Array;
  /** 1 where a fault touched the object, its event or its invocations. */
  readonly touched: Uint8Array;
  /** The same without the faults that only change what the object holds. */
  readonly hindered: Uint8Array;
  /** Objects that the store refused for good, or that were overwritten before they were read: they owe nothing. */
  readonly withheld: ReadonlySet<number>;
  /** Invocations that failed, by object. */
  readonly failures: ReadonlyMap<number, readonly InvocationFact[]>;
  /** Invocations of each object that ended, in order. */
  readonly invocations: ReadonlyMap<number, readonly InvocationFact[]>;
  readonly receivedMs: Float64Array;
  readonly endedMs: Float64Array;
  /** 1 where the sink kept the records but the forwarder was not told so. */
  readonly lostReply: Uint8Array;
  /** First event sent, or first object stored where no event was; NaN where neither. */
  readonly firstEventMs: number;
  /** Last byte of the last request kept; NaN where none was. */
  readonly lastKeptMs: number;
  readonly storedCount: number;
}

export function timelineOf(objectCount: number, facts: readonly RunFact[], deliveries: readonly Delivery[]): Timeline {
  const invocations = new Map<number, InvocationFact[]>();
  const failures = new Map<number, InvocationFact[]>();
  const never = (): Float64Array => new Float64Array(objectCount).fill(Infinity);
  const line = {
    dueMs: new Float64Array(objectCount).fill(NaN),
    firstSuccessMs: never(),
    repeatedEventMs: never(),
    retriedMs: never(),
    deadLettered: new Uint8Array(objectCount),
    touched: new Uint8Array(objectCount),
    hindered: new Uint8Array(objectCount),
  };
  let firstSentMs = Infinity;
  let firstStoredMs = Infinity;
  let storedCount = 0;
  for (const fact of facts) {
    if (fact.type === 'stored') {
      storedCount += 1;
      firstStoredMs = Math.min(firstStoredMs, fact.storedMs);
      line.dueMs[fact.object] = fact.dueMs ?? fact.storedMs;
    } else if (fact.type === 'notified') {
      firstSentMs = Math.min(firstSentMs, fact.sentMs);
    } else if (fact.type === 'dead-lettered') {
      for (const object of fact.objects) line.deadLettered[object] = 1;
    } else if (fact.type === 'fault') {
      for (const object of objectsOf(fact)) {
        line.touched[object] = 1;
        if (!fact.kind.startsWith('object.')) line.hindered[object] = 1;
        if (fact.kind === 'event.duplicate') lower(line.repeatedEventMs, object, fact.atMs);
      }
    } else if (fact.type === 'acknowledged') {
      for (const object of fact.objects) lower(line.firstSuccessMs, object, fact.atMs);
    } else if (fact.type === 'invocation') {
      for (const object of fact.objects) {
        push(invocations, object, fact);
        if (hasSucceeded(fact, object)) lower(line.firstSuccessMs, object, fact.endedMs);
        else push(failures, object, fact);
        if (fact.attempt > 1) lower(line.retriedMs, object, fact.startedMs);
      }
    }
  }
  noteRepeatedEvents(line, facts, failures);
  noteNetFaults(line, facts, failures);
  return {
    ...line,
    withheld: new Set(facts.flatMap((fact) => (fact.type === 'fault' && fact.withholds ? [fact.object!] : []))),
    invocations,
    failures,
    storedCount,
    firstEventMs: firstSentMs < Infinity ? firstSentMs : firstStoredMs < Infinity ? firstStoredMs : NaN,
    ...deliveryTimes(deliveries),
  };
}

/** AWS delivers an event again after a failed invocation (a retry's class) or because a visibility timeout ran out. */
function noteRepeatedEvents(
  line: { repeatedEventMs: Float64Array; retriedMs: Float64Array },
  facts: readonly RunFact[],
  failures: ReadonlyMap<number, readonly InvocationFact[]>,
): void {
  for (const fact of facts) {
    if (fact.type !== 'notified' && fact.type !== 'invocation') continue;
    const atMs = fact.type === 'notified' ? fact.sentMs : fact.startedMs;
    for (const object of fact.objects) {
      const delivery = deliveryOf(fact, object);
      if (delivery < 2) continue;
      const hasFailed = failures
        .get(object)
        ?.some((failure) => deliveryOf(failure, object) === delivery - 1 && failure.endedMs <= atMs);
      lower(hasFailed ? line.retriedMs : line.repeatedEventMs, object, atMs);
    }
  }
}

/** A connection knows no object: a fault of the network touched whatever an invocation was at when it struck, and failed at. */
function noteNetFaults(
  line: { touched: Uint8Array; hindered: Uint8Array },
  facts: readonly RunFact[],
  failures: ReadonlyMap<number, readonly InvocationFact[]>,
): void {
  const struckMs = facts.flatMap((fact) => (fact.type === 'fault' && fact.kind.startsWith('net.') ? [fact.atMs] : []));
  if (struckMs.length === 0) return;
  for (const [object, failed] of failures) {
    const isTouched = failed.some(({ startedMs, endedMs }) =>
      struckMs.some((atMs) => atMs >= startedMs && atMs <= endedMs),
    );
    if (isTouched) line.touched[object] = line.hindered[object] = 1;
  }
}

/** Of a batch, what its answer names as failed did fail. */
function hasSucceeded(fact: InvocationFact, object: number): boolean {
  return fact.status === 'succeeded' && fact.failedObjects?.includes(object) !== true;
}

function deliveryOf(fact: NotifiedFact | InvocationFact, object: number): number {
  const deliveries = fact.type === 'invocation' ? fact.deliveries : undefined;
  return deliveries?.[fact.objects.indexOf(object)] ?? fact.eventDelivery;
}

function objectsOf({ object, objects }: FaultFact): readonly number[] {
  return objects ?? (object === undefined ? [] : [object]);
}

function deliveryTimes(
  deliveries: readonly Delivery[],
): Pick<Timeline, 'receivedMs' | 'endedMs' | 'lostReply' | 'lastKeptMs'> {
  const size = deliveries.reduce((max, delivery) => Math.max(max, delivery.sequence), 0) + 1;
  const receivedMs = new Float64Array(size).fill(NaN);
  const endedMs = new Float64Array(size).fill(NaN);
  const lostReply = new Uint8Array(size);
  let lastKeptMs = NaN;
  for (const delivery of deliveries) {
    receivedMs[delivery.sequence] = delivery.receivedMs;
    endedMs[delivery.sequence] = delivery.endedMs;
    if (!delivery.kept) continue;
    if (!(delivery.receivedMs <= lastKeptMs)) lastKeptMs = delivery.receivedMs;
    if (delivery.acknowledgement !== 'acknowledged') lostReply[delivery.sequence] = 1;
  }
  return { receivedMs, endedMs, lostReply, lastKeptMs };
}

/**
 * The class of a surplus copy that came at `receivedMs`. `lostReplies` is how many earlier copies were kept without the
 * forwarder learning of it, less those that excused a copy before.
 */
export function copyClassOf(timeline: Timeline, object: number, receivedMs: number, lostReplies: number): CopyClass {
  if (lostReplies > 0) return 'afterLostReply';
  if (timeline.repeatedEventMs[object]! <= receivedMs) return 'afterDuplicateEvent';
  if (timeline.retriedMs[object]! <= receivedMs) return 'afterFailedInvocation';
  return 'afterAcknowledgement';
}

function lower(times: Float64Array, index: number, value: number): void {
  if (value < times[index]!) times[index] = value;
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
