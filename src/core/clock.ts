// The rig's one clock: the machine's monotonic time plus what was skipped. Nothing is ever scaled. Threads share what was
// skipped through a few bytes of shared memory, so a stamp taken on one thread compares with a stamp taken on another.

import { setTimeout as wait } from 'node:timers/promises';

export interface Clock {
  /** Unix time in ms (with fractions) on the rig's clock; never goes back. Every measurement uses it. */
  nowMs(): number;
  /** Unix time in ms on the machine's clock: what a target reads. */
  machineNowMs(): number;
  /** How much was skipped since the clock began, in ms. */
  skippedMs(): number;
  /** Waits on the rig's clock; a skip ends it early. Rejects with the signal's reason when aborted. */
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>;
  /** Waits in machine time; no skip shortens it. */
  machineSleep(durationMs: number, signal?: AbortSignal): Promise<void>;
}

/** What a thread needs to open the same clock: plain data, fit for `workerData`. */
export interface ClockOrigin {
  readonly unixMs: number;
  readonly monotonicNs: bigint;
  /** One Float64: milliseconds skipped so far. */
  readonly skipped: SharedArrayBuffer;
}

/** The clock of one thread. Only the conductor skips; other threads call `wake` when they are told of a skip. */
export interface SkippableClock extends Clock {
  readonly origin: ClockOrigin;
  /** When the earliest sleeper is due, or undefined. */
  nextDueMs(): number | undefined;
  /** Jumps forward to `dueMs` and wakes whoever is due. Going back is a bug. */
  skipTo(dueMs: number): void;
  /** Wakes whoever is due now: called after another thread has skipped. */
  wake(): void;
}

interface Sleeper {
  readonly dueMs: number;
  /** Sets the machine's timer for what is left. */
  readonly arm: () => void;
}

export function newClockOrigin(): ClockOrigin {
  return { unixMs: Date.now(), monotonicNs: process.hrtime.bigint(), skipped: new SharedArrayBuffer(8) };
}

export function openClock(origin: ClockOrigin = newClockOrigin()): SkippableClock {
  const skipped = new Float64Array(origin.skipped);
  const sleepers = new Set<Sleeper>();
  const machineNowMs = (): number => origin.unixMs + Number(process.hrtime.bigint() - origin.monotonicNs) / 1e6;
  const nowMs = (): number => machineNowMs() + skipped[0]!;

  /** After a skip every timer is set anew: the machine's timers know nothing of skipped time. */
  function wake(): void {
    for (const sleeper of sleepers) sleeper.arm();
  }

  function sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    const dueMs = nowMs() + durationMs;
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const sleeper: Sleeper = {
        dueMs,
        arm() {
          clearTimeout(timer);
          timer = setTimeout(() => settle(resolve), Math.max(0, dueMs - nowMs()));
        },
      };
      const onAbort = (): void => settle(() => reject(signal!.reason as Error));
      function settle(done: () => void): void {
        clearTimeout(timer);
        sleepers.delete(sleeper);
        signal?.removeEventListener('abort', onAbort);
        done();
      }
      sleepers.add(sleeper);
      signal?.addEventListener('abort', onAbort, { once: true });
      sleeper.arm();
    });
  }

  return {
    origin,
    nowMs,
    machineNowMs,
    skippedMs: () => skipped[0]!,
    sleep,
    machineSleep: (durationMs, signal) => wait(Math.max(0, durationMs), undefined, signal ? { signal } : {}),
    nextDueMs: () => (sleepers.size === 0 ? undefined : Math.min(...[...sleepers].map((sleeper) => sleeper.dueMs))),
    skipTo(dueMs) {
      const ahead = dueMs - nowMs();
      if (ahead > 0) skipped[0]! += ahead;
      wake();
    },
    wake,
  };
}
