// Every difference one by one, not only the witnesses of a finding.

import { expect, test } from 'vitest';

import { batches, corpusOf, emptyLine, judged, lineOf, linesOf, raw, type Case } from './fixtures.ts';
import type { Difference } from '../../src/oracle/index.ts';

async function differencesOf(given: Case): Promise<Difference[]> {
  const found: Difference[] = [];
  await judged({ ...given, onDifference: (difference) => found.push(difference) });
  return found;
}

test('each record that was lost, altered, doubled, unwanted or unexpected is listed with its place', async () => {
  const lines = [...linesOf(300), emptyLine('NODATA')];
  const corpus = corpusOf([{ lines: lines.slice(0, 150) }, { lines: lines.slice(150) }]);
  const altered = (i: number): string => lineOf(i, { action: 'PERHAPS' });
  const sent = lines.flatMap((line, i) => {
    if (i % 3 === 0 && i < 300) return [];
    if (i === 7) return [altered(7)];
    return i === 10 ? [line, line] : [line];
  });
  const found = await differencesOf({
    corpus,
    deliveries: batches([...sent, 'started up'].map(raw), 60),
    promises: { nodata: 'drop' },
  });
  const place = (i: number): { key: string; line: number; text: string } => ({
    key: `AWSLogs/object-${i < 150 ? 0 : 1}.log`,
    line: (i < 150 ? i : i - 150) + 2,
    text: lines[i]!,
  });
  const lost = Array.from({ length: 100 }, (_, i) => ({ kind: 'missing', ...place(i * 3) }));
  expect(found.filter(({ kind }) => kind === 'missing')).toEqual(lost);
  expect(found.filter(({ kind }) => kind !== 'missing')).toEqual([
    { kind: 'altered', ...place(7), arrived: altered(7), delivery: 1 },
    { kind: 'doubled', ...place(10), copy: 'afterAcknowledgement' },
    { kind: 'unwanted', ...place(300) },
    { kind: 'unexpected', arrived: 'started up', delivery: 4 },
  ]);
});

test('where a kind has more than 100,000 records the list says how many it leaves out', async () => {
  const lines = linesOf(100_002);
  const found = await differencesOf({ corpus: corpusOf([{ lines }]), deliveries: [] });
  expect(found).toHaveLength(100_001);
  expect(found.at(-1)).toEqual({ kind: 'missing', omitted: 2 });
});

test('where nothing differs nothing is listed', async () => {
  const lines = linesOf(20);
  expect(await differencesOf({ corpus: corpusOf([{ lines }]), deliveries: batches(lines.map(raw), 9) })).toEqual([]);
});
