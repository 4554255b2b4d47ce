// Text of a flow log to Parquet, as AWS writes it: one optional column a field, in the format's order, hyphens as underscores, gzipped
// pages. Numbers that are missing are null; texts that are missing are the text `-`.
//
// Names, types and the Avro schema among the metadata are those of a captured file of AWS's (SEKOIA-IO/automation-library,
// AWS/tests/data/111111111111_vpcflowlogs_eu-west-3_fl-032a163fae170ae52_20220831T1255Z_2ad4bef5.parquet), and types those of the
// Amazon VPC User Guide, "Flow log records". How many rows AWS puts into a row group is not known.

import { gzipSync } from 'node:zlib';

import type { SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';

import { FlowrigError } from '../../core/errors.ts';
import { findField, type FieldType } from '../fields.ts';
import { LineSplitter } from '../line-splitter.ts';

/** Rows of one group: what a reader holds at once, and this writer too. */
const groupRows = 50_000;

interface Column {
  readonly name: string;
  readonly type: FieldType;
  data: (string | number | bigint | null)[];
  /** Values of before by a hash: most come again and again, and neither making nor hashing them anew is cheap. */
  readonly texts: string[];
  readonly numbers: Float64Array;
  readonly bigints: bigint[];
}

/** Values that a column keeps, a power of 2. */
const keptValues = 4096;

/**
 * The bytes of a Parquet file with the records of a text, whose first line names the fields. Throws `bad-scenario` where a value does
 * not fit its column. Writes some 200,000 records of the default format a second on one core of a busy 2-core machine.
 */
export function writeParquet(text: Uint8Array, fields: readonly string[]): Buffer {
  const columns = fields.map((field): Column => ({
    name: columnName(field),
    type: findField(field)?.type ?? 'string',
    data: [],
    texts: Array.from({ length: keptValues }, () => ''),
    numbers: new Float64Array(keptValues),
    bigints: Array.from({ length: keptValues }, () => 0n),
  }));
  const bytes = new ByteWriter(Math.max(65_536, text.length >> 1));
  const writer = new ParquetWriter({
    writer: bytes,
    schema: schemaOf(columns),
    codec: 'GZIP',
    compressors: { GZIP: (page) => gzipSync(page, { level: 1 }) },
    // Nobody knows that AWS writes any, and they cost a third of the time.
    statistics: false,
    kvMetadata: [
      { key: 'parquet.avro.schema', value: avroSchemaOf(columns) },
      { key: 'writer.model.name', value: 'avro' },
    ],
    createdBy: 'flowrig',
  });
  let rows = 0;
  const flush = (): void => {
    if (rows === 0) return;
    void writer.write({
      columnData: columns.map(({ name, data }) => ({ name, data })),
      rowGroupSize: groupRows,
    });
    for (const column of columns) column.data = [];
    rows = 0;
  };
  const splitter = new LineSplitter((line, start, end, number) => {
    if (number === 1) return;
    addRow(columns, line as Buffer, { start, end, number });
    if (++rows === groupRows) flush();
  });
  splitter.push(Buffer.from(text.buffer, text.byteOffset, text.byteLength));
  splitter.end();
  flush();
  void writer.finish();
  return Buffer.from(bytes.getBytes());
}

/** As AWS writes a field's name in Parquet. */
export function columnName(field: string): string {
  return field.replaceAll('-', '_');
}

const space = 0x20;
const minus = 0x2d;

function addRow(columns: readonly Column[], line: Buffer, at: { start: number; end: number; number: number }): void {
  let start = at.start;
  for (const column of columns) {
    let end = start;
    let hash = 0;
    for (; end < at.end && line[end] !== space; end++) hash = (Math.imul(hash, 31) + line[end]!) | 0;
    if (column.type === 'string') column.data.push(textOf(column, line, { start, end, hash }));
    else if (line[start] === minus && end === start + 1) column.data.push(null);
    else column.data.push(numberOf(column, line, { start, end, number: at.number }));
    start = end + 1;
  }
}

function textOf({ texts }: Column, line: Buffer, at: { start: number; end: number; hash: number }): string {
  const { start, end, hash } = at;
  const place = hash & (keptValues - 1);
  const kept = texts[place]!;
  if (kept.length === end - start) {
    let i = 0;
    while (i < kept.length && kept.charCodeAt(i) === line[start + i]) i++;
    if (i === kept.length) return kept;
  }
  return (texts[place] = line.toString('latin1', start, end));
}

function numberOf(
  { type, name, numbers, bigints }: Column,
  line: Buffer,
  { start, end, number }: { start: number; end: number; number: number },
): number | bigint {
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = line[i]! - 0x30;
    if (digit < 0 || digit > 9) throw notANumber(line.toString('latin1', start, end), name, number);
    value = value * 10 + digit;
  }
  if (start >= end) throw notANumber('', name, number);
  if (type === 'int32') return value;
  if (value >= 2 ** 53) return BigInt(line.toString('latin1', start, end));
  const place = value % keptValues;
  if (numbers[place] !== value) {
    numbers[place] = value;
    bigints[place] = BigInt(value);
  }
  return bigints[place]!;
}

function notANumber(value: string, name: string, line: number): FlowrigError {
  const message = `The value "${value}" of ${name} in line ${line} is no number, and Parquet has a column of numbers for it. Use objects.file: text.`;
  return new FlowrigError('bad-scenario', message);
}

function schemaOf(columns: readonly Column[]): SchemaElement[] {
  const leaves = columns.map(({ name, type }): SchemaElement => {
    const common = { name, repetition_type: 'OPTIONAL' as const };
    if (type === 'string') return { ...common, type: 'BYTE_ARRAY', converted_type: 'UTF8' };
    return { ...common, type: type === 'int32' ? 'INT32' : 'INT64' };
  });
  return [{ name: 'LogFormatInfo', num_children: columns.length }, ...leaves];
}

function avroSchemaOf(columns: readonly Column[]): string {
  const fields = columns.map(({ name, type }) =>
    type === 'string'
      ? { name, type: ['string', 'null'], default: '-' }
      : { name, type: ['null', type === 'int32' ? 'int' : 'long'] },
  );
  return JSON.stringify({ type: 'record', name: 'LogFormatInfo', namespace: 'LogFormatSchema', fields });
}
