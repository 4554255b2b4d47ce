import { expect, test } from 'vitest';

import { generatedCorpus } from '../../src/flowlogs/corpus.ts';
import {
  batches,
  corpusOf,
  flat,
  healthyFacts,
  judged,
  lineOf,
  linesOf,
  raw,
  type Case,
  type Sent,
} from './fixtures.ts';

/** Objects larger than what is read at once. */
const corpus = generatedCorpus({
  preset: 'web-vpc',
  seed: 7,
  records: 2100,
  reject: 0.2,
  nodata: 0.02,
  skipdata: 0.005,
  startMs: Date.UTC(2026, 0, 1),
  maxRecords: 700,
});
const lines = Array.from({ length: corpus.lineCount }, (_, i) => corpus.record(i));
const all = corpus.objects.map(({ index }) => index);
const others = linesOf(30);
const small = corpusOf([
  { lines: [lineOf(7), ...others.slice(0, 10)], condition: 'damaged' },
  { lines: [lineOf(7), lineOf(7), ...others.slice(10, 20)] },
  { lines: [lineOf(7), ...others.slice(20)] },
]);

/** Lost, doubled and altered ones among them. */
const planted = lines.flatMap((line, i): Sent[] => {
  if (i % 100 === 7) return [];
  if (i % 100 === 13) return [raw(line), raw(line)];
  return [raw(i % 200 === 29 ? line.replace(' OK', ' KO') : line)];
});

test.each<[string, Case & { booked: readonly number[] }]>([
  ['lost, doubled and altered records', { corpus, deliveries: batches(planted, 200), booked: all }],
  ['objects of which some were not booked', { corpus, deliveries: batches(planted, 200), booked: [2, 0] }],
  [
    'promises about lines',
    {
      corpus,
      deliveries: batches(planted, 200),
      booked: all,
      promises: { nodata: 'drop', skipdata: 'any', keep: 'action = REJECT' },
    },
  ],
  [
    'an object that the store withheld',
    {
      corpus,
      deliveries: batches(planted, 200),
      booked: all,
      facts: [...healthyFacts(corpus), { type: 'fault', kind: 'store.error', atMs: 300, object: 1, withholds: true }],
    },
  ],
  [
    'a field that nothing carried, which no booked line was read without',
    {
      corpus,
      deliveries: batches(
        lines.map((line): Sent => {
          const { 'account-id': _, ...attributes } = flat(line).attributes!;
          return { attributes };
        }),
        500,
      ),
      booked: all,
    },
  ],
  [
    'equal lines of objects that were not written in order',
    { corpus: small, deliveries: [{ records: [raw(lineOf(7)), raw(lineOf(7))] }], booked: [2, 1, 0] },
  ],
])('a corpus booked while it was written is judged as one that is read again: %s', async (_, given) => {
  const { booked: _booked, ...unbooked } = given;
  expect(await judged(given)).toEqual(await judged(unbooked));
});

test('a booked corpus is not made again', async () => {
  const scan = (): never => {
    throw new Error('read again');
  };
  const { verdict } = await judged({
    corpus: { ...corpus, scan },
    deliveries: batches(lines.map(raw), 500),
    booked: all,
  });
  expect(verdict).toEqual({ validity: 'pass', findings: [] });
});
