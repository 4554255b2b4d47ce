// Whatever a forwarder sends is data: strange records are findings with numbers, and blame nobody for what did arrive.

import { expect, test } from 'vitest';

import { batches, corpusOf, flat, judged, lineOf, linesOf, type SentDelivery } from './fixtures.ts';

test('a field that comes late, after thousands of sets of names, is not taken for one that never came', async () => {
  const lines = Array.from({ length: 4500 }, (_, i) => lineOf(i, i < 4300 ? { action: '-' } : {}));
  const sent = lines.map((line, i) => {
    const { action, ...rest } = flat(line).attributes!;
    return { attributes: { ...rest, ...(action === '-' ? {} : { action: action! }), [`invented-${i}`]: 'x' } };
  });
  const { tally, verdict } = await judged({ corpus: corpusOf([{ lines }]), deliveries: batches(sent, 1000) });
  expect(tally).toMatchObject({ delivered: 4500, missing: 0, altered: 0, unexpected: 0 });
  expect(verdict.validity).toBe('pass');
});

test('a kept delivery in which there was no record, and requests that could not be read, are told by number', async () => {
  const lines = linesOf(20);
  const unread = (decodeError: string): SentDelivery => ({ records: [], kept: false, decodeError });
  const deliveries = [
    unread('invalid character'),
    { records: [] },
    ...batches(lines.slice(1).map(flat), 7),
    unread('gzip: invalid header'),
  ];
  const { tally, verdict } = await judged({ corpus: corpusOf([{ lines }]), deliveries });
  expect(tally).toMatchObject({ delivered: 19, missing: 1, unexpected: 0 });
  expect(verdict.findings.map(({ id, validity }) => [id, validity])).toEqual([
    ['lost-records', 'fail'],
    ['undecodable-requests', 'pass'],
  ]);
  expect(verdict.findings.at(-1)).toMatchObject({
    summary: '2 of 6 requests had a body that could not be read, the first, request 1: invalid character',
    witnesses: [
      { deliveries: [1], note: 'invalid character' },
      { deliveries: [6], note: 'gzip: invalid header' },
    ],
  });
});
