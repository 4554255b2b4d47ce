// The oracle against the corpus that runs really use: NODATA and SKIPDATA rows, several objects, ledgers that spill to disk.

import { expect, test } from 'vitest';

import { generatedCorpus } from '../../src/flowlogs/corpus.ts';
import { batches, flat, judged, otlpWithBody, raw, type Sent } from './fixtures.ts';

const corpus = generatedCorpus({
  preset: 'web-vpc',
  seed: 7,
  records: 12_000,
  reject: 0.2,
  nodata: 0.02,
  skipdata: 0.005,
  startMs: Date.UTC(2026, 0, 1),
  maxRecords: 2500,
});
const lines = Array.from({ length: corpus.lineCount }, (_, i) => corpus.record(i));

test.each<[string, (line: string) => Sent]>([
  ['flat columns', flat],
  ['raw lines', raw],
  ['OpenTelemetry names with the raw line', otlpWithBody],
])('a generated corpus that arrives whole as %s passes', async (_, send) => {
  const { tally, verdict, corpusBytes } = await judged({ corpus, deliveries: batches(lines.map(send), 1000) });
  expect(tally).toMatchObject({ expected: 12_000, delivered: 12_000, missing: 0, unexpected: 0, altered: 0 });
  expect(verdict).toEqual({ validity: 'pass', findings: [] });
  expect(corpusBytes).toBe(corpus.objects.reduce((sum, object) => sum + corpus.text(object).length, 0));
});

test('the last line of each object that never came is named where it stands', async () => {
  const last = new Set(corpus.objects.map((object) => object.lineFirst + object.lineCount - 1));
  const sent = lines.filter((_, i) => !last.has(i)).map(raw);
  const { tally, verdict, objects } = await judged({ corpus, deliveries: batches(sent, 1000) });
  expect(tally).toMatchObject({ missing: corpus.objects.length, delivered: 12_000 - corpus.objects.length });
  expect(objects).toMatchObject({ complete: 0, partial: corpus.objects.length, absent: 0 });
  const named = verdict.findings[0]!.witnesses.map(({ key, line, text, byteOffset }) => [key, line, text, byteOffset]);
  expect(named).toEqual(
    corpus.objects.map((object) => {
      const text = new TextDecoder().decode(corpus.text(object));
      const file = text.trimEnd().split('\n');
      return [object.key, file.length, file.at(-1), text.length - file.at(-1)!.length - 1];
    }),
  );
});

test('NODATA and SKIPDATA rows that a promise drops may not arrive', async () => {
  const promises = { nodata: 'drop', skipdata: 'drop' } as const;
  const isOk = (line: string): boolean => line.endsWith(' OK');
  const right = await judged({ corpus, deliveries: batches(lines.filter(isOk).map(flat), 1000), promises });
  expect(right.tally).toMatchObject({ expected: 11_700, delivered: 11_700, notOwed: 300, unexpected: 0 });
  expect(right.verdict.validity).toBe('pass');
  const wrong = await judged({ corpus, deliveries: batches(lines.map(flat), 1000), promises });
  expect(wrong.tally).toMatchObject({ expected: 11_700, delivered: 11_700, notOwed: 300, unexpected: 300 });
  expect(wrong.verdict.findings.map((finding) => finding.id)).toEqual(['unexpected-records']);
});
