// A run over time, from the facts of its folder alone: rates, backlog, requests, faults and invocations, in a fixed number of
// buckets, so that a run of any length takes the same memory and the same place in a page. Facts and deliveries are seen twice:
// once to lay out the axis, once to fill it.

import { keptCount, type Delivery } from '../core/model/delivery.ts';
import type { RunFact } from '../core/model/invocation.ts';
import { Activity } from './activity.ts';
import { openBacklog } from './backlog.ts';
import { openInvocationBars, type InvocationBars } from './invocation-bars.ts';
import { positionOf, timeAxisOf, type TimeAxis } from './time-axis.ts';

const mostBuckets = 240;
const fewestBuckets = 30;
/** A bucket holds about so many requests where there are few: one request a bucket would draw spikes, not a rate. */
const requestsPerBucket = 3;
/** Kinds of marks that are told apart; the rest are left out. */
const markKindLimit = 12;

/** What a bucket of each list counts. All lists are equally long. */
export interface Series {
  readonly axis: TimeAxis;
  readonly bucketMs: number;
  readonly bucketCount: number;
  /** Records of objects that were stored, a second; undefined where the facts do not tell how many lines an object has. */
  readonly writtenPerS: Float64Array | undefined;
  /** Records that the sink kept, a second. */
  readonly arrivedPerS: Float64Array;
  /** Requests that were accepted, refused, or whose reply was lost, a second. */
  readonly acceptedPerS: Float64Array;
  readonly refusedPerS: Float64Array;
  readonly replyLostPerS: Float64Array;
  /** Objects that were stored and not yet done with, at the bucket's end. */
  readonly waitingObjects: Float64Array;
  /** Invocations that ran, on average. */
  readonly running: Float64Array;
  /** How often each thing happened that explains the rest: faults by kind, throttles, dead letters. */
  readonly marks: readonly Mark[];
  readonly invocations: InvocationBars;
}

export interface Mark {
  readonly kind: string;
  readonly counts: Uint32Array;
}

/** Calls back for each fact and each delivery of a run, as often as it is asked to. */
export interface SeriesSource {
  facts(see: (fact: RunFact) => void): Promise<void>;
  deliveries(see: (delivery: Delivery) => void): Promise<void>;
}

/** Undefined where nothing happened. */
export async function seriesOf(source: SeriesSource): Promise<Series | undefined> {
  const activity = new Activity();
  let requests = 0;
  await source.facts((fact) => markFact(activity, fact));
  await source.deliveries(({ receivedMs, endedMs }) => {
    requests += 1;
    activity.mark(receivedMs, endedMs);
  });
  const axis = timeAxisOf(activity);
  if (!axis) return undefined;
  const wanted = Math.ceil(requests / requestsPerBucket);
  const filling = openFilling(axis, Math.min(mostBuckets, Math.max(fewestBuckets, wanted)));
  await source.facts((fact) => filling.addFact(fact));
  await source.deliveries((delivery) => filling.addDelivery(delivery));
  return filling.series();
}

function markFact(activity: Activity, fact: RunFact): void {
  if (fact.type === 'invocation') activity.mark(fact.startedMs, fact.endedMs);
  else if (fact.type !== 'ended') activity.mark(momentOf(fact));
}

interface Filling {
  addFact(fact: RunFact): void;
  addDelivery(delivery: Delivery): void;
  series(): Series;
}

function openFilling(axis: TimeAxis, bucketCount: number): Filling {
  const bucketMs = axis.lengthMs / bucketCount;
  const bucketOf = (ms: number): number => Math.min(bucketCount - 1, Math.floor(positionOf(axis, ms) / bucketMs));
  const counts = (): Float64Array => new Float64Array(bucketCount);
  const [written, arrived] = [counts(), counts()];
  const requests = { acknowledged: counts(), refused: counts(), 'reply-lost': counts() };
  const marks = new Map<string, Uint32Array>();
  const mark = (kind: string, ms: number): void => {
    let found = marks.get(kind);
    if (!found && marks.size < markKindLimit) marks.set(kind, (found = new Uint32Array(bucketCount)));
    if (found) found[bucketOf(ms)]! += 1;
  };
  const backlog = openBacklog({ bucketCount, bucketMs, positionOf: (ms) => positionOf(axis, ms) });
  const invocations = openInvocationBars();
  let linesAreTold = true;
  return {
    addFact(fact) {
      backlog.add(fact);
      if (fact.type === 'stored') {
        if (fact.lineCount === undefined) linesAreTold = false;
        else written[bucketOf(fact.storedMs)]! += fact.lineCount;
      } else if (fact.type === 'invocation') invocations.add(fact);
      else if (fact.type === 'fault') mark(fact.kind, fact.atMs);
      else if (fact.type === 'throttled' || fact.type === 'dead-lettered' || fact.type === 'discarded') {
        mark(fact.type, fact.atMs);
      }
    },
    addDelivery(delivery) {
      const bucket = bucketOf(delivery.receivedMs);
      arrived[bucket]! += keptCount(delivery);
      requests[delivery.acknowledgement][bucket]! += 1;
      if (delivery.fault !== undefined) mark(delivery.fault, delivery.receivedMs);
    },
    series: () => ({
      axis,
      bucketMs,
      bucketCount,
      writtenPerS: linesAreTold ? perSecond(written, bucketMs) : undefined,
      arrivedPerS: perSecond(arrived, bucketMs),
      acceptedPerS: perSecond(requests.acknowledged, bucketMs),
      refusedPerS: perSecond(requests.refused, bucketMs),
      replyLostPerS: perSecond(requests['reply-lost'], bucketMs),
      waitingObjects: backlog.waitingObjects(),
      running: backlog.running(),
      marks: [...marks].map(([kind, strikes]) => ({ kind, counts: strikes })),
      invocations: invocations.bars(),
    }),
  };
}

function perSecond(counts: Float64Array, bucketMs: number): Float64Array {
  return counts.map((count) => (count * 1000) / bucketMs);
}

/** When a fact that has no length happened. */
function momentOf(fact: Exclude<RunFact, { type: 'invocation' | 'ended' }>): number {
  if (fact.type === 'stored') return fact.storedMs;
  return fact.type === 'notified' ? fact.sentMs : fact.atMs;
}
