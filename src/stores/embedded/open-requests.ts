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
  const open = new Set<{ whose: 'client' | 'ours'; movedMs: number }>();
  return {
    begin() {
      const request = { whose: 'ours' as 'client' | 'ours', movedMs: clock.machineNowMs() };
      open.add(request);
      return {
        turn(whose) {
          request.whose = whose;
          request.movedMs = clock.machineNowMs();
        },
        end: () => void open.delete(request),
      };
    },
    count() {
      const now = clock.machineNowMs();
      let count = 0;
      for (const request of open) if (request.whose === 'ours' || now - request.movedMs < stillMs) count += 1;
      return count;
    },
  };
}
