// Lines that come as raw text, of formats that have few fields or none to look at.

import { expect, test } from 'vitest';

import {
  batches,
  corpusOf,
  defaultFields,
  emptyLine,
  judged,
  lineOf,
  linesOf,
  raw,
  tallyOf,
  type Sent,
} from './fixtures.ts';

test('raw lines that name their protocols are intact', async () => {
  const lines = linesOf(20);
  const sent = lines.map((_, i) => raw(lineOf(i, { protocol: i % 4 === 0 ? 'UDP' : 'tcp' })));
  const { tally, verdict } = await judged({ corpus: corpusOf([{ lines }]), deliveries: batches(sent, 7) });
  expect(tally).toEqual(tallyOf({ expected: 20 }));
  expect(verdict).toEqual({ validity: 'pass', findings: [] });
});

test.each(['srcaddr dstaddr action log-status', 'log-status srcaddr dstaddr', 'log-status'])(
  'NODATA rows are told where the format is %s',
  async (format) => {
    const fields = format.split(' ');
    const lineOfStatus = (i: number, status: string): string =>
      fields.map((field) => (field === 'log-status' ? status : status === 'OK' ? `${field}-${i}` : '-')).join(' ');
    const owed = Array.from({ length: 10 }, (_, i) => lineOfStatus(i, 'OK'));
    const lines = owed.flatMap((line, i) => (i % 4 === 0 ? [line, lineOfStatus(i, 'NODATA')] : [line]));
    const { tally } = await judged({
      corpus: corpusOf([{ lines, fields }]),
      deliveries: [{ records: owed.map(raw) }],
      promises: { nodata: 'drop' },
    });
    expect(tally).toEqual(tallyOf({ expected: 10, notOwed: 3 }));
  },
);

/** Without the columns of these fields. */
function without(line: string, dropped: readonly string[]): string {
  const tokens = line.split(' ');
  return tokens.filter((_, i) => !dropped.includes(defaultFields[i]!)).join(' ');
}

test.each([[['srcaddr']], [['account-id', 'log-status']], [['version', 'start', 'end']]])(
  'raw lines without the columns of %j are intact where a promise drops these',
  async (dropped) => {
    const lines = [...linesOf(20), emptyLine('NODATA')];
    const { tally, verdict, mapping } = await judged({
      corpus: corpusOf([{ lines }]),
      deliveries: batches(
        lines.map((line) => raw(without(line, dropped))),
        7,
      ),
      promises: { fields: { dropped, masked: ['dstaddr'], added: 'any' } },
    });
    expect(tally).toEqual(tallyOf({ expected: 21 }));
    expect(verdict).toEqual({ validity: 'pass', findings: [] });
    expect(mapping['bytes']).toBe('body');
  },
);

test('a raw line that lacks its last value is read as one though a promise drops a column', async () => {
  const short = lineOf(3).replace(' OK', '');
  const { tally } = await judged({
    corpus: corpusOf([{ lines: [short, lineOf(4)] }]),
    deliveries: [{ records: [raw(short), raw(without(lineOf(4), ['srcaddr']))] }],
    promises: { fields: { dropped: ['srcaddr'], masked: [], added: 'any' } },
  });
  expect(tally).toEqual(tallyOf({ expected: 2 }));
});

test('a raw line changed in a column that no promise drops is altered though others are dropped', async () => {
  const lines = linesOf(20);
  const { tally, verdict } = await judged({
    corpus: corpusOf([{ lines }]),
    deliveries: [
      { records: lines.map((line, i) => raw(without(i === 5 ? lineOf(5, { bytes: '7' }) : line, ['srcaddr']))) },
    ],
    promises: { fields: { dropped: ['srcaddr'], masked: [], added: 'any' } },
  });
  expect(tally).toEqual(tallyOf({ expected: 20, delivered: 19, altered: 1 }));
  expect(verdict.findings[0]!.witnesses[0]!.note).toBe('bytes: 55 arrived as 7');
});

/** Bodies with as many words as a line has, and nothing of a line: nobody can say which record they are. */
const foreign: readonly [string, (line: string) => Sent][] = [
  [
    'pairs of name and value',
    (line) =>
      raw(
        line
          .split(' ')
          .map((value, i) => `${defaultFields[i]}=${value}`)
          .join(' '),
      ),
  ],
  ['values in quotes', (line) => raw(line.replaceAll(/[^ ]+/g, '"$&"'))],
  ['prose', () => raw('forwarder has now sent one more batch of records to SigNoz and goes on')],
];

test.each(foreign)('%s as long as a line convict nobody: the layout is unknown', async (_, send) => {
  const lines = linesOf(50);
  const { verdict, layout } = await judged({ corpus: corpusOf([{ lines }]), deliveries: batches(lines.map(send), 20) });
  expect(layout).toMatchObject({ arrivals: 50, explained: 0 });
  expect(verdict.validity).toBe('unknown');
  expect(verdict.findings.map(({ id }) => id)).toContain('layout-unexplained');
});

test('raw lines of which half of the values are odd are lines still', async () => {
  const lines = linesOf(10).map((line) => line.replace(/ 6 | 17 /, ' - ').replace(' OK', ' odd'));
  const sent = lines.map((line) => raw(line.replace(/ (\d{10}) (\d{10}) /, ' $1000 $2000 ')));
  const { tally } = await judged({ corpus: corpusOf([{ lines }]), deliveries: [{ records: sent }] });
  expect(tally).toEqual(tallyOf({ expected: 10 }));
});

test('a header line in a body is one, and tells which fields it names', async () => {
  const lines = linesOf(10);
  const sent = [defaultFields.join(' '), ...lines].map(raw);
  const { verdict } = await judged({ corpus: corpusOf([{ lines }]), deliveries: [{ records: sent }] });
  expect(verdict.findings.map(({ id, summary }) => [id, summary])).toEqual([
    ['header-sent', '1 header line arrived as record'],
  ]);
});
