// What a run shows while it goes on, on stderr: one repainted line on a terminal, a plain line for each phase elsewhere.

import type { Host } from '../core/host.ts';
import { formatCount, formatMs } from '../core/units.ts';
import type { Progress } from '../run/harness.ts';

export interface ProgressView {
  show(progress: Progress): void;
  end(): void;
}

const barWidth = 24;

/** How often a plain line comes within one phase. */
const plainEveryMs = 10_000;

export async function openProgress(host: Host, name: string, isQuiet: boolean): Promise<ProgressView> {
  if (isQuiet) return { show: () => undefined, end: () => undefined };
  if (host.isTerminal) {
    const { logUpdateStderr } = await import('log-update');
    return { show: (progress) => logUpdateStderr(renderLine(name, progress)), end: () => logUpdateStderr.clear() };
  }
  let phase = '';
  let toldMs = 0;
  return {
    show(progress) {
      if (progress.phase === phase && progress.elapsedMs - toldMs < plainEveryMs) return;
      [phase, toldMs] = [progress.phase, progress.elapsedMs];
      host.write('stderr', `${renderLine(name, progress)}\n`);
    },
    end: () => undefined,
  };
}

/** Pure, so that a test can read it: bar, counts, rate, time left. */
export function renderLine(name: string, progress: Progress): string {
  const { arrived, different, doubled, lines, elapsedMs, phase } = progress;
  const share = lines === 0 ? 1 : Math.min(1, different / lines);
  const filled = Math.round(share * barWidth);
  const ratePerS = elapsedMs > 0 ? (arrived / elapsedMs) * 1000 : 0;
  const leftMs = ratePerS > 0 ? ((lines - different) / ratePerS) * 1000 : NaN;
  const left = Number.isFinite(leftMs) && leftMs > 0 && phase !== 'judge' ? `, ${formatMs(leftMs)} left` : '';
  const again = doubled > 0 ? ` (about ${formatCount(doubled)} twice)` : '';
  const bar = `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)}`;
  return `${name}  ${phase}  ${bar} ${formatCount(arrived)} arrived${again} of ${formatCount(lines)} records, ${formatCount(ratePerS)}/s${left}`;
}
