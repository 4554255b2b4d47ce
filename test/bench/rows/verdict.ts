// From the last delivery to the verdict, with every difference found: of records with 2,000 lost, 500 doubled and 100 altered in each 10
// million, and of records that all came twice. Beside it a Map of strings with a count for each, which only counts what differs. And
// the memory that the ledger takes beyond what the corpus and the process take: at 1 million records, with `--full` at 10 and 50.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import type { Round, Row } from '../row.ts';
import type { Judged } from '../verdict-child.ts';

type Situation = 'planted' | 'doubled';

const usualRecords = 1_000_000;
const fullRecords = 10_000_000;
const memoryRecords = 50_000_000;
/** A Map of more strings than these takes more memory than a machine may have. */
const mapRecords = 2_000_000;

async function judge(kind: 'ledger' | 'map' | 'none', situation: Situation, records: number): Promise<Judged> {
  const folder = await mkdtemp(join(tmpdir(), 'flowrig-bench-'));
  try {
    const args = [join(import.meta.dirname, '../verdict-child.ts'), kind, situation, String(records), folder];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [said] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    return JSON.parse(said) as Judged;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The counts must be right to the last record, or the speed is worth nothing. */
function requireExact({ tally }: Judged, situation: Situation, records: number): void {
  const every = (stride: number, first: number): number => Math.ceil((records - first) / stride);
  const isPlanted = situation === 'planted';
  const wanted = {
    missing: isPlanted ? every(5000, 7) : 0,
    altered: isPlanted ? every(100_000, 29) : 0,
    copies: isPlanted ? every(20_000, 13) : records,
    unexpected: 0,
  };
  const { missing, altered, unexpected, duplicated } = tally!;
  const found = { missing, altered, copies: duplicated.afterAcknowledgement, unexpected };
  if (JSON.stringify(found) !== JSON.stringify(wanted)) {
    throw new Error(`found ${JSON.stringify(found)}, planted ${JSON.stringify(wanted)}`);
  }
}

function seconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(1)} s`;
}

function verdictRow(situation: Situation): Row {
  return {
    name: `verdict-${situation}`,
    unit: 'records/s from the last delivery to the verdict',
    baseline: 'a Map of strings, each line of the corpus looked up',
    goal: { ours: 1e6 },
    rounds: 1,
    async run(size): Promise<Round> {
      const records = size === 'full' ? fullRecords : usualRecords;
      const ours = await judge('ledger', situation, records);
      requireExact(ours, situation, records);
      const counted = Math.min(records, mapRecords);
      const map = await judge('map', situation, counted);
      return {
        ours: (records / ours.verdictMs) * 1000,
        baseline: (counted / map.verdictMs) * 1000,
        note:
          `${records / 1e6} M records in ${seconds(ours.verdictMs)}, ${seconds(ours.verdictCpuMs)} of CPU, ${(ours.rssPeakBytes / 1e6).toFixed(0)} MB; ` +
          `the Map ${counted / 1e6} M in ${(map.rssPeakBytes / 1e6).toFixed(0)} MB`,
      };
    },
  };
}

const memory: Row = {
  name: 'ledger-memory',
  unit: 'MB of peak RSS for booking and judging',
  baseline: 'the same process and corpus without a ledger',
  goal: { atMost: 64 },
  rounds: 1,
  async run(size) {
    const records = size === 'full' ? memoryRecords : usualRecords;
    const ours = await judge('ledger', 'planted', records);
    requireExact(ours, 'planted', records);
    const none = await judge('none', 'planted', records);
    return {
      ours: (ours.rssPeakBytes - none.rssPeakBytes) / 1e6,
      baseline: none.rssPeakBytes / 1e6,
      note: `${records / 1e6} M records; ${(ours.rssPeakBytes / 1e6).toFixed(0)} MB in all`,
    };
  },
};

export const verdictRows: readonly Row[] = [verdictRow('planted'), verdictRow('doubled'), memory];
