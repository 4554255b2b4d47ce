// Lets the clock jump while nobody can observe it: every sandbox frozen or dead, no request open, nothing to write. Time itself
// runs at 1x whenever the target runs.

import type { SkippableClock } from '../core/clock.ts';

export interface Idleness {
  /** True while the target, a client or the rig itself is at work. Cheap: asked often. */
  isBusy(): boolean;
  /** What the sink's thread knows: open requests, and when its next held-back answer is due. */
  sinkState(): Promise<{ readonly openRequests: number; readonly nextDueMs?: number }>;
  /** Closes, before a jump by so much, the connections whose idle limit it passes: nobody finds them alive after it. */
  closeIdleConnections(jumpMs: number): Promise<void>;
  /** Tells other threads of a jump. */
  onSkip(): Promise<void>;
}

/** How often idleness is looked at, in ms of machine time. A jump of an hour costs one or two looks. */
const lookEveryMs = 10;

/** Runs until the signal ends it. Never rejects for the signal. */
export async function skipIdleTime(clock: SkippableClock, idleness: Idleness, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await clock.machineSleep(lookEveryMs, signal).catch(() => undefined);
    if (signal.aborted || idleness.isBusy()) continue;
    const sink = await idleness.sinkState();
    if (sink.openRequests > 0 || idleness.isBusy()) continue;
    const due = Math.min(clock.nextDueMs() ?? Infinity, sink.nextDueMs ?? Infinity);
    if (due === Infinity || due <= clock.nowMs()) continue;
    await idleness.closeIdleConnections(due - clock.nowMs());
    clock.skipTo(due);
    await idleness.onSkip();
  }
}
