// The mapping table: where each field was found in what arrived, and what became of its values, with a row of confusion for each.
// How many values changed is exact; of what kind they are is told of a sample where there are very many.

import type { Corpus } from '../../core/model/corpus.ts';
import type { AlterationKind, FieldReport } from '../../core/model/result.ts';
import { alterationOf, type Alteration } from '../comparison/alteration.ts';
import { Bitmap } from '../ledger/bitmap.ts';
import type { Carriage } from '../reading/carriage.ts';
import type { Comparison } from '../comparison/comparison.ts';
import type { CorpusLines } from '../ledger/corpus-lines.ts';
import type { FieldSchema } from '../reading/field-schema.ts';
import { readerOf, type Ledger } from '../ledger/ledger.ts';
import { visitLines } from '../ledger/line-access.ts';
import type { Pairing } from '../comparison/pairing.ts';
import type { Promises } from '../promises.ts';
import { visitArrivals, type ReadRecords } from '../ledger/arrival-access.ts';
import { spread, witnessLimit } from './witnesses.ts';

/** Altered records whose values are compared one by one: some 20 MB of text. */
const examinedPairs = 20_000;

export interface ExaminationInput {
  readonly corpus: Corpus;
  readonly ledger: Ledger;
  readonly schema: FieldSchema;
  readonly lines: CorpusLines;
  readonly readRecords: ReadRecords;
  readonly comparison: Comparison;
  readonly pairing: Pairing;
}

export interface Examination {
  /** How many altered records were looked at. */
  readonly examined: number;
  /** By field: how often its values changed in each way, and whose value came instead. */
  readonly kinds: readonly Map<AlterationKind, number>[];
  readonly confusedWith: readonly Map<number, number>[];
  /** Ordinals of altered lines that differ from each other in what was done to them, ascending. */
  readonly chosen: readonly number[];
}

/** Compares altered records with what they became, value by value. */
export async function examineAltered(input: ExaminationInput): Promise<Examination> {
  const { schema, pairing } = input;
  const kinds = schema.fields.map(() => new Map<AlterationKind, number>());
  const confusedWith = schema.fields.map(() => new Map<number, number>());
  const pairs = spread(pairing.pairs, examinedPairs);
  const before = await valuesOfLines(input, pairs);
  const bySignature = new Map<string, number[]>();
  await visitValues(input, pairs, (line, after) => {
    const signature: string[] = [];
    schema.fields.forEach((name, field) => {
      const values = before.get(line)!;
      if (schema.leftOut[field] === 1 || values[field] === after[field]) return;
      const alteration = alterationOf(values, after, field);
      book(kinds[field]!, confusedWith[field]!, alteration);
      signature.push(`${name} ${alteration.kind}`);
    });
    const key = signature.join();
    const alike = bySignature.get(key);
    if (alike) alike.push(line);
    else bySignature.set(key, [line]);
  });
  return { examined: pairs.length, kinds, confusedWith, chosen: chooseUnlike([...bySignature.values()]) };
}

/** The rows of the table, in the order of the corpus. */
export function fieldReports(input: {
  schema: FieldSchema;
  carriage: readonly Carriage[];
  promises: Promises;
  pairing: Pairing;
  examination: Examination;
  delivered: number;
}): FieldReport[] {
  const { schema, carriage, promises, pairing, examination, delivered } = input;
  const { dropped, masked } = promises.fields;
  return schema.fields.map((field, index) => {
    const { count, names } = carriage[index]!;
    const altered = pairing.fields.get(field) ?? 0;
    const promised = dropped.includes(field) ? 'dropped' : masked.includes(field) ? 'masked' : undefined;
    const arrived = delivered + pairing.count;
    return {
      field,
      names: names.slice(0, 3),
      carried: count,
      intact: count === 0 || promised ? 0 : arrived - altered,
      altered,
      kinds: Object.fromEntries(sorted(examination.kinds[index]!)),
      confusedWith: Object.fromEntries(
        sorted(examination.confusedWith[index]!).map(([other, times]) => [schema.fields[other]!, times]),
      ),
      ...(promised ? { promised } : {}),
    };
  });
}

function book(kinds: Map<AlterationKind, number>, confused: Map<number, number>, alteration: Alteration): void {
  kinds.set(alteration.kind, (kinds.get(alteration.kind) ?? 0) + 1);
  const other = alteration.confusedWith;
  if (other !== undefined) confused.set(other, (confused.get(other) ?? 0) + 1);
}

/** Some of each way, the rarest ways whole, until there are enough. */
function chooseUnlike(ways: readonly (readonly number[])[]): number[] {
  const chosen: number[] = [];
  const shown = ways.slice(0, witnessLimit).toSorted((a, b) => a.length - b.length);
  shown.forEach((lines, i) => {
    chosen.push(...spread(lines, Math.max(1, Math.floor((witnessLimit - chosen.length) / (shown.length - i)))));
  });
  return chosen.toSorted((a, b) => a - b);
}

async function valuesOfLines(
  { corpus, lines }: ExaminationInput,
  pairs: Pairing['pairs'],
): Promise<Map<number, string[]>> {
  const wanted = new Bitmap(corpus.lineCount);
  for (const [line] of pairs) wanted.add(line);
  const values = new Map<number, string[]>();
  await visitLines(wanted, corpus, {
    onObject: (object) => lines.open(object),
    visit(bytes, start, end, { ordinal }) {
      lines.readValues(bytes, start, end);
      values.set(ordinal, lines.writer.toString().split(' '));
    },
  });
  return values;
}

async function visitValues(
  { ledger, comparison, readRecords }: ExaminationInput,
  pairs: Pairing['pairs'],
  visit: (line: number, values: string[]) => void,
): Promise<void> {
  const lineOf = new Map(pairs.map(([line, arrival]) => [arrival, line]));
  const wanted = new Bitmap(comparison.arrivalBase.at(-1)!);
  for (const arrival of lineOf.keys()) wanted.add(arrival);
  const reader = readerOf(ledger);
  await visitArrivals(wanted, comparison.arrivalBase, readRecords, (view, arrival) => {
    reader.readValues(view);
    visit(lineOf.get(arrival)!, reader.writer.toString().split(' '));
  });
}

function sorted<K>(counts: ReadonlyMap<K, number>): [K, number][] {
  return [...counts].toSorted((a, b) => b[1] - a[1]);
}
