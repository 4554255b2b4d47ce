// What a decoder says will stay must stay: records of a body are booked together as they are one by one, in every format, also where
// some of their texts had to be written anew beside the body.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';

import { openLedger, type Ledger } from '../../src/oracle/index.ts';
import { checkBody, type BodyFormat } from '../../src/sink/decode/index.ts';
import { defaultFields, lineOf } from './fixtures.ts';

interface Record {
  readonly line: string;
  /** Some of its characters are written as escapes. */
  readonly isEscaped: boolean;
  readonly attribute: string | undefined;
}

const record: fc.Arbitrary<Record> = fc.record({
  line: fc.oneof(
    { weight: 3, arbitrary: fc.nat(99).map((i) => lineOf(i)) },
    fc.constantFrom('', 'started up', `${lineOf(3)}\r`, lineOf(4, { action: 'ACCEPTÉ' }), defaultFields.join(' ')),
  ),
  isEscaped: fc.boolean(),
  attribute: fc.option(fc.constantFrom('plain', 'with "quotes"', 'tab\tand\nline'), { nil: undefined }),
});

/** As JSON.stringify, with escapes for digits where they are wanted. */
function text(value: string, isEscaped: boolean): string {
  const plain = JSON.stringify(value);
  return isEscaped ? plain.replaceAll('2', '\\u0032') : plain;
}

function otlpRecord({ line, isEscaped, attribute }: Record): string {
  const attributes =
    attribute === undefined
      ? ''
      : `,"attributes":[{"key":"note","value":{"stringValue":${text(attribute, isEscaped)}}}]`;
  return `{"body":{"stringValue":${text(line, isEscaped)}}${attributes}}`;
}

function signozRecord({ line, isEscaped, attribute }: Record): string {
  const own = attribute === undefined ? '' : `"attributes":{"note":${text(attribute, isEscaped)}},`;
  return `{${own}"body":${text(line, isEscaped)}}`;
}

/** A field of protobuf of wire type 2. */
function field(number: number, ...content: Uint8Array[]): Buffer {
  const bytes = Buffer.concat(content);
  const length: number[] = [];
  let rest = bytes.length;
  for (; rest >= 0x80; rest >>>= 7) length.push((rest & 0x7f) | 0x80);
  return Buffer.concat([Uint8Array.from([number * 8 + 2, ...length, rest]), bytes]);
}

function protobufRecord({ line, attribute }: Record): Buffer {
  const note =
    attribute === undefined
      ? []
      : [field(6, field(1, Buffer.from('note')), field(2, field(1, Buffer.from(attribute))))];
  return field(2, field(5, field(1, Buffer.from(line))), ...note);
}

const encoders: { readonly [format in Exclude<BodyFormat, 'firehose'>]: (records: readonly Record[]) => Buffer } = {
  'otlp-json': (records) =>
    Buffer.from(`{"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"\\u0076pc"}}]},
      "scopeLogs":[{"logRecords":[${records.map(otlpRecord).join(',\n')}]}]}]}`),
  'signoz-json': (records) => Buffer.from(`[${records.map(signozRecord).join(',')}]`),
  'otlp-protobuf': (records) => field(1, field(2, ...records.map(protobufRecord))),
};

function rowsOf(ledger: Ledger): string[] {
  const rows: string[] = [];
  ledger.visit((high, low, { sequence, place, kind }) => rows.push([high, low, sequence, place, kind].join()));
  return rows;
}

test.each(Object.keys(encoders) as (keyof typeof encoders)[])('%s: booked together as one by one', async (format) => {
  const folder = await mkdtemp(join(tmpdir(), 'flowrig-decoded-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(record, { maxLength: 40 }), { maxLength: 4 }), async (requests) => {
      await using together = openLedger({ fields: [defaultFields], seed: 7, folder: join(folder, 'together') });
      await using single = openLedger({ fields: [defaultFields], seed: 7, folder: join(folder, 'single') });
      for (const [i, records] of requests.entries()) {
        const body = encoders[format](records);
        const decoded = checkBody(format, body);
        expect(decoded.recordCount).toBe(records.length);
        together.arriveAll(i + 1, (visit) => decoded.visit((view, index) => (visit(view, index), false)));
        decoded.visit((view, index) => (single.arrive(i + 1, view, index), false));
        // The body is somebody else's from here on.
        body.fill(0);
      }
      expect(rowsOf(together)).toEqual(rowsOf(single));
    }),
    { numRuns: 40 },
  );
});
