// Parquet as AWS writes it, read back by Apache Arrow's Rust reader (parquet-wasm), which shares no code with the writer.

import { tableFromIPC } from 'apache-arrow';
import { parquetMetadata } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { readParquet } from 'parquet-wasm';
import { expect, test } from 'vitest';

import type { CorpusObject } from '../../src/core/model/corpus.ts';
import type { GeneratedCorpus } from '../../src/flowlogs/corpus.ts';
import { parseFormat } from '../../src/flowlogs/formats.ts';
import { fieldRule } from '../../src/flowlogs/inspect/field-rules.ts';
import { writeParquet } from '../../src/flowlogs/parquet/write.ts';
import { replayedCorpus } from '../../src/flowlogs/replay.ts';
import { struckCorpus } from '../../src/flowlogs/struck-corpus.ts';
import { openCorpus, scannedLines } from './read-lines.ts';

interface Table {
  readonly columns: readonly { name: string; type: string; nullable: boolean }[];
  readonly rows: readonly (readonly unknown[])[];
}

function strangersTable(bytes: Uint8Array): Table {
  const table = tableFromIPC(readParquet(new Uint8Array(bytes)).intoIPCStream());
  const columns = table.schema.fields.map(({ name, type, nullable }) => ({ name, type: String(type), nullable }));
  const rows = Array.from({ length: table.numRows }, (_, i) => columns.map(({ name }) => table.getChild(name)!.get(i)));
  return { columns, rows };
}

const linesOf = (corpus: GeneratedCorpus, object: CorpusObject): string[] =>
  Buffer.from(corpus.text(object)).toString().split('\n').slice(1, -1);

const physical = { INT32: 'Int32', INT64: 'Int64', BYTE_ARRAY: 'Utf8' } as const;

test.each(['default', 'v5', 'v11', 'tgw', '${end} ${bytes} ${log-status} ${tcp-flags}'])(
  'a stranger reads of format %s what stands in the text: names, types, nulls and values',
  async (format) => {
    const plan = { records: 300, maxRecords: 300, nodata: 0.2, skipdata: 0.05, format };
    const corpus = openCorpus({ ...plan, file: 'parquet' });
    const [object] = corpus.objects;
    const { columns, rows } = strangersTable(await corpus.body(object!));
    const { fields } = parseFormat(format) as { fields: readonly string[] };
    const rules = fields.map((field) => fieldRule(field)!);
    expect(columns).toEqual(
      rules.map(({ name, type }) => ({ name: name.replaceAll('-', '_'), type: physical[type], nullable: true })),
    );
    const lines = rows.map((row) => row.map((value) => (value === null ? '-' : String(value))).join(' '));
    expect(lines).toEqual(linesOf(openCorpus(plan), object!));
    for (const row of rows) {
      // A missing number is null, a missing text the text -.
      for (const [i, value] of row.entries())
        expect(value === null).toBe(value === null && rules[i]!.type !== 'BYTE_ARRAY');
    }
    expect(rows.flat()).toContain(null);
  },
);

test('pages are gzipped, row groups bounded, and the Avro schema of AWS’s writer stands in the metadata', async () => {
  const corpus = openCorpus({ records: 60_000, maxRecords: 60_000, file: 'parquet' });
  const [object] = corpus.objects;
  const bytes = await corpus.body(object!);
  expect(object!.key).toMatch(/_[0-9a-f]{8}\.log\.parquet$/);
  const { row_groups: groups, key_value_metadata: metadata } = parquetMetadata(new Uint8Array(bytes).buffer);
  expect(groups.map(({ num_rows: rows }) => Number(rows))).toEqual([50_000, 10_000]);
  const codecs = groups.flatMap(({ columns }) => columns.map((column) => column.meta_data!.codec));
  expect(new Set(codecs)).toEqual(new Set(['GZIP']));
  const avro = JSON.parse(metadata!.find(({ key }) => key === 'parquet.avro.schema')!.value!) as { fields: object[] };
  expect(avro).toMatchObject({ type: 'record', name: 'LogFormatInfo', namespace: 'LogFormatSchema' });
  expect(avro.fields.slice(0, 2)).toEqual([
    { name: 'version', type: ['null', 'int'] },
    { name: 'account_id', type: ['string', 'null'], default: '-' },
  ]);
});

