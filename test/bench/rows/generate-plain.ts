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

/** CPU of this thread, which no neighbour takes from us; what slows the whole machine slows this too. */
const cpuNs: { readonly ours: number[]; readonly baseline: number[] } = { ours: [], baseline: [] };

function threadCpuNs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) * 1000;
}

/** Without the first round, which warms up. */
function median([first, ...rounds]: readonly number[]): string {
  const sorted = rounds.length === 0 ? [first!] : rounds.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1]!.toFixed(0);
}

function round(): Round {
  let [oursMs, oursCpuNs] = [0, 0];
  let [baselineMs, baselineCpuNs] = [0, 0];
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
    const [begin, beginCpu] = [performance.now(), threadCpuNs()];
    bytes += corpus.text(object).length;
    const [middle, middleCpu] = [performance.now(), threadCpuNs()];
    baselineBytes += templateLines(buffer, object.lineCount, object.lineFirst);
    oursMs += middle - begin;
    oursCpuNs += middleCpu - beginCpu;
    baselineMs += performance.now() - middle;
    baselineCpuNs += threadCpuNs() - middleCpu;
  }
  cpuNs.ours.push(oursCpuNs / recordCount);
  cpuNs.baseline.push(baselineCpuNs / recordCount);
  const size = `${(bytes / recordCount).toFixed(0)} bytes a record, baseline ${(baselineBytes / recordCount).toFixed(0)}`;
  return {
    ours: (recordCount / oursMs) * 1000,
    baseline: (recordCount / baselineMs) * 1000,
    note: `${size}; median CPU ${median(cpuNs.ours)} ns a record, baseline ${median(cpuNs.baseline)}`,
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
