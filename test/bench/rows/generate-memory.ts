// Peak memory of `flowrig generate` where there are most objects, 140 lines each, gzipped and as plain text: 5 M records, or 50 M with --full.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Round, Row } from '../row.ts';

const program = join(import.meta.dirname, '../../../src/cli/flowrig.js');
const everyMs = 200;

/** In MB. Linux keeps the high-water mark as long as the process lives (proc(5)). */
async function peakOf(records: string, ...more: readonly string[]): Promise<number> {
  const options = ['generate', '--preset', 'guide', '--records', records, '--out', '-', ...more];
  const child = spawn(process.execPath, [program, ...options], { stdio: ['ignore', 'pipe', 'ignore'] });
  child.stdout.resume();
  let peak = 0;
  const look = (): void => {
    try {
      const match = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'));
      if (match) peak = (Number(match[1]) * 1024) / 1e6;
    } catch {
      // It has ended.
    }
  };
  const timer = setInterval(look, everyMs);
  await once(child, 'exit');
  clearInterval(timer);
  return peak;
}

async function run(size: 'usual' | 'full'): Promise<Round | string> {
  if (process.platform !== 'linux') return 'only Linux tells the peak of another process';
  const records = size === 'full' ? '50M' : '5M';
  return { ours: await peakOf(records), baseline: await peakOf(records, '--plain'), note: `${records} records` };
}

export const row: Row = {
  name: 'generate-memory',
  unit: 'MB resident',
  baseline: 'plain text',
  goal: { atMost: 250 },
  rounds: 1,
  run,
};
