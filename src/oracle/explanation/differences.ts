// Every record that was lost, altered, doubled or unexpected, one by one: a finding shows 20 of them, the list all, but for a limit that
// keeps it a file that can be opened.

import type { Corpus } from '../../core/model/corpus.ts';
import { arrivalKinds } from '../reading/arrival-reader.ts';
import { Bitmap } from '../ledger/bitmap.ts';
import type { Comparison } from '../comparison/comparison.ts';
import type { CorpusLines } from '../ledger/corpus-lines.ts';
import { readerOf, type Ledger } from '../ledger/ledger.ts';
import { visitLines } from '../ledger/line-access.ts';
import { objectFinder, type Pairing } from '../comparison/pairing.ts';
import { copyClasses, type CopyClass, type Timeline } from '../comparison/timeline.ts';
import { unexplainedText } from './unexplained.ts';
import { visitArrivals, type ReadRecords } from '../ledger/arrival-access.ts';

/** Records of a kind that are listed; those of altered ones that the pairing kept. */
const listedOfKind = 100_000;

export type DifferenceKind = 'missing' | 'dead-lettered' | 'altered' | 'doubled' | 'unwanted' | 'unexpected';

/** One line of the list. */
export interface Difference {
  readonly kind: DifferenceKind;
  readonly key?: string;
  /** Line in the object, from 1. */
  readonly line?: number;
  readonly text?: string;
  /** What came instead, or unexpectedly, as a line in the corpus's field order. */
  readonly arrived?: string;
  /** Sequence of the delivery that brought it. */
  readonly delivery?: number;
  /** Of doubled ones: the class of a surplus copy. */
  readonly copy?: CopyClass;
  /** Ends the list of a kind: so many more are not listed. */
  readonly omitted?: number;
}

export interface DifferencesInput {
  readonly corpus: Corpus;
  readonly ledger: Ledger;
  readonly lines: CorpusLines;
  readonly readRecords: ReadRecords;
  readonly comparison: Comparison;
  readonly timeline: Timeline;
  readonly pairing: Pairing;
  readonly onDifference?: (difference: Difference) => void;
}

/** Shows each difference: those of the corpus's lines in its order, then what nobody owed in the order of arrival. */
export async function listDifferences(input: DifferencesInput): Promise<void> {
  const { onDifference } = input;
  if (!onDifference) return;
  const omitted = new Map<DifferenceKind, number>();
  await listLines(input, onDifference, omitted);
  await listStrangers(input, onDifference, omitted);
  for (const [kind, count] of omitted) onDifference({ kind, omitted: count });
}

async function listLines(
  input: DifferencesInput,
  show: (difference: Difference) => void,
  omitted: Map<DifferenceKind, number>,
): Promise<void> {
  const { corpus, comparison, timeline, pairing } = input;
  const wanted = new Bitmap(corpus.lineCount);
  const choose = (kind: DifferenceKind, set: Bitmap): Bitmap => {
    const chosen = firstOf(set, kind, omitted);
    for (const line of chosen) wanted.add(line);
    return chosen;
  };
  const missing = choose('missing', comparison.missing);
  const unwanted = choose('unwanted', comparison.unwanted);
  const doubled = copyClasses.map((copy) => [copy, choose('doubled', comparison.doubled[copy])] as const);
  const alterations = await arrivalsOf(input);
  for (const line of alterations.keys()) wanted.add(line);
  const rest = pairing.count - alterations.size;
  if (rest > 0) omitted.set('altered', rest);
  const objectOf = objectFinder(corpus);
  const decoder = new TextDecoder();
  let key = '';
  await visitLines(wanted, corpus, {
    onObject: (object) => void (key = object.key),
    visit(bytes, start, end, { ordinal, line }) {
      const place = { key, line, text: decoder.decode(bytes.subarray(start, end)) };
      const isDead = timeline.deadLettered[objectOf(ordinal)] === 1;
      if (missing.has(ordinal)) show({ kind: isDead ? 'dead-lettered' : 'missing', ...place });
      const alteration = alterations.get(ordinal);
      if (alteration) show({ kind: 'altered', ...place, ...alteration });
      if (unwanted.has(ordinal)) show({ kind: 'unwanted', ...place });
      for (const [copy, set] of doubled) if (set.has(ordinal)) show({ kind: 'doubled', ...place, copy });
    },
  });
}

/** Arrivals that stand nowhere in the corpus: inventions, headers, blanks. */
async function listStrangers(
  { ledger, comparison, readRecords }: DifferencesInput,
  show: (difference: Difference) => void,
  omitted: Map<DifferenceKind, number>,
): Promise<void> {
  const wanted = new Bitmap(comparison.arrivalBase.at(-1)!);
  for (const set of comparison.unmatched) {
    for (const arrival of firstOf(set, 'unexpected', omitted)) wanted.add(arrival);
  }
  const reader = readerOf(ledger);
  await visitArrivals(wanted, comparison.arrivalBase, readRecords, (view, _, delivery) => {
    const kind = reader.readValues(view);
    const arrived = kind === arrivalKinds.unexplained ? unexplainedText(view) : reader.writer.toString();
    show({ kind: 'unexpected', arrived, delivery });
  });
}

/** What altered lines became, by line. */
async function arrivalsOf({
  ledger,
  comparison,
  readRecords,
  pairing,
}: DifferencesInput): Promise<ReadonlyMap<number, { arrived: string; delivery: number }>> {
  const lineOf = new Map(pairing.pairs.map(([line, arrival]) => [arrival, line]));
  const wanted = new Bitmap(comparison.arrivalBase.at(-1)!);
  for (const arrival of lineOf.keys()) wanted.add(arrival);
  const reader = readerOf(ledger);
  const found = new Map<number, { arrived: string; delivery: number }>();
  await visitArrivals(wanted, comparison.arrivalBase, readRecords, (view, arrival, delivery) => {
    reader.readValues(view);
    found.set(lineOf.get(arrival)!, { arrived: reader.writer.toString(), delivery });
  });
  return found;
}

function firstOf(set: Bitmap, kind: DifferenceKind, omitted: Map<DifferenceKind, number>): Bitmap {
  if (set.count <= listedOfKind) return set;
  omitted.set(kind, (omitted.get(kind) ?? 0) + set.count - listedOfKind);
  const some = new Bitmap(set.length);
  for (const index of set) {
    some.add(index);
    if (some.count === listedOfKind) break;
  }
  return some;
}
