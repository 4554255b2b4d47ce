// Lines that come as raw text, of formats that have few fields or none to look at.

import { expect, test } from 'vitest';

import { batches, corpusOf, judged, lineOf, linesOf, raw, tallyOf } from './fixtures.ts';

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
