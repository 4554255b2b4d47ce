// What all 54 fields cost beside the default format's 14: bytes of format v11 a second, beside those of the default format for
// the same preset; and the time until the first object of a corpus is there.

import { generatedCorpus, type GeneratedCorpus } from '../../../src/flowlogs/corpus.ts';
import type { Round, Row } from '../row.ts';

const recordCount = 200_000;
const plan = { preset: 'web-vpc', seed: 42, startMs: Date.UTC(2026, 0, 1), maxRecords: 10_000 };

function widest(): Round {
  const usual = generatedCorpus({ ...plan, records: recordCount });
  const wide = generatedCorpus({ ...plan, records: recordCount, format: 'v11' });
  let [ours, baseline, wideBytes] = [0, 0, 0];
  // Object by object, so that a busy neighbour on the machine slows both.
  for (const [i, object] of wide.objects.entries()) {
    const begin = performance.now();
    const bytes = wide.text(object).length;
    const middle = performance.now();
    const usualBytes = usual.text(usual.objects[i]!).length;
    // Time for one byte, summed: each format's own time for the same amount of text.
    ours += (middle - begin) / bytes;
    baseline += (performance.now() - middle) / usualBytes;
    wideBytes += bytes;
  }
  const count = wide.objects.length;
  const note = `${(wideBytes / recordCount).toFixed(0)} bytes a record`;
  return { ours: count / ours / 1000, baseline: count / baseline / 1000, note };
}

function firstObject(open: () => GeneratedCorpus): number {
  const begin = performance.now();
  const corpus = open();
  corpus.text(corpus.objects[0]!);
  return performance.now() - begin;
}

export const formatRows: readonly Row[] = [
  {
    name: 'generate-v11',
    unit: 'MB/s',
    baseline: 'the same records in the default format',
    goal: { ratio: 0.5 },
    run: () => Promise.resolve(widest()),
  },
  {
    name: 'first-object',
    unit: 'ms',
    baseline: 'the same of a corpus of 10,000 records',
    goal: { atMost: 100 },
    run: () =>
      Promise.resolve({
        ours: firstObject(() => generatedCorpus({ ...plan, records: 50_000_000 })),
        baseline: firstObject(() => generatedCorpus({ ...plan, records: 10_000 })),
        note: 'of 50 M records',
      }),
  },
];