test('the ledger sees the same lines whatever the objects are in', async () => {
  const text = openCorpus({ records: 500 });
  const parquet = openCorpus({ records: 500, file: 'parquet' });
  expect((await scannedLines(parquet, parquet.objects[0]!)).lines).toEqual(
    (await scannedLines(text, text.objects[0]!)).lines,
  );
});

test('a count of 2^53 and more keeps its last digit', () => {
  const line = '9007199254740993 18446744073';
  const { rows } = strangersTable(writeParquet(Buffer.from(`bytes packets\n${line}\n`), ['bytes', 'packets']));
  expect(rows).toEqual([[9_007_199_254_740_993n, 18_446_744_073n]]);
});

test('a replayed Parquet file is stored as it is, and its rows are its lines', async () => {
  const corpus = openCorpus({ records: 200, nodata: 0.3, file: 'parquet' });
  const bytes = await corpus.body(corpus.objects[0]!);
  const name = corpus.objects[0]!.key.split('/').at(-1)!;
  const files = [
    { path: name, read: () => Promise.resolve(bytes) },
    { path: 'cut.parquet', read: () => Promise.resolve(bytes.subarray(0, bytes.length - 9)) },
  ];
  const replayed = await replayedCorpus({ files, fields: ['start'], startMs: 0 });
  const [whole, cut] = replayed.objects;
  expect([whole!.key, whole!.lineCount, whole!.condition]).toEqual([corpus.objects[0]!.key, 200, 'intact']);
  expect(whole!.fields).toEqual(corpus.objects[0]!.fields);
  expect(Buffer.from(await replayed.body(whole!)).equals(bytes)).toBe(true);
  const lines = (await scannedLines(replayed, whole!)).lines.map(([, text]) => text);
  expect(lines).toEqual(linesOf(corpus, corpus.objects[0]!));
  expect([cut!.condition, cut!.lineCount]).toEqual(['damaged', 0]);
});

test('Parquet can be cut, emptied and renamed; it has no text to change', async () => {
  const below = openCorpus({ records: 100, file: 'parquet' });
  const cut = await struckCorpus(below, [{ kind: 'object.cut' }], 1);
  expect([cut.objects[0]!.condition, cut.lineCount]).toEqual(['damaged', 0]);
  const renamed = await struckCorpus(below, [{ kind: 'object.suffix', to: '.log.gz' }], 1);
  expect(renamed.objects[0]).toMatchObject({ condition: 'intact', lineCount: 100 });
  const changed = await struckCorpus(below, [{ kind: 'object.crlf' }], 1);
  await expect(changed.body(changed.objects[0]!)).rejects.toThrow('which is Parquet and has none');
});

test('a value that is no number fits no column of numbers', () => {
  expect(() => writeParquet(Buffer.from('bytes\n12\nabc\n'), ['bytes'])).toThrow(
    'The value "abc" of bytes in line 3 is no number',
  );
});

test('files of other writers are read too: texts for numbers, required columns, no compression', async () => {
  const bytes = Buffer.from(
    parquetWriteBuffer({
      columnData: [
        { name: 'srcaddr', data: ['10.0.0.1', '10.0.0.2'] },
        { name: 'log_status', data: ['OK', 'OK'] },
        { name: 'bytes', data: ['17', '18'] },
      ],
    }),
  );
  const replayed = await replayedCorpus({
    files: [{ path: 'a.parquet', read: () => Promise.resolve(bytes) }],
    fields: [],
    startMs: 0,
  });
  expect(replayed.objects[0]!.fields).toEqual(['srcaddr', 'log-status', 'bytes']);
  expect((await scannedLines(replayed, replayed.objects[0]!)).lines).toEqual([
    [1, '10.0.0.1 OK 17'],
    [2, '10.0.0.2 OK 18'],
  ]);
});
