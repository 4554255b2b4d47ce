// Requests that are not answered yet, as the conductor of the clock must see them: whether something is going on that forbids a
// jump, and when the next answer that a fault holds back is due.

import type { Clock } from '../core/clock.ts';

/** A request of a frozen or dead client counts only until no byte of it has moved for this long. */
const stillMs = 50;

export class OpenRequests {
  private readonly clock: Clock;
  private readonly requests = new Set<OpenRequest>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  open(): OpenRequest {
    const request = new OpenRequest(this.clock, this.requests);
    this.requests.add(request);
    return request;
  }

  count(): number {
    const nowMs = this.clock.machineNowMs();
    let count = 0;
    for (const { state, atMs } of this.requests) {
      if (state === 'working' || (state === 'reading' && nowMs - atMs < stillMs)) count++;
    }
    return count;
  }

  nextDueMs(): number | undefined {
    let earliest: number | undefined;
    for (const { state, atMs } of this.requests) {
      if (state === 'held' && atMs < (earliest ?? Infinity)) earliest = atMs;
    }
    return earliest;
  }
}

export class OpenRequest {
  state: 'reading' | 'working' | 'held' = 'reading';
  /** When a byte of it came last, in machine time; of one that is held when its answer is due, on the rig's clock. */
  atMs: number;
  readonly #clock: Clock;
  readonly #open: Set<OpenRequest>;

  /** `open` is left when it is closed: a client that is gone stays gone, whatever the sink still does with its request. */
  constructor(clock: Clock, open: Set<OpenRequest>) {
    this.#clock = clock;
    this.#open = open;
    this.atMs = clock.machineNowMs();
  }

  /** A byte of it came. */
  moved(): void {
    this.state = 'reading';
    this.atMs = this.#clock.machineNowMs();
  }

  /** The sink is at work on it. */
  working(): void {
    this.state = 'working';
  }

  /** Its answer is held back until `dueMs` of the rig's clock. */
  held(dueMs: number): void {
    this.state = 'held';
    this.atMs = dueMs;
  }

  closed(): void {
    this.#open.delete(this);
  }
}
