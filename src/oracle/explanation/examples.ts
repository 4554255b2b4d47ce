// Names what differs: reads the chosen lines back from the corpus and the chosen arrivals from the archive.

import type { Corpus } from '../../core/model/corpus.ts';
import type { Witness } from '../../core/model/result.ts';
import { alterationOf } from '../comparison/alteration.ts';
import { arrivalKinds } from '../reading/arrival-reader.ts';
import { Bitmap } from '../ledger/bitmap.ts';
import type { Comparison } from '../comparison/comparison.ts';
import type { CorpusLines } from '../ledger/corpus-lines.ts';
import type { Examples } from './evidence.ts';
import type { Examination } from './field-reports.ts';
import { tellRequest, type LastRequests } from './last-requests.ts';
import { readerOf, type Ledger } from '../ledger/ledger.ts';
import { objectsWith } from '../ledger/line-access.ts';
import { objectFinder, type Pairing } from '../comparison/pairing.ts';
import { copyClasses, type CopyClass, type Timeline } from '../comparison/timeline.ts';
import { unexplainedNames, unexplainedText } from './unexplained.ts';
import { visitArrivals, type ReadRecords } from '../ledger/arrival-access.ts';
import { chooseArrivals, chooseLines, readLines, witnessLimit } from './witnesses.ts';

export interface ExamplesInput {
  readonly corpus: Corpus;
  readonly bucket: string;
  readonly ledger: Ledger;
  readonly lines: CorpusLines;
  readonly readRecords: ReadRecords;
  readonly comparison: Comparison;
  readonly timeline: Timeline;
  readonly pairing: Pairing;
  readonly examination: Examination;
  readonly requests: LastRequests;
}

interface Arrived {
  readonly line: string;
  readonly sequence: number;
}

export async function gatherExamples(input: ExamplesInput): Promise<Examples> {
  const { corpus, comparison, timeline, examination } = input;
  const objects = { all: objectsWith(comparison.missing, corpus) };
  const lost = objects.all.filter((object) => timeline.deadLettered[object.index] === 0);
  const dead = objects.all.filter((object) => timeline.deadLettered[object.index] === 1);
  const choose = (set: Bitmap): number[] => chooseLines(set, objectsWith(set, corpus));
  const chosen = {
    missing: chooseLines(comparison.missing, lost),
    deadLettered: chooseLines(comparison.missing, dead),
    altered: examination.chosen,
    unwanted: choose(comparison.unwanted),
    late: choose(comparison.late),
  };
  const doubled = copyClasses.map((name) => [name, choose(comparison.doubled[name])] as const);
  const ordinals = [...Object.values(chosen).flat(), ...doubled.flatMap(([, list]) => list)];
  const lines = await readLines(ordinals, input);
  const arrivals = await readArrivals(input, chosen.altered);
  const witness = (ordinal: number): Witness => lines.get(ordinal) ?? {};
  const objectOf = objectFinder(corpus);
  const strange = chooseStrange(comparison);
  return {
    missing: chosen.missing.map((ordinal) => {
      const { note } = storyOf(timeline, objectOf(ordinal));
      const request = input.requests.of(ordinal);
      const isKnown = request !== undefined && request !== 'unknown';
      return { ...witness(ordinal), note: isKnown ? `${note}; ${tellRequest(request)}` : note };
    }),
    deadLettered: chosen.deadLettered.map((ordinal) => ({
      ...witness(ordinal),
      ...storyOf(timeline, objectOf(ordinal)),
    })),
    altered: chosen.altered.map((ordinal) => {
      input.lines.open(corpus.objects[objectOf(ordinal)]!);
      return alteredWitness(input, witness(ordinal), arrivals.of(ordinal));
    }),
    unexpected: [
      ...chosen.unwanted.map((ordinal) => ({ ...witness(ordinal), note: 'the promises say to leave this line out' })),
      ...strange.unexpected.map((arrival) => arrivals.strange(arrival, comparison)),
    ].slice(0, witnessLimit),
    unexplained: strange.unexplained.map((arrival) => arrivals.strange(arrival, comparison)),
    header: strange.headers.map((arrival) => arrivals.strange(arrival, comparison)),
    late: chosen.late.map(witness),
    doubled: Object.fromEntries(doubled.map(([name, list]) => [name, list.map(witness)])) as Record<
      CopyClass,
      Witness[]
    >,
  };
}

