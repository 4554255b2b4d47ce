// Every line of every object is accounted for, once; and a report of a forwarder that filters says what it rightly left out.

import fc from 'fast-check';
import { expect, test } from 'vitest';

import { InvariantError } from '../../src/core/errors.ts';
import type { Corpus } from '../../src/core/model/corpus.ts';
import { requireBalance } from '../../src/oracle/balance.ts';
import type { Balances } from '../../src/oracle/comparison/comparison.ts';
import { batches, corpusOf, emptyLine, flat, healthyFacts, judged, linesOf, raw } from './fixtures.ts';

const lines = linesOf(12);
const deadLetter = { type: 'dead-lettered', objects: [3], atMs: 150_000, condition: 'RetriesExhausted' } as const;

test('the lines of a run are its headers, blanks, and what became of each record', async () => {
  const fate = fc.constantFrom('delivered', 'missing', 'altered', 'deadLettered');
  await fc.assert(
    fc.asyncProperty(fc.array(fate, { minLength: 12, maxLength: 12 }), async (fates) => {
      // Records of one fate lie in one object: a dead letter is of a whole object.
      const objects = (['delivered', 'missing', 'altered', 'deadLettered'] as const).map((kind) => ({
        kind,
        lines: [...lines.filter((_, i) => fates[i] === kind), emptyLine('NODATA')],
      }));
      const sent = objects.flatMap(({ kind, lines: own }) => {
        if (kind === 'delivered') return own.map(raw);
        return kind === 'altered' ? own.slice(0, -1).map((line) => raw(line.replace(' OK', ' KO'))) : [];
      });
      const corpus = corpusOf(objects);
      const { balance, tally } = await judged({
        corpus,
        deliveries: batches(sent, 5),
        promises: { nodata: 'any' },
        facts: [deadLetter, ...healthyFacts(corpus)],
      });
      const count = (kind: string): number => fates.filter((own) => own === kind).length;
      expect(balance).toEqual({
        lines: 20,
        header: 4,
        blank: 0,
        delivered: count('delivered'),
        altered: count('altered'),
        missing: count('missing'),
        deadLettered: count('deadLettered'),
        notOwed: 4,
      });
      expect(tally.expected).toBe(12);
    }),
    { seed: 20_260_103, numRuns: 20 },
  );
});

test('a balance that does not hold is a bug of the rig, named by the object', () => {
  const corpus = corpusOf([{ lines: lines.slice(0, 5) }, { lines: lines.slice(5) }]);
  const counts = (...values: number[]): Uint32Array => Uint32Array.from(values);
  const balances: Balances = {
    lines: counts(6, 8),
    header: counts(1, 1),
    blank: counts(0, 0),
    delivered: counts(5, 6),
    altered: counts(0, 0),
    missing: counts(0, 0),
    deadLettered: counts(0, 0),
    notOwed: counts(0, 0),
  };
  expect(() => requireBalance(balances, corpus)).toThrow(InvariantError);
  expect(() => requireBalance(balances, corpus)).toThrow(
    'the balance of AWSLogs/object-1.log does not hold: it has 8 lines, but 1 header + 0 blank + 6 delivered + 0 altered + 0 missing + 0 deadLettered + 0 notOwed are 7',
  );
});

test('a corpus that shows other lines than were written is a bug of the rig', async () => {
  const whole = corpusOf([{ lines }]);
  const scan: Corpus['scan'] = async (object, visit) => {
    let shown = 0;
    const counts = await whole.scan(object, (bytes, start, end, line) => {
      if (shown++ !== 4) visit(bytes, start, end, line);
    });
    return counts;
  };
  await expect(judged({ corpus: { ...whole, scan }, deliveries: batches(lines.map(flat), 5) })).rejects.toThrow(
    /AWSLogs\/object-0\.log was written with 12 records; reading it again shows 11 and counts 12/,
  );
});

test('lines that the promises say to leave out, and those they leave open, are told apart, and how many came', async () => {
  const own = [...linesOf(6), emptyLine('NODATA'), emptyLine('NODATA', 1), emptyLine('SKIPDATA', 2)];
  const promises = { keep: 'action = REJECT', nodata: 'drop', skipdata: 'any' } as const;
  const kept = own.filter((line) => line.includes('REJECT'));
  const { notOwed, tally } = await judged({
    corpus: corpusOf([{ lines: own }]),
    deliveries: batches([...kept, own[6]!, own[8]!].map(raw), 3),
    promises,
  });
  expect(kept).toHaveLength(1);
  expect(notOwed).toEqual({ unwanted: { lines: 7, arrived: 1 }, optional: { lines: 1, arrived: 1 } });
  expect(tally).toMatchObject({ expected: 1, delivered: 1, notOwed: 8, unexpected: 1 });
});
