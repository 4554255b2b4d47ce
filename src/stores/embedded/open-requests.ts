// Which requests are open: what the harness asks before it lets the clock jump. A frozen or dead client never ends its
// request, so while it is the client's turn a request counts only until no byte of it has moved for a while.

import type { Clock } from '../../core/clock.ts';

/** Machine time after which a request whose client moves no byte counts no longer. */
const stillMs = 50;

/** One request from its headers to the end of its answer. */
export interface OpenRequest {
  /** Whose turn it is: the client's (to send or to read) or ours. Calling it says, too, that a byte moved just now. */
  turn(whose: 'client' | 'ours'): void;
  end(): void;
}

export interface OpenRequests {
  begin(): OpenRequest;
  /** Cheap and synchronous; looks at each request whose answer is not complete. */
  count(): number;
}

export function trackOpenRequests(clock: Clock): OpenRequests {
  const open: TrackedRequest[] = [];
  return {
    begin: () => new TrackedRequest(open, clock),
    count() {
      const nowMs = clock.machineNowMs();
      return open.filter((request) => request.counts(nowMs)).length;
    },
  };
}

/** A class, because each request has one; in an array, because a Set makes itself anew for every few that come and go. */
class TrackedRequest implements OpenRequest {
  readonly #open: TrackedRequest[];
  readonly #clock: Clock;
  /** Its place among the open ones. */
  #index: number;
  #isOurTurn = true;
  /** While it is the client's turn. */
  #movedMs = 0;

  constructor(open: TrackedRequest[], clock: Clock) {
    this.#open = open;
    this.#clock = clock;
    this.#index = open.push(this) - 1;
  }

  turn(whose: 'client' | 'ours'): void {
    this.#isOurTurn = whose === 'ours';
    if (!this.#isOurTurn) this.#movedMs = this.#clock.machineNowMs();
  }

  end(): void {
    if (this.#index === -1) return;
    const last = this.#open.pop()!;
    // The last one moves into its place.
    if (last !== this) {
      this.#open[this.#index] = last;
      last.#index = this.#index;
    }
    this.#index = -1;
  }

  counts(nowMs: number): boolean {
    return this.#isOurTurn || nowMs - this.#movedMs < stillMs;
  }
}