function chooseStrange(comparison: Comparison): { unexpected: number[]; unexplained: number[]; headers: number[] } {
  const { record, header, blank, unexplained } = arrivalKinds;
  const some = (kind: 0 | 1 | 2 | 3, limit: number): number[] => chooseArrivals(comparison.unmatched[kind], limit);
  const unread = some(unexplained, 6);
  const unexpected = [...some(record, 12), ...unread, ...some(blank, 2)];
  return { unexpected, unexplained: unread, headers: some(header, 5) };
}

/** Reads the chosen arrivals: those that altered lines became, and those that fit no line. */
async function readArrivals(
  input: ExamplesInput,
  alteredLines: readonly number[],
): Promise<{ of(line: number): Arrived | undefined; strange(arrival: number, comparison: Comparison): Witness }> {
  const { comparison, ledger, pairing } = input;
  const wantedLines = new Set(alteredLines);
  const arrivalOf = new Map(pairing.pairs.filter(([line]) => wantedLines.has(line)));
  const { unexpected, headers } = chooseStrange(comparison);
  const wanted = new Bitmap(comparison.arrivalBase.at(-1)!);
  for (const arrival of [...arrivalOf.values(), ...unexpected, ...headers]) wanted.add(arrival);
  const reader = readerOf(ledger);
  const found = new Map<number, Arrived & { note: string }>();
  await visitArrivals(wanted, comparison.arrivalBase, input.readRecords, (view, arrival, sequence) => {
    const kind = reader.readValues(view);
    const isUnexplained = kind === arrivalKinds.unexplained;
    const line = isUnexplained ? unexplainedText(view) : reader.writer.toString();
    const note = isUnexplained ? `${notes[kind]}; ${unexplainedNames(view)}` : notes[kind]!;
    found.set(arrival, { line, sequence, note });
  });
  return {
    of: (line) => found.get(arrivalOf.get(line)!),
    strange(arrival) {
      const arrived = found.get(arrival);
      if (!arrived) return {};
      return { arrived: arrived.line, deliveries: [arrived.sequence], note: arrived.note };
    },
  };
}

/** By `arrivalKinds`. */
const notes = ['it stands nowhere in the corpus', 'a header line', 'a blank record', 'fewer than three known fields'];

/** Tells which fields differ, from what to what. */
function alteredWitness(input: ExamplesInput, witness: Witness, arrived: Arrived | undefined): Witness {
  if (!arrived || witness.text === undefined) return witness;
  const { fields } = input.ledger.schema;
  const before = input.lines.canonicalTokens(witness.text);
  const after = arrived.line.split(' ');
  const differences = fields.flatMap((name, field) => {
    if (input.lines.isLeftOut(field) || before[field] === after[field]) return [];
    const [attribute, body] = (after[field] ?? '-').split('≠');
    const how =
      body === undefined
        ? `arrived as ${attribute}`
        : `arrived as ${attribute} in the attributes and ${body} in the body`;
    const { kind } = alterationOf(before, after, field);
    const named = kind === 'other' || kind === 'contradicted' ? '' : ` (${kind})`;
    return [`${name}: ${before[field] ?? '-'} ${how}${named}`];
  });
  return { ...witness, arrived: arrived.line, deliveries: [arrived.sequence], note: differences.join('; ') };
}

/** What became of the object, in a few words. */
function storyOf(timeline: Timeline, object: number): { note: string } {
  const invocations = timeline.invocations.get(object) ?? [];
  if (Number.isNaN(timeline.dueMs[object]!)) return { note: 'its object was never stored' };
  if (invocations.length === 0) return { note: 'no invocation for its object ended' };
  const ends = invocations
    .slice(0, 5)
    .map((fact) => (fact.errorType ? `${fact.status} with ${fact.errorType}` : fact.status));
  return { note: `invocations for its object: ${ends.join(', ')}` };
}
