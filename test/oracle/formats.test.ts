// A value that was changed on the way is named by its field: for every field of every format that is written, in any line, and however
// it is carried.

import fc from 'fast-check';
import { expect, test } from 'vitest';

import { generatedCorpus } from '../../src/flowlogs/corpus.ts';
import { formatNames } from '../../src/flowlogs/formats.ts';
import {
  batches,
  corpusOf,
  defaultFields,
  judged,
  linesOf,
  raw,
  tallyOf,
  type AttributeValue,
  type Sent,
} from './fixtures.ts';

/** Each field under its name in snake_case, whole numbers as integers, `-` left out. */
function typed(fields: readonly string[], line: string): Sent {
  const attributes: Record<string, AttributeValue> = {};
  line.split(' ').forEach((token, i) => {
    if (token === '-') return;
    const isNumber = /^(?:0|[1-9]\d{0,17})$/.test(token) && fields[i] !== 'account-id';
    attributes[fields[i]!.replaceAll('-', '_')] = isNumber ? BigInt(token) : token;
  });
  return { attributes };
}

const carriers: readonly [string, (fields: readonly string[], line: string) => Sent][] = [
  ['raw lines', (_, line) => ({ body: line })],
  ['attributes', typed],
];

test.each(formatNames)('format %s: a change in any field is named by it', async (format) => {
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: 1000 }), fc.constantFrom(...carriers), async (seed, [, send]) => {
      const corpus = generatedCorpus({
        preset: 'web-vpc',
        seed,
        records: 240,
        nodata: 0.02,
        format,
        startMs: Date.UTC(2026, 0, 1),
        maxRecords: 100,
      });
      const { fields } = corpus.objects[0]!;
      const sent = Array.from({ length: 240 }, (_, i) => {
        const tokens = corpus.record(i).split(' ');
        // Each third record is changed in one field, another one each time.
        const field = i % 3 === 0 ? i / 3 : -1;
        if (field >= 0 && field < fields.length) tokens[field] = `${tokens[field] === '-' ? 'x' : tokens[field]}7`;
        return send(fields, tokens.join(' '));
      });
      const { tally, layout } = await judged({ corpus, deliveries: batches(sent, 50) });
      expect(tally).toMatchObject({ altered: fields.length, missing: 0, unexpected: 0 });
      expect(layout.fields.map(({ field, altered }) => [field, altered])).toEqual(fields.map((field) => [field, 1]));
    }),
    { seed: 20_260_104, numRuns: 3 },
  );
});

test('lines longer than their format that come as they stand are intact, whichever of two formats they are longer than', async () => {
  const grown = [...defaultFields, 'future-field'];
  const more = linesOf(6, 6).map((line) => `${line} value`);
  const longer = (line: string, i: number): string => (i % 2 === 0 ? `${line} surplus` : line);
  const corpus = corpusOf([
    { lines: linesOf(6).map(longer) },
    { lines: more.map(longer), fields: grown },
    { lines: linesOf(6, 12) },
  ]);
  const records = [...linesOf(6).map(longer), ...more.map(longer), ...linesOf(6, 12)].map(raw);
  const { tally, verdict } = await judged({ corpus, deliveries: batches(records, 4) });
  expect(verdict.findings).toEqual([]);
  expect(tally).toEqual(tallyOf({ expected: 18, delivered: 18 }));
  // Where no line of the wider format fits it, no arrival names its last field.
  const longest = more.map((line) => `${line} surplus`);
  const wide = corpusOf([{ lines: linesOf(6) }, { lines: longest, fields: grown }]);
  const sent = batches([...linesOf(6), ...longest].map(raw), 4);
  expect((await judged({ corpus: wide, deliveries: sent })).verdict.findings).toEqual([]);
});
