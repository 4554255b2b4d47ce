// The main path: what was written against what arrived, through each layout.

import { expect, test } from 'vitest';

import {
  batches,
  corpusOf,
  defaultFields,
  emptyLine,
  flat,
  judged,
  lineOf,
  linesOf,
  otlp,
  otlpWithBody,
  raw,
  tallyOf,
  type Sent,
} from './fixtures.ts';

const layouts: readonly [string, (line: string) => Sent][] = [
  ['the guide’s flat columns', flat],
  ['a raw line in the body', raw],
  ['OpenTelemetry names', otlp],
  ['OpenTelemetry names and the raw line', otlpWithBody],
];

test.each(layouts)('records that arrive as %s are all delivered', async (_, send) => {
  const lines = [...linesOf(40), emptyLine('NODATA'), emptyLine('SKIPDATA', 1)];
  const corpus = corpusOf([{ lines: lines.slice(0, 20) }, { lines: lines.slice(20) }]);
  const judgement = await judged({ corpus, deliveries: batches(lines.map(send), 7) });
  expect(judgement.tally).toEqual(tallyOf({ expected: 42 }));
  expect(judgement.verdict).toEqual({ validity: 'pass', findings: [] });
  expect(judgement.objects).toEqual({ written: 2, complete: 2, partial: 0, absent: 0 });
  expect(judgement.warnings).toEqual([]);
});

test.each(layouts)('swapped columns, sent as %s, alter every record', async (_, send) => {
  const lines = linesOf(60);
  const swap = (line: string): string => {
    const tokens = line.split(' ');
    [tokens[5], tokens[8]] = [tokens[8]!, tokens[5]!];
    return tokens.join(' ');
  };
  const judgement = await judged({
    corpus: corpusOf([{ lines }]),
    deliveries: batches(
      lines.map((line) => send(swap(line))),
      25,
    ),
  });
  expect(judgement.tally).toEqual(tallyOf({ expected: 60, delivered: 0, altered: 60 }));
  expect(judgement.verdict.findings.map(({ id, check, summary }) => ({ id, check, summary }))).toEqual([
    {
      id: 'altered-records',
      check: 'fields-intact',
      summary: '60 of 60 owed records arrived altered in srcport and packets, the first at AWSLogs/object-0.log line 2',
    },
  ]);
  expect(judgement.verdict.findings[0]!.witnesses[0]).toMatchObject({
    bucket: 'flow-logs',
    key: 'AWSLogs/object-0.log',
    line: 2,
    byteOffset: defaultFields.join(' ').length + 1,
    text: lineOf(0),
    arrived: swap(lineOf(0)),
    deliveries: [1],
    note: 'srcport: 1024 arrived as 1 (shifted-column); packets: 1 arrived as 1024 (shifted-column)',
  });
});

test('a record that never came is named with its object, line and text', async () => {
  const lines = linesOf(30);
  const corpus = corpusOf([{ lines: lines.slice(0, 10) }, { lines: lines.slice(10) }]);
  const sent = lines.filter((_, i) => i !== 17);
  const judgement = await judged({ corpus, deliveries: batches(sent.map(flat), 10) });
  expect(judgement.tally).toEqual(tallyOf({ expected: 30, delivered: 29, missing: 1 }));
  expect(judgement.verdict).toMatchObject({
    validity: 'fail',
    findings: [
      {
        id: 'lost-records',
        check: 'once-unless-provoked',
        validity: 'fail',
        summary: '1 of 30 owed records never arrived, the first at AWSLogs/object-1.log line 9',
        witnesses: [
          {
            bucket: 'flow-logs',
            key: 'AWSLogs/object-1.log',
            line: 9,
            text: lineOf(17),
            note: 'invocations for its object: succeeded',
          },
        ],
      },
    ],
  });
  expect(judgement.objects).toEqual({ written: 2, complete: 1, partial: 1, absent: 0 });
});
