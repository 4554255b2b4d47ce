// How far generating has come, on stderr: one repainted line on a terminal, a plain line every ten seconds elsewhere.

import type { Host } from '../../core/host.ts';
import { formatBytes, formatCount, formatMs } from '../../core/units.ts';

interface Written {
  readonly records: number;
  readonly sizeBytes: number;
  readonly elapsedMs: number;
}

export interface GenerateProgress {
  show(written: Written): void;
  end(): void;
}

const repaintEveryMs = 100;
const plainEveryMs = 10_000;

export async function openGenerateProgress(host: Host, records: number): Promise<GenerateProgress> {
  const everyMs = host.isTerminal ? repaintEveryMs : plainEveryMs;
  const terminal = host.isTerminal ? (await import('log-update')).logUpdateStderr : undefined;
  let toldMs = 0;
  return {
    show(written) {
      if (written.elapsedMs - toldMs < everyMs) return;
      toldMs = written.elapsedMs;
      const line = renderProgress(records, written);
      if (terminal) terminal(line);
      else host.write('stderr', `${line}\n`);
    },
    end: () => terminal?.clear(),
  };
}

/** Pure, so that a test can read it: counts, rate, time left. */
export function renderProgress(records: number, written: Written): string {
  const ratePerS = written.elapsedMs > 0 ? (written.records / written.elapsedMs) * 1000 : 0;
  const leftMs = ratePerS > 0 ? ((records - written.records) / ratePerS) * 1000 : 0;
  const left = leftMs > 0 ? `, ${formatMs(leftMs)} left` : '';
  return (
    `generate  ${formatCount(written.records)} of ${formatCount(records)} records, ${formatBytes(written.sizeBytes)}, ` +
    `${formatCount(Math.round(ratePerS))}/s${left}`
  );
}
