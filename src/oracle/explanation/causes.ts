// Whose fault a difference is: what preceded each record that is missing, dead-lettered or doubled. First the last request that brought
// the record and did not leave it with SigNoz, then what became of its object's events and invocations. What nothing preceded is the
// forwarder's own; what was not looked at is told as unknown. The counts add up to the tally's.

import type { Corpus } from '../../core/model/corpus.ts';
import type { Delivery } from '../../core/model/delivery.ts';
import type { RunFact } from '../../core/model/invocation.ts';
import type { Cause } from '../../core/model/result.ts';
import type { Comparison } from '../comparison/comparison.ts';
import type { LastRequests } from './last-requests.ts';
import { objectsWith } from '../ledger/line-access.ts';
import { openObjectCauses, type FoundCause } from './object-causes.ts';
import { objectFinder } from '../comparison/pairing.ts';
import { copyClasses, type CopyClass, type Timeline } from '../comparison/timeline.ts';

export interface CausesInput {
  readonly corpus: Corpus;
  readonly facts: readonly RunFact[];
  readonly deliveries: readonly Delivery[];
  readonly comparison: Comparison;
  readonly timeline: Timeline;
  readonly requests: LastRequests;
}

const unknown: FoundCause = { id: 'unknown', faults: [], text: 'of which too many are missing to look each one up' };

/** Causes with their counts, the most frequent first. Marks in `timeline.touched` objects whose missing records a fault at the sink answered. */
export function explainDifferences(input: CausesInput): Cause[] {
  const { corpus, comparison, timeline, requests } = input;
  const objectCauses = openObjectCauses(input);
  const objectOf = objectFinder(corpus);
  const totals = new Totals();
  for (let line = comparison.missing.next(0); line >= 0; line = comparison.missing.next(line + 1)) {
    const object = objectOf(line);
    const of = timeline.deadLettered[object] === 1 ? 'deadLettered' : 'missing';
    const request = requests.of(line);
    if (request === undefined) totals.add(of, objectCauses.ofObject(object));
    else if (request === 'unknown') totals.add(of, unknown);
    else {
      if (request.fault !== undefined) timeline.touched[object] = 1;
      totals.add(of, causeOfRequest(request));
    }
  }
  for (const name of copyClasses) addCopies(totals, name, input, objectCauses.faultsOf);
  return totals.list();
}

/** Adds causes up by what they say. */
class Totals {
  readonly #causes = new Map<string, { cause: Omit<Cause, 'count'>; count: number }>();

  add(of: Cause['of'], { id, faults, text }: FoundCause, count = 1): void {
    const key = `${of} ${id} ${text} ${faults.join()}`;
    const known = this.#causes.get(key);
    if (known) known.count += count;
    else this.#causes.set(key, { cause: { of, id, faults, text }, count });
  }

  list(): Cause[] {
    return [...this.#causes.values()]
      .map(({ cause: { of, id, faults, text }, count }) => ({ of, id, count, faults, text }))
      .toSorted((a, b) => b.count - a.count);
  }
}

function causeOfRequest({ kept, acknowledgement, statusCode, fault }: Delivery): FoundCause {
  const by = fault ?? 'the sink';
  const faults = fault === undefined ? [] : [fault];
  if (kept) return { id: 'record-rejected', faults, text: `after ${by} rejected them by a partial success` };
  if (acknowledgement === 'acknowledged') {
    return { id: 'acknowledged-unkept', faults, text: `after ${by} acknowledged their request and kept nothing` };
  }
  if (statusCode === 0)
    return { id: 'connection-ended', faults, text: `after ${by} ended the connection of their request` };
  return { id: 'request-refused', faults, text: `after ${by} refused their request with ${statusCode}` };
}

const copyTexts: Readonly<Record<CopyClass, { id: string; text: string }>> = {
  afterLostReply: { id: 'reply-lost', text: 'after a reply that was lost' },
  afterDuplicateEvent: { id: 'event-repeated', text: 'after an event that came twice' },
  afterFailedInvocation: { id: 'invocation-retried', text: 'after an invocation that failed and was retried' },
  afterAcknowledgement: { id: 'forwarder', text: 'though the first copy was acknowledged' },
};

/** The faults that may have provoked copies of the class: those that struck their objects, or that lost replies. */
function addCopies(
  totals: Totals,
  name: CopyClass,
  { corpus, comparison, deliveries, timeline }: CausesInput,
  faultsOf: (object: number) => readonly string[],
): void {
  const count = comparison.copies[name];
  if (count === 0) return;
  const faults = new Set<string>();
  if (name === 'afterLostReply') {
    for (const { fault, sequence } of deliveries) {
      if (fault !== undefined && timeline.lostReply[sequence] === 1) faults.add(fault);
    }
  } else if (name !== 'afterAcknowledgement') {
    const struck = objectsWith(comparison.doubled[name], corpus).flatMap(({ index }) => faultsOf(index));
    for (const kind of struck) if ((name === 'afterDuplicateEvent') === kind.startsWith('event.')) faults.add(kind);
  }
  totals.add('doubled', { ...copyTexts[name], faults: [...faults].toSorted() }, count);
}
