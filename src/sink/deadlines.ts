// Time limits of one length on the rig's clock, for many things at once: one sleeper wakes for the earliest, since the first to be set is
// the first to be due. A jump of the clock passes those that it skips.

import type { Clock } from '../core/clock.ts';

/** A time limit of its own for each `onOver`: what is set again begins anew. */
export interface Deadline {
  dueMs: number;
  readonly onOver: () => void;
}

export class Deadlines {
  private readonly clock: Clock;
  private readonly limitMs: number;
  private readonly closing: AbortSignal;
  private readonly pending = new Set<Deadline>();
  private isWatching = false;

  constructor(clock: Clock, limitMs: number, closing: AbortSignal) {
    this.clock = clock;
    this.limitMs = limitMs;
    this.closing = closing;
  }

  /** Calls `onOver` at the limit unless it is cleared before. */
  start(onOver: () => void): Deadline {
    const deadline = { dueMs: 0, onOver };
    this.set(deadline);
    return deadline;
  }

  /** Lets the time of a deadline begin now. */
  set(deadline: Deadline): void {
    this.pending.delete(deadline);
    deadline.dueMs = this.clock.nowMs() + this.limitMs;
    this.pending.add(deadline);
    if (!this.isWatching) void this.watch();
  }

  clear(deadline: Deadline): void {
    this.pending.delete(deadline);
  }

  private async watch(): Promise<void> {
    this.isWatching = true;
    for (let [first] = this.pending; first && !this.closing.aborted; [first] = this.pending) {
      const leftMs = first.dueMs - this.clock.nowMs();
      if (leftMs > 0) await this.clock.sleep(leftMs, this.closing).catch(() => undefined);
      else if (this.pending.delete(first)) first.onOver();
    }
    this.isWatching = false;
  }
}
