// Objects in Parquet on one core, text included, beside Parquet's own way to write rows: hyparquet-writer on columns that are ready,
// with what it does by default.

import { gzipSync } from 'node:zlib';

import { parquetWriteBuffer, type ColumnSource } from 'hyparquet-writer';

import { generatedCorpus } from '../../../src/flowlogs/corpus.ts';
import { findField } from '../../../src/flowlogs/fields.ts';
import type { Round, Row } from '../row.ts';

const recordCount = 200_000;

export const row: Row = {
  name: 'generate-parquet',
  unit: 'records/s',
  baseline: 'hyparquet-writer with its own settings, columns ready',
  goal: { ours: 150_000 },
  run: round,
};

async function round(): Promise<Round> {
  const corpus = generatedCorpus({
    preset: 'web-vpc',
    seed: 42,
    records: recordCount,
    startMs: Date.UTC(2026, 0, 1),
    maxRecords: 50_000,
    file: 'parquet',
  });
  let oursMs = 0;
  let baselineMs = 0;
  let bytes = 0;
  let baselineBytes = 0;
  // Object by object, so that a busy neighbour on the machine slows both.
  for (const object of corpus.objects) {
    const columns = columnsOf(Buffer.from(corpus.text(object)).toString('latin1'), object.fields);
    const begin = performance.now();
    bytes += (await corpus.body(object)).length;
    const middle = performance.now();
    const compressors = { GZIP: (page: Uint8Array) => gzipSync(page, { level: 1 }) };
    baselineBytes += parquetWriteBuffer({ columnData: columns, codec: 'GZIP', compressors }).byteLength;
    oursMs += middle - begin;
    baselineMs += performance.now() - middle;
  }
  return {
    ours: (recordCount / oursMs) * 1000,
    baseline: (recordCount / baselineMs) * 1000,
    note: `${(bytes / recordCount).toFixed(1)} bytes a record, baseline ${(baselineBytes / recordCount).toFixed(1)}`,
  };
}

function columnsOf(text: string, fields: readonly string[]): ColumnSource[] {
  const rows = text
    .split('\n')
    .slice(1, -1)
    .map((line) => line.split(' '));
  return fields.map((field, i) => {
    const { type } = findField(field)!;
    const valueOf = (value: string): string | number | bigint | null => {
      if (type === 'string') return value;
      return value === '-' ? null : type === 'int64' ? BigInt(value) : Number(value);
    };
    return {
      name: field.replaceAll('-', '_'),
      type: ({ string: 'STRING', int32: 'INT32', int64: 'INT64' } as const)[type],
      nullable: true,
      data: rows.map((row) => valueOf(row[i]!)),
    };
  });
}
