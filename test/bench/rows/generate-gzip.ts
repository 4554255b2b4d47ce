// Complete .gz files, from nothing to the bytes to store, beside node:zlib at the same level on text that is ready.

import { gzipSync } from 'node:zlib';

import { generatedCorpus } from '../../../src/flowlogs/corpus.ts';
import type { Round, Row } from '../row.ts';

const recordCount = 300_000;
const plan = { preset: 'web-vpc', seed: 42, records: recordCount, startMs: Date.UTC(2026, 0, 1), maxRecords: 10_000 };

export const row: Row = {
  name: 'generate-gzip',
  unit: 'records/s',
  baseline: 'node:zlib at level 1 on ready text',
  goal: { ours: 0.6e6 },
  run: round,
};

async function round(): Promise<Round> {
  const corpus = generatedCorpus(plan);
  let [oursMs, baselineMs, sizeBytes] = [0, 0, 0];
  // Object by object, so that a busy neighbour on the machine slows both.
  for (const object of corpus.objects) {
    const begin = performance.now();
    sizeBytes += (await corpus.body(object)).length;
    oursMs += performance.now() - begin;
    const text = Buffer.from(corpus.text(object));
    const middle = performance.now();
    gzipSync(text, { level: 1 });
    baselineMs += performance.now() - middle;
  }
  const note = `${(sizeBytes / recordCount).toFixed(1)} bytes a record`;
  return { ours: (recordCount / oursMs) * 1000, baseline: (recordCount / baselineMs) * 1000, note };
}
