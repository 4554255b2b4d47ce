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
  const open = new Set<TrackedRequest>();
  return {
    begin() {
      const request = new TrackedRequest(open, clock);
      open.add(request);
      return request;
    },
    count() {
      const nowMs = clock.machineNowMs();
      let count = 0;
      for (const request of open) if (request.counts(nowMs)) count += 1;
      return count;
    },
  };
}

/** A class, because each request has one. */
class TrackedRequest implements OpenRequest {
  readonly #open: Set<TrackedRequest>;
  readonly #clock: Clock;
  #isOurTurn = true;
  /** While it is the client's turn. */
  #movedMs = 0;

  constructor(open: Set<TrackedRequest>, clock: Clock) {
    this.#open = open;
    this.#clock = clock;
  }

  turn(whose: 'client' | 'ours'): void {
    this.#isOurTurn = whose === 'ours';
    if (!this.#isOurTurn) this.#movedMs = this.#clock.machineNowMs();
  }

  end(): void {
    this.#open.delete(this);
  }

  counts(nowMs: number): boolean {
    return this.#isOurTurn || nowMs - this.#movedMs < stillMs;
  }
}
