// Plain generation on one core, beside the simplest fast loop that anyone would write: one template string a line, written with
// `latin1Write` into a reused Buffer. The loop has its values ready; ours draws a whole VPC's traffic besides.

import { generatedCorpus } from '../../../src/flowlogs/corpus.ts';
import type { Round, Row } from '../row.ts';

const recordCount = 500_000;

/** Node's own method, which @types/node leaves out. */
interface Latin1Writer {
  latin1Write(text: string, position: number): number;
}

export const row: Row = {
  name: 'generate-plain',
  unit: 'records/s',
  baseline: 'one template string a line, latin1Write into a reused Buffer',
  goal: { ours: 2e6, ratio: 1 },
  run: () => Promise.resolve(round()),
};

function round(): Round {
  let oursMs = 0;
  let baselineMs = 0;
  const corpus = generatedCorpus({
    preset: 'web-vpc',
    seed: 42,
    records: recordCount,
    startMs: Date.UTC(2026, 0, 1),
    maxRecords: 10_000,
  });
  const buffer = Buffer.alloc(2_000_000);
  let bytes = 0;
  let baselineBytes = 0;
  // Object by object, so that a busy neighbour on the machine slows both.
  for (const object of corpus.objects) {
    const begin = performance.now();
    bytes += corpus.text(object).length;
    const middle = performance.now();
    baselineBytes += templateLines(buffer, object.lineCount, object.lineFirst);
    oursMs += middle - begin;
    baselineMs += performance.now() - middle;
  }
  return {
    ours: (recordCount / oursMs) * 1000,
    baseline: (recordCount / baselineMs) * 1000,
    note: `${(bytes / recordCount).toFixed(0)} bytes a record, baseline ${(baselineBytes / recordCount).toFixed(0)}`,
  };
}

function templateLines(buffer: Buffer, lineCount: number, lineFirst: number): number {
  const writer = buffer as unknown as Latin1Writer;
  let position = 0;
  for (let i = lineFirst; i < lineFirst + lineCount; i++) {
    const line = `2 123456789012 eni-0b75ef2e991051311 10.0.${(i >>> 6) & 255}.${i & 255} 172.31.${(i >>> 3) & 255}.${i % 251} ${32768 + (i % 28232)} 443 6 ${4 + (i & 15)} ${320 + (i & 4095)} ${1767225614 + (i >>> 12)} ${1767225666 + (i >>> 12)} ACCEPT OK\n`;
    position += writer.latin1Write(line, position);
  }
  return position;
}
