// Connections that a fault closes when they were idle for so long. A jump of the clock closes them before anybody can find them
// alive behind it, as the time that was jumped over would have.

import type { Clock } from '../core/clock.ts';

export class IdleConnections {
  private readonly clock: Clock;
  private readonly closing: AbortSignal;
  private readonly limited = new Set<{ readonly dueMs: number; readonly close: () => void }>();

  constructor(clock: Clock, closing: AbortSignal) {
    this.clock = clock;
    this.closing = closing;
  }

  /** Calls `close` after so much time. */
  limit(afterMs: number, close: () => void): void {
    const entry = { dueMs: this.clock.nowMs() + afterMs, close };
    this.limited.add(entry);
    const slept = this.clock.sleep(afterMs, this.closing);
    slept.then(
      () => this.close(entry),
      () => this.limited.delete(entry),
    );
  }

  /** The clock is about to jump by so much. */
  beforeJump(jumpMs: number): void {
    const untilMs = this.clock.nowMs() + jumpMs;
    for (const entry of this.limited) if (entry.dueMs <= untilMs) this.close(entry);
  }

  private close(entry: { readonly dueMs: number; readonly close: () => void }): void {
    if (this.limited.delete(entry)) entry.close();
  }
}
