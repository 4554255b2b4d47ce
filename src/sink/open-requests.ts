// Requests that are not answered yet, as the conductor of the clock must see them: whether something is going on that forbids a
// jump, and when the next answer that a fault holds back is due.

import type { Clock } from '../core/clock.ts';

/** A request of a frozen or dead client counts only until no byte of it has moved for this long. */
const stillMs = 50;

export interface OpenRequest {
  /** A byte of it came. */
  moved(): void;
  /** The sink is at work on it. */
  working(): void;
  /** Its answer is held back until `dueMs` of the rig's clock. */
  held(dueMs: number): void;
  closed(): void;
}

type State =
  | { readonly is: 'reading'; readonly movedMs: number }
  | { readonly is: 'working' }
  | { readonly is: 'held'; readonly dueMs: number };

export class OpenRequests {
  private readonly clock: Clock;
  private readonly states = new Map<symbol, State>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  open(): OpenRequest {
    const id = Symbol('request');
    const reading = (): State => ({ is: 'reading', movedMs: this.clock.machineNowMs() });
    this.states.set(id, reading());
    // A client that is gone stays gone, whatever the sink still does with its request.
    const enter = (state: State): void => void (this.states.has(id) && this.states.set(id, state));
    return {
      moved: () => enter(reading()),
      working: () => enter({ is: 'working' }),
      held: (dueMs) => enter({ is: 'held', dueMs }),
      closed: () => void this.states.delete(id),
    };
  }

  count(): number {
    const nowMs = this.clock.machineNowMs();
    let count = 0;
    for (const state of this.states.values()) {
      if (state.is === 'working' || (state.is === 'reading' && nowMs - state.movedMs < stillMs)) count++;
    }
    return count;
  }

  nextDueMs(): number | undefined {
    let earliest: number | undefined;
    for (const state of this.states.values()) {
      if (state.is === 'held' && state.dueMs < (earliest ?? Infinity)) earliest = state.dueMs;
    }
    return earliest;
  }
}
