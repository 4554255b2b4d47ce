// Time limits of one length on the rig's clock, for many things at once: one sleeper wakes for the earliest, since the first to be set is
// the first to be due. A jump of the clock passes those that it skips.

import type { Clock } from '../core/clock.ts';

interface Deadline {
  readonly dueMs: number;
  readonly onOver: () => void;
}

export class Deadlines {
  private readonly clock: Clock;
  private readonly limitMs: number;
  private readonly closing: AbortSignal;
  private readonly set = new Set<Deadline>();
  private isWatching = false;

  constructor(clock: Clock, limitMs: number, closing: AbortSignal) {
    this.clock = clock;
    this.limitMs = limitMs;
    this.closing = closing;
  }

  /** Calls `onOver` at the limit unless the returned function was called before. */
  start(onOver: () => void): () => void {
    const deadline = { dueMs: this.clock.nowMs() + this.limitMs, onOver };
    this.set.add(deadline);
    if (!this.isWatching) void this.watch();
    return () => void this.set.delete(deadline);
  }

  private async watch(): Promise<void> {
    this.isWatching = true;
    for (let [first] = this.set; first && !this.closing.aborted; [first] = this.set) {
      const leftMs = first.dueMs - this.clock.nowMs();
      if (leftMs > 0) await this.clock.sleep(leftMs, this.closing).catch(() => undefined);
      else if (this.set.delete(first)) first.onOver();
    }
    this.isWatching = false;
  }
}
