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

export interface DrainTimes {
  /** Machine time in which nothing moves. */
  readonly limitMs: number;
  /** How long a target that polls must have done nothing; 0 for one that is invoked. */
  readonly quietMs: number;
}

/** Resolves with how the run ended. Rejects with the signal's reason. */
export async function drain(
  clock: Clock,
  stillness: Stillness,
  { limitMs, quietMs }: DrainTimes,
  signal: AbortSignal,
): Promise<'complete' | 'drain-limit'> {
  let movement = NaN;
  let movedMs = clock.machineNowMs();
  let isIdle = false;
  for (;;) {
    const wasIdle: boolean = isIdle;
    isIdle = stillness.pendingCount() === 0 && (await stillness.openRequests()) === 0 && stillness.pendingCount() === 0;
    const now = clock.machineNowMs();
    const hasMoved = movement !== stillness.movement();
    // The quiet begins when the last request is over, not with the last byte that moved.
    if (hasMoved || stillness.isWaitingOnPurpose() || isIdle !== wasIdle) {
      [movement, movedMs] = [stillness.movement(), now];
    }
    if (isIdle && (quietMs === 0 || now - movedMs >= quietMs)) return 'complete';
    if (!isIdle && now - movedMs > limitMs) return 'drain-limit';
    await clock.machineSleep(lookEveryMs, signal);
  }
}
