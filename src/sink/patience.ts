// How long the sink waits for the next piece of a body.

import type { Deadline, Deadlines } from './deadlines.ts';

export class Patience {
  readonly #deadlines: Deadlines;
  readonly #deadline: Deadline;
  #isOver = false;

  /** Calls `onOver` when a piece takes too long. */
  constructor(deadlines: Deadlines, onOver: () => void) {
    this.#deadlines = deadlines;
    this.#deadline = deadlines.start(onOver);
  }

  /** A piece came; until `held` resolves it is the sink itself that holds the reading up. */
  moved(held: Promise<unknown> | undefined): void {
    if (!held) return this.#deadlines.set(this.#deadline);
    this.#deadlines.clear(this.#deadline);
    void held.then(
      () => !this.#isOver && this.#deadlines.set(this.#deadline),
      () => undefined,
    );
  }

  /** No piece is waited for any more. */
  over(): void {
    this.#isOver = true;
    this.#deadlines.clear(this.#deadline);
  }
}
