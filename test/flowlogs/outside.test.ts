// Records that stand in a file of the slot behind their own, or before it: how many, which, and that nothing else changes.

import fc from 'fast-check';
import { expect, test } from 'vitest';

import type { GeneratedCorpus } from '../../src/flowlogs/corpus.ts';
import { Inspection } from '../../src/flowlogs/inspect/inspection.ts';
import { parseFileName } from '../../src/flowlogs/s3-key.ts';
import { allLines, openCorpus, scannedLines, storedLines } from './read-lines.ts';

const slotS = 300;
const endField = 11;

/** For each record how many slots lie between the end of its window and the slot of its file. */
async function slotsBehind(corpus: GeneratedCorpus): Promise<number[]> {
  const found: number[] = [];
  for (const object of corpus.objects) {
    const { slotStartMs } = parseFileName(object.key.split('/').at(-1)!)!;
    for (const line of await storedLines(corpus, object)) {
      const slotOfEnd = Math.floor(Number(line.split(' ')[endField]) / slotS);
      found.push(slotStartMs / 1000 / slotS - slotOfEnd);
    }
  }
  return found;
}

test.each(['web-vpc', 'quiet', 'multi-region'])(
  'in %s exactly so many records as the shares say stand in a file of the slot behind their own and before it, the others in their own',
  async (preset) => {
    const plan = { preset, format: 'default', records: 4000, maxRecords: 200 };
    expect(new Set(await slotsBehind(openCorpus(plan)))).toEqual(new Set([0]));
    for (const [outside, count] of [
      [0.01, 40],
      [0.123, 492],
      [0.000_01, 1],
    ] as const) {
      const behind = await slotsBehind(openCorpus({ ...plan, outside }));
      expect(behind.filter((slots) => slots === 1)).toHaveLength(count);
      expect(behind.filter((slots) => slots === 0)).toHaveLength(4000 - count);
    }
    const both = await slotsBehind(openCorpus({ ...plan, outside: 0.01, ahead: 0.05 }));
    expect([1, -1, 0].map((slots) => both.filter((each) => each === slots).length)).toEqual([40, 200, 3760]);
  },
);

test('the records, the keys and the rules stay those of the corpus without it; only places change', async () => {
  const [plain, other] = [openCorpus(), openCorpus({ maxRecords: 100, outside: 0.05, ahead: 0.03 })];
  const usual = openCorpus({ maxRecords: 100 });
  expect((await allLines(other)).toSorted()).toEqual((await allLines(usual)).toSorted());
  expect(other.objects.map(({ key }) => key)).toEqual(usual.objects.map(({ key }) => key));
  expect(await other.fingerprint()).not.toBe(await usual.fingerprint());
  expect(await openCorpus({ outside: 0 }).fingerprint()).toBe(await plain.fingerprint());
  for (const object of other.objects) {
    const inspection = new Inspection();
    for (const [index, line] of Buffer.from(other.text(object)).toString('latin1').split('\n').slice(0, -1).entries()) {
      inspection.see(Buffer.from(line), 0, line.length, index + 1);
    }
    expect(inspection.result()).toMatchObject({ records: object.lineCount, violations: [] });
  }
});

test('every way to a record leads to the same line, wherever it stands', async () => {
  const plans = fc.record({
    preset: fc.constantFrom('web-vpc', 'quiet', 'multi-region'),
    seed: fc.nat(),
    records: fc.integer({ min: 1200, max: 2400 }),
    maxRecords: fc.integer({ min: 20, max: 100 }),
    outside: fc.double({ min: 0.001, max: 0.2, noNaN: true }),
    ahead: fc.double({ min: 0.001, max: 0.2, noNaN: true }),
  });
  await fc.assert(
    fc.asyncProperty(plans, async (plan) => {
      const corpus = openCorpus(plan);
      let lineFirst = 0;
      for (const object of corpus.objects) {
        const lines = await storedLines(corpus, object);
        const { lines: scanned, counts } = await scannedLines(corpus, object);
        expect(scanned).toEqual(lines.map((line, i) => [i + 2, line]));
        expect([object.lineFirst, object.lineCount, counts.data]).toEqual([lineFirst, lines.length, lines.length]);
        for (const i of [0, lines.length - 1]) {
          expect(corpus.record(lineFirst + i)).toBe(lines[i]);
          corpus.visitLine!(object, i, (bytes, start, end, line) => {
            expect([line, Buffer.from(bytes.subarray(start, end)).toString()]).toEqual([i + 2, lines[i]]);
          });
        }
        lineFirst += lines.length;
      }
      expect(lineFirst).toBe(plan.records);
    }),
    { seed: 20_260_101, numRuns: 10 },
  );
});

test('more records than the files of a next slot can take are refused, with how many there may be', () => {
  expect(() => openCorpus({ records: 100, outside: 0.1 })).toThrow(
    'outside is 0.1: 10 records of the slot before, but no more than 0 have a file of the next slot to stand in.',
  );
  expect(() => openCorpus({ records: 900, maxRecords: 100, outside: 0.9 })).toThrow(/810 records .* no more than 396/);
  expect(() => openCorpus({ records: 100, ahead: 0.1 })).toThrow(
    'ahead is 0.1: 10 records of the next slot, but no more than 0 have a file of the slot before to stand in.',
  );
  expect(() => openCorpus({ outside: 1.1 })).toThrow('outside is 1.1; it must be from 0 to 1.');
});
