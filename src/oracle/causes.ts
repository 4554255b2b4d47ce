// Whose fault a difference is: what preceded each record that is missing, dead-lettered or doubled. First the last request that brought
// the record and did not leave it with SigNoz, then what became of its object's events and invocations. What nothing preceded is the
// forwarder's own; what was not looked at is told as unknown. The counts add up to the tally's.

import { keptCount, type Delivery } from '../core/model/delivery.ts';
import type { Cause } from '../core/model/result.ts';
import type { Comparison } from './comparison.ts';
import { FingerprintTable } from './fingerprint-table.ts';
import { readerOf } from './ledger.ts';
import { objectsWith, visitLines } from './line-access.ts';
import { openObjectCauses, type FoundCause } from './object-causes.ts';
import { objectFinder } from './pairing.ts';
import type { StoriesInput } from './stories.ts';
import { copyClasses, type CopyClass, type Timeline } from './timeline.ts';

/** Missing records that are looked up in requests: 12 MB of fingerprints. */
const linesLookedUp = 500_000;
/** Records of requests that are looked through, the last requests first. */
const recordsLookedThrough = 3_000_000;

export interface CausesInput extends StoriesInput {
  readonly comparison: Comparison;
  readonly timeline: Timeline;
}

const unknown: FoundCause = { id: 'unknown', faults: [], text: 'of which too many are missing to look each one up' };

/** Marks in `timeline.touched` objects whose missing records a fault at the sink answered. */
export async function explainDifferences(input: CausesInput): Promise<Cause[]> {
  const { corpus, comparison, timeline } = input;
  const objectCauses = openObjectCauses(input);
  const requests = await lookUpRequests(input);
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

interface Requests {
  /** The last request that brought the line and did not leave it; undefined where none did. */
  of(line: number): Delivery | 'unknown' | undefined;
}

async function lookUpRequests(input: CausesInput): Promise<Requests> {
  const { comparison, ledger } = input;
  const left = input.deliveries.filter((delivery) => keptCount(delivery) < delivery.recordCount);
  if (left.length === 0 || comparison.missing.count === 0) return { of: () => undefined };
  const { table, lastLine } = await tableOfMissing(input);
  const found = new Map<number, Delivery>();
  const reader = readerOf(ledger);
  let budget = recordsLookedThrough;
  for (const delivery of left.toReversed()) {
    budget -= delivery.recordCount;
    if (budget < 0) break;
    const kept = keptCount(delivery);
    await input.readRecords(delivery.sequence, (view, index) => {
      if (index < kept) return;
      reader.read(view);
      table.visit(reader.fingerprinter.high, reader.fingerprinter.low, (line) => {
        if (!found.has(line)) found.set(line, delivery);
      });
    });
  }
  return {
    of: (line) => found.get(line) ?? (line > lastLine || budget < 0 ? 'unknown' : undefined),
  };
}

/** Fingerprints of the first missing lines, by ordinal; `lastLine` is the last of them, Infinity where all are in. */
async function tableOfMissing(input: CausesInput): Promise<{ table: FingerprintTable; lastLine: number }> {
  const { corpus, comparison, lines } = input;
  const { count } = comparison.missing;
  const table = new FingerprintTable(Math.min(count, linesLookedUp));
  let lastLine = -1;
  await visitLines(comparison.missing, corpus, {
    onObject: (object) => lines.open(object),
    visit(bytes, start, end, { ordinal }) {
      lines.read(bytes, start, end);
      table.add(lines.fingerprinter.high, lines.fingerprinter.low, ordinal);
      lastLine = ordinal;
    },
    limit: linesLookedUp,
  });
  return { table, lastLine: count > linesLookedUp ? lastLine : Infinity };
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
