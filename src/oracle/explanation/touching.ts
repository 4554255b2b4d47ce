// Which objects a fault at the sink touched: the sink knows requests, not objects, so the records of the requests that a fault
// answered are looked up in the objects whose events ended in dead letters, and in those that failed with them. Only these need to
// be excused.

import type { Corpus, CorpusObject } from '../../core/model/corpus.ts';
import type { Delivery } from '../../core/model/delivery.ts';
import type { InvocationFact } from '../../core/model/invocation.ts';
import type { Comparison } from '../comparison/comparison.ts';
import { FingerprintTable } from '../comparison/fingerprint-table.ts';
import type { CorpusLines } from '../ledger/corpus-lines.ts';
import { readerOf, type Ledger } from '../ledger/ledger.ts';
import type { Timeline } from '../comparison/timeline.ts';
import type { ReadRecords } from '../ledger/arrival-access.ts';
import type { RefusedRecords } from './refused-records.ts';

/** Lines looked up at once: what bounds the memory. */
const linesAtOnce = 200_000;

export interface TouchingInput {
  readonly corpus: Corpus;
  readonly deliveries: readonly Delivery[];
  readonly readRecords: ReadRecords;
  readonly ledger: Ledger;
  readonly lines: CorpusLines;
  readonly comparison: Comparison;
  readonly timeline: Timeline;
  readonly refused: () => Promise<RefusedRecords>;
}

/** Marks objects in `timeline.touched`. Records are named by fingerprint, so equal lines touch each of their objects. */
export async function markTouched(input: TouchingInput): Promise<void> {
  const { corpus, comparison, timeline } = input;
  const faulted = input.deliveries.filter((delivery) => delivery.fault !== undefined);
  const accused = corpus.objects.filter((object) => {
    return comparison.balances.deadLettered[object.index]! > 0 && timeline.touched[object.index] === 0;
  });
  const looked = new Set(accused.flatMap(({ index }) => [index, ...companionsOf(index, timeline)]));
  const open = corpus.objects.filter(({ index }) => looked.has(index));
  while (faulted.length > 0 && open.length > 0) {
    const some: CorpusObject[] = [];
    for (let lines = 0; open.length > 0 && lines < linesAtOnce; lines += some.at(-1)!.lineCount)
      some.push(open.shift()!);
    await markSome(input, some, faulted);
  }
}

async function markSome(
  input: TouchingInput,
  objects: readonly CorpusObject[],
  faulted: readonly Delivery[],
): Promise<void> {
  const { corpus, ledger, lines, timeline } = input;
  const table = new FingerprintTable(objects.reduce((sum, { lineCount }) => sum + lineCount, 0));
  for (const object of objects) {
    lines.open(object);
    await corpus.scan(object, (bytes, start, end) => {
      lines.read(bytes, start, end);
      table.add(lines.fingerprinter.high, lines.fingerprinter.low, object.index);
    });
  }
  const refused = await input.refused();
  refused.look(table, (delivery, object) => {
    if (delivery.fault !== undefined) touch(object, delivery, timeline);
  });
  // What was kept, though a fault answered, is read again.
  const reader = readerOf(ledger);
  for (const delivery of faulted) {
    if (refused.holds(delivery)) continue;
    await input.readRecords(delivery.sequence, (view) => {
      reader.read(view);
      const { high, low } = reader.fingerprinter;
      table.visit(high, low, (object) => touch(object, delivery, timeline));
    });
  }
}

/**
 * The object, and all of the event that failed while the fault answered: whoever must fail an event whole has no reason to go on with
 * the rest of it.
 */
function touch(object: number, { receivedMs }: Delivery, timeline: Timeline): void {
  timeline.touched[object] = 1;
  for (const failure of sharedFailures(object, timeline)) {
    if (failure.startedMs > receivedMs || receivedMs > failure.endedMs) continue;
    for (const other of failure.objects) timeline.touched[other] = 1;
  }
}

function companionsOf(object: number, timeline: Timeline): readonly number[] {
  return sharedFailures(object, timeline).flatMap(({ objects }) => objects);
}

function sharedFailures(object: number, { failures }: Timeline): readonly InvocationFact[] {
  const failed = failures.get(object) ?? [];
  return failed.filter(({ objects, answersForEach }) => objects.length > 1 && answersForEach !== true);
}
