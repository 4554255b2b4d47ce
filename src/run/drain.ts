// When a run is over: no invocation running, the trigger holds nothing, no request open. At the limit of machine time in which
// nothing moves it ends too, and then proves nothing.

import type { Clock } from '../core/clock.ts';

export interface Stillness {
  /** Events queued, running, or waiting for a retry. */
  pendingCount(): number;
  /** True while an invocation runs or a scheduled retry is awaited: the limit stands still. */
  isWaitingOnPurpose(): boolean;
  openRequests(): Promise<number>;
  /** Any number that changes when something moves. */
  movement(): number;
}

const lookEveryMs = 5;

/** Resolves with how the run ended. Rejects with the signal's reason. */
export async function drain(
  clock: Clock,
  stillness: Stillness,
  limitMs: number,
  signal: AbortSignal,
): Promise<'complete' | 'drain-limit'> {
  let movement = NaN;
  let movedMs = clock.machineNowMs();
  for (;;) {
    if (stillness.pendingCount() === 0 && (await stillness.openRequests()) === 0 && stillness.pendingCount() === 0) {
      return 'complete';
    }
    const now = clock.machineNowMs();
    if (movement !== stillness.movement() || stillness.isWaitingOnPurpose()) {
      [movement, movedMs] = [stillness.movement(), now];
    } else if (now - movedMs > limitMs) {
      return 'drain-limit';
    }
    await clock.machineSleep(lookEveryMs, signal);
  }
}
