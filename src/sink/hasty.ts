// Requests that came again before the time that their last answer asked to wait for.

import { parseHttpDateMs } from '../core/units.ts';

import type { Clock } from '../core/clock.ts';
import type { Delivery } from '../core/model/delivery.ts';

/** A client's timer may fire a moment early, and its clock read a moment late. */
const toleranceMs = 20;

/** Requests that are waited for; the oldest are forgotten. */
const limit = 100_000;

export class HastyRequests {
  private readonly clock: Clock;
  private readonly asked = new Map<string, { readonly toldMs: number; readonly untilMs: number }>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** The request was seen again at `atMs`. */
  seen(identity: string, atMs: number): Delivery['hasty'] {
    const asked = this.asked.get(identity);
    this.asked.delete(identity);
    return asked && atMs < asked.untilMs - toleranceMs ? asked : undefined;
  }

  /** It did not read what it was told. */
  untold(identity: string): void {
    this.asked.delete(identity);
  }

  /** It was answered with this Retry-After: seconds or a date, which is the machine's (RFC 9110, section 10.2.3). */
  told(identity: string, retryAfter: string): void {
    const toldMs = this.clock.nowMs();
    const waitMs = /^\d+$/.test(retryAfter)
      ? Number(retryAfter) * 1000
      : (parseHttpDateMs(retryAfter) ?? 0) - this.clock.machineNowMs();
    if (!(waitMs > 0)) return;
    if (this.asked.size >= limit) this.asked.delete(this.asked.keys().next().value!);
    this.asked.set(identity, { toldMs, untilMs: toldMs + waitMs });
  }
}
