// Shows records and lines to the checks that look at them one by one: a pass over the archive or the corpus each, made only where the
// scenario expects such a check.

import type { Corpus } from '../core/model/corpus.ts';
import { keptCount, type Delivery, type RecordView } from '../core/model/delivery.ts';
import { ArrivalReader } from './reading/arrival-reader.ts';
import type { ObservingJudge, SeenLine, SeenRecord } from './checks/check.ts';
import type { Comparison } from './comparison/comparison.ts';
import type { CorpusLines } from './ledger/corpus-lines.ts';
import { Fingerprinter } from './reading/fingerprint.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { LineWriter } from './reading/line-writer.ts';
import { obligations } from './promises.ts';
import type { ReadRecords } from './ledger/arrival-access.ts';

export interface ObservationInput {
  readonly corpus: Corpus;
  readonly deliveries: readonly Delivery[];
  readonly ledger: Ledger;
  readonly lines: CorpusLines;
  readonly comparison: Comparison;
  readonly readRecords: ReadRecords;
}

export async function observe(judges: readonly ObservingJudge[], input: ObservationInput): Promise<void> {
  const onRecord = judges.flatMap((judge) => judge.onRecord ?? []);
  const onLine = judges.flatMap((judge) => judge.onLine ?? []);
  if (onRecord.length > 0) await showRecords(input, (record) => onRecord.forEach((see) => see(record)));
  if (onLine.length > 0) await showLines(input, (line) => onLine.forEach((see) => see(line)));
}

async function showRecords(input: ObservationInput, show: (record: SeenRecord) => void): Promise<void> {
  const { ledger } = input;
  const reader = new ArrivalReader(ledger.schema, ledger.options.timestampMeaning ?? 'end');
  const fingerprinter = new Fingerprinter(ledger.options.seed);
  const valueOf = valueReader(reader.writer, ledger.schema.fields);
  const fingerprint = (): string => {
    fingerprinter.read(reader.bytes, reader.start, reader.end);
    return `${fingerprinter.high}:${fingerprinter.low}`;
  };
  const line = (): string => reader.writer.toString();
  for (const delivery of input.deliveries) {
    if (delivery.recordCount === 0) continue;
    const kept = keptCount(delivery);
    await input.readRecords(delivery.sequence, (view: RecordView, index) => {
      const kind = reader.readValues(view);
      show({ view, delivery, index, kept: index < kept, kind, valueOf, line, fingerprint });
    });
  }
}

async function showLines(input: ObservationInput, show: (line: SeenLine) => void): Promise<void> {
  const { corpus, lines, comparison } = input;
  for (const object of corpus.objects) {
    lines.open(object);
    let ordinal = object.lineFirst;
    await corpus.scan(object, (bytes, start, end, line) => {
      const obligation = lines.read(bytes, start, end);
      const hasArrived =
        obligation === obligations.owed
          ? !comparison.missing.has(ordinal)
          : (obligation === obligations.optional ? comparison.optional : comparison.unwanted).has(ordinal);
      const text = (): string => new TextDecoder().decode(bytes.subarray(start, end));
      show({ line, object: object.index, hasArrived, valueOf: lines.valueOf, text });
      ordinal += 1;
    });
  }
}

/** Reads values of whatever record's line stands in the writer. */
function valueReader(writer: LineWriter, fields: readonly string[]): (field: string) => string {
  const decoder = new TextDecoder();
  const places = new Map(fields.map((name, field) => [name, field]));
  return (name) => {
    const field = places.get(name);
    if (field === undefined) return '-';
    return decoder.decode(writer.bytes.subarray(writer.starts[field], writer.ends[field]));
  };
}
