// Records of a request that are booked together are booked as one after the other.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';

import type { RecordView } from '../../src/core/model/delivery.ts';
import type { LedgerOptions } from '../../src/oracle/ledger/ledger-part.ts';
import { openLedger, type Ledger } from '../../src/oracle/ledger/ledger.ts';
import { mostLines } from '../../src/oracle/reading/plain-line.ts';
import { defaultFields, emptyLine, flat, lineOf, linesOf, raw, showing, viewOf, type Sent } from './fixtures.ts';

async function testFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'flowrig-batch-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** All that a ledger tells of what was booked, in the order of booking. */
function told(ledger: Ledger): object {
  const rows: string[] = [];
  ledger.visit((high, low, { sequence, place, kind }) => rows.push([high, low, sequence, place, kind].join()));
  const { kinds, arrivals } = ledger;
  return { rows, kinds, arrivals, carriage: ledger.carriage(), places: [...ledger.places()], ...ledger.progress() };
}

const columns = (names: string): LedgerOptions['fields'] => [names.split(' ')];
const books: readonly Omit<LedgerOptions, 'folder' | 'seed'>[] = [
  { fields: [defaultFields] },
  { fields: [defaultFields], leftOut: ['srcaddr'] },
  { fields: [defaultFields], leftOut: ['srcaddr', 'bytes'], dropped: ['srcaddr'] },
  { fields: [defaultFields], timestampMeaning: 'start' },
  // The same number of values each, so that a line fits all of them: times and protocols stand elsewhere.
  {
    fields: columns(
      ['start', 'protocol', ...defaultFields.filter((name) => !/^(start|protocol)$/.test(name))].join(' '),
    ),
  },
  { fields: columns([...defaultFields.filter((name) => name !== 'end'), 'end'].join(' ')) },
  { fields: [defaultFields, defaultFields.toReversed()] },
  { fields: columns('srcaddr dstaddr bytes') },
  { fields: [defaultFields], layout: { version: 1, fields: { srcaddr: 'attributes.source' }, line: 'body' } },
  { fields: [defaultFields], layout: { version: 1, fields: {}, line: 'attributes.message' } },
];

/** Values at which a line stops being usual. */
const oddLine = fc.oneof(
  fc.constantFrom(
    lineOf(1, { start: '1767225600000' }),
    lineOf(2, { end: '123456789012' }),
    lineOf(2, { end: '12345678901' }),
    lineOf(3, { protocol: 'TCP' }),
    lineOf(3, { protocol: '-' }),
    lineOf(4, { version: 'v2' }),
    lineOf(5, { 'account-id': 'x'.repeat(2000) }),
    lineOf(5, { 'account-id': 'x'.repeat(900) }),
    `${lineOf(6)} surplus`,
    lineOf(6).replace(' 10.0.0.6', ''),
    'fourteen words of a text that is no line of any flow log at all',
    `${lineOf(7)}\r`,
    ` ${lineOf(8)}`,
    `${lineOf(8)} `,
    lineOf(9).replaceAll(' ', '\t'),
    lineOf(9).replace(' ', '  '),
    lineOf(9, { action: 'ACCEPTÉ' }),
    defaultFields.join(' '),
    defaultFields.join(' ').replaceAll('-', '_'),
    emptyLine('NODATA'),
    JSON.stringify({ srcaddr: '10.0.0.1', dstaddr: '10.0.0.2', srcport: 1, message: lineOf(10) }),
    '{',
    '-',
    ' ',
    '',
    '10.0.0.1 10.0.0.2 5',
  ),
  fc.string({ maxLength: 40 }),
);
const sent: fc.Arbitrary<Sent> = fc.oneof(
  { weight: 4, arbitrary: fc.nat(50).map((i) => raw(lineOf(i))) },
  { weight: 4, arbitrary: oddLine.map((body) => ({ body, timestampMs: 1_767_225_657_000 })) },
  fc.nat(50).map((i) => flat(lineOf(i))),
  fc.nat(50).map((i) => ({ ...flat(lineOf(i)), ...raw(lineOf(i)) })),
  oddLine.map((body) => ({ body, resource: { 'service.name': 'vpc', region: 'eu-west-1' } })),
  oddLine.map((body) => ({ body, resource: { 'service.name': 'vpc', srcaddr: '10.9.9.9' } })),
  oddLine.map((body) => ({ body, attributes: { color: 'red', message: lineOf(11) } })),
  fc.constant({ attributes: { color: ' ' } }),
  fc.constant({ otherBody: new Uint8Array(3) }),
);

test('records booked together are booked as one after the other, whatever they are', async () => {
  const folder = await testFolder();
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...books), fc.array(fc.array(sent, { maxLength: 30 })), async (book, requests) => {
      await using together = openLedger({ ...book, seed: 7, folder: join(folder, 'together') });
      await using single = openLedger({ ...book, seed: 7, folder: join(folder, 'single') });
      requests.forEach((records, i) => {
        together.arriveAll(i + 1, showing(records));
        records.forEach((record, index) => single.arrive(i + 1, viewOf(record), index));
      });
      expect(told(together)).toEqual(told(single));
    }),
    { numRuns: 60 },
  );
});

test('more records than are read at once, longer ones, and more than the journal holds are all booked', async () => {
  const folder = await testFolder();
  await using together = openLedger({ fields: [defaultFields], seed: 7, folder: join(folder, 'together') });
  await using single = openLedger({ fields: [defaultFields], seed: 7, folder: join(folder, 'single') });
  const short = Array.from({ length: mostLines * 3 + 1 }, (_, i) => raw(`2 1 e 1 1 1 1 ${i % 9} ${i} 1 1 1 A O`));
  const many = linesOf(33_000).map(raw);
  // The longest that are usual: seven or so fill a batch.
  const long = linesOf(100).map((line, i) => raw(line.replace('123456789012', 'x'.repeat(850 + i))));
  for (const [i, records] of [short, many, long, short].entries()) {
    const show = showing(records);
    together.arriveAll(i + 1, show);
    show((view, index) => single.arrive(i + 1, view, index));
  }
  expect(told(together)).toEqual(told(single));
});

test('what is not said to stay is read while it is shown', async () => {
  const folder = await testFolder();
  await using ledger = openLedger({ fields: [defaultFields], seed: 7, folder: join(folder, 'own') });
  await using single = openLedger({ fields: [defaultFields], seed: 7, folder: join(folder, 'single') });
  const lines = linesOf(20);
  const source = new Uint8Array(1000);
  for (const lastingBytes of [undefined, 0, 50]) {
    ledger.arriveAll(1, (visit) => {
      lines.forEach((line, index) => {
        const view: RecordView = {
          ...viewOf(raw(line)),
          source,
          ...(lastingBytes === undefined ? {} : { lastingBytes }),
        };
        source.set(viewOf(raw(line)).source);
        visit(view, index);
        source.fill(0);
      });
    });
    lines.forEach((line, index) => single.arrive(1, viewOf(raw(line)), index));
  }
  expect(told(ledger)).toEqual(told(single));
});

test('what was shown before the showing failed is booked', async () => {
  const folder = await testFolder();
  await using ledger = openLedger({ fields: [defaultFields], seed: 7, folder });
  const show = showing(linesOf(10).map(raw));
  const failing = (): void =>
    ledger.arriveAll(1, (visit) => {
      show((view, index) => {
        if (index === 6) throw new Error('the disk is gone');
        visit(view, index);
      });
    });
  expect(failing).toThrow('the disk is gone');
  expect(ledger.arrivals).toBe(6);
});
