// Many differences at once: counts stay exact, witnesses stay few, and what spills to disk comes back.

import { expect, test } from 'vitest';

import { batches, corpusOf, flat, judged, lineOf, linesOf, raw, tallyOf } from './fixtures.ts';

function swapped(line: string): string {
  const tokens = line.split(' ');
  [tokens[5], tokens[8]] = [tokens[8]!, tokens[5]!];
  return tokens.join(' ');
}

test('twenty thousand records altered alike are paired one to one', async () => {
  const lines = linesOf(20_000);
  const corpus = corpusOf([{ lines: lines.slice(0, 12_000) }, { lines: lines.slice(12_000) }]);
  const alike = lines.filter((line) => swapped(line) === line).length;
  const { tally, verdict } = await judged({
    corpus,
    deliveries: batches(
      lines.map((line) => raw(swapped(line))),
      5000,
    ),
  });
  expect(tally).toEqual(tallyOf({ expected: 20_000, delivered: alike, altered: 20_000 - alike }));
  expect(verdict.findings[0]!.witnesses).toHaveLength(20);
  for (const { line, key, text, arrived, note } of verdict.findings[0]!.witnesses) {
    const index = line! - 2 + (key === 'AWSLogs/object-1.log' ? 12_000 : 0);
    expect(text).toBe(lineOf(index));
    expect(arrived).toBe(swapped(text!));
    expect(note).toMatch(
      /^srcport: \d+ arrived as \d+ \(shifted-column\); packets: \d+ arrived as \d+ \(shifted-column\)$/,
    );
  }
});

test('records altered in the key itself are found by their other fields', async () => {
  const lines = linesOf(3000);
  const shifted = lines.map((line) => raw(line.replace(/ (\d{10}) (\d{10}) /, ' $2 $2 ')));
  const { tally, verdict } = await judged({ corpus: corpusOf([{ lines }]), deliveries: batches(shifted, 1000) });
  expect(tally).toEqual(tallyOf({ expected: 3000, delivered: 0, altered: 3000 }));
  expect(verdict.findings[0]!.summary).toContain('altered in start, the first at');
});

test('columns shifted by one are no longer anybody’s record', async () => {
  const lines = linesOf(2000);
  const shifted = lines.map((line) => flat(['2', ...line.split(' ').slice(0, 13)].join(' ')));
  const { tally } = await judged({ corpus: corpusOf([{ lines }]), deliveries: batches(shifted, 1000) });
  expect(tally).toEqual(tallyOf({ expected: 2000, delivered: 0, missing: 2000, unexpected: 2000 }));
});

test('inventions beside losses stay unexpected, with few witnesses', async () => {
  const lines = linesOf(4000);
  const inventions = linesOf(20_000, 1_000_000).map((line) => raw(line.replaceAll('eni-', 'eni-f')));
  const sent = [...lines.slice(100).map(raw), ...inventions];
  const { tally, verdict } = await judged({ corpus: corpusOf([{ lines }]), deliveries: batches(sent, 10_000) });
  expect(tally).toEqual(tallyOf({ expected: 4000, delivered: 3900, missing: 100, unexpected: 20_000 }));
  expect(verdict.findings.map(({ witnesses }) => witnesses.length <= 20)).toEqual([true, true]);
});

test('equal lines are a multiset, attributed in object order, and the finding says so', async () => {
  const same = Array.from({ length: 300 }, () => lineOf(7));
  const corpus = corpusOf([{ lines: same.slice(0, 200) }, { lines: same.slice(200) }]);
  const { tally, verdict, warnings } = await judged({ corpus, deliveries: batches(same.slice(0, 250).map(raw), 100) });
  expect(tally).toEqual(tallyOf({ expected: 300, delivered: 250, missing: 50 }));
  expect(verdict.findings[0]!.summary).toBe(
    '50 of 300 owed records never arrived, the first at AWSLogs/object-1.log line 52; ' +
      '1 set of equal lines was attributed in object order',
  );
  expect(warnings).toHaveLength(1);
});

test('of equal lines the owed one is served first, though an optional one stands before it', async () => {
  const corpus = corpusOf([{ lines: [lineOf(7)], condition: 'damaged' }, { lines: [lineOf(7)] }]);
  const { tally } = await judged({ corpus, deliveries: [{ records: [raw(lineOf(7))] }], expect: ['no-loss'] });
  expect(tally).toEqual(tallyOf({ expected: 1, notOwed: 1 }));
});
