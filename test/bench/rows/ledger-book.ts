// Fingerprint and book on one core: lines of a generated corpus that lie in memory, each as the body of a record. Beside it, what
// anyone would write: a Map of strings with a count for each line.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { generatedCorpus } from '../../../src/flowlogs/corpus.ts';
import { defaultFormat } from '../../../src/flowlogs/fields.ts';
import { openLedger } from '../../../src/oracle/index.ts';
import { emptyRecordView } from '../../../src/core/model/record-view.ts';
import type { Round, Row } from '../row.ts';
import { corpusStartMs } from '../sink-bodies.ts';

const recordCount = 1_000_000;

export const row: Row = {
  name: 'ledger-book',
  unit: 'records/s',
  baseline: 'a Map of strings with a count for each',
  goal: { ours: 5e6 },
  async run() {
    const folder = await mkdtemp(join(tmpdir(), 'flowrig-bench-'));
    try {
      return await round(folder);
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

async function round(folder: string): Promise<Round> {
  const traffic = { preset: 'web-vpc', seed: 42, records: recordCount, startMs: corpusStartMs, maxRecords: 10_000 };
  const corpus = generatedCorpus(traffic);
  await using ledger = openLedger({ fields: [defaultFormat], seed: 1, folder });
  const counts = new Map<string, number>();
  const view = emptyRecordView(0);
  let oursMs = 0;
  let baselineMs = 0;
  // Object by object, so that a busy neighbour on the machine slows both.
  for (const object of corpus.objects) {
    const text = Buffer.from(corpus.text(object));
    const ends = lineEnds(text);
    const beganMs = performance.now();
    view.source = text;
    view.lastingBytes = text.length;
    ledger.arriveAll(object.index + 1, (visit) => {
      for (let i = 1; i < ends.length; i++) {
        view.bodyStart = ends[i - 1]! + 1;
        view.bodyEnd = ends[i]!;
        visit(view, i - 1);
      }
    });
    const middleMs = performance.now();
    for (let i = 1; i < ends.length; i++) {
      const line = text.toString('latin1', ends[i - 1]! + 1, ends[i]);
      counts.set(line, (counts.get(line) ?? 0) + 1);
    }
    oursMs += middleMs - beganMs;
    baselineMs += performance.now() - middleMs;
  }
  if (ledger.kinds.record !== recordCount) throw new Error(`booked ${ledger.kinds.record} of ${recordCount} records`);
  return {
    ours: (recordCount / oursMs) * 1000,
    baseline: (recordCount / baselineMs) * 1000,
    note: `${counts.size} different lines`,
  };
}

/** Offsets of the line ends, the header's among them. */
function lineEnds(text: Buffer): Int32Array {
  const ends: number[] = [];
  for (let at = text.indexOf(0x0a); at >= 0; at = text.indexOf(0x0a, at + 1)) ends.push(at);
  return Int32Array.from(ends);
}
