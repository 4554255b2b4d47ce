// What the forwarder takes from its process: time, chance and a place for log lines. Only index.ts makes the real one, so that
// every wait and every draw can be decided by a test.

export interface Surroundings {
  /** Unix time in ms. */
  nowMs(): number;
  /** Unix ms of an ISO 8601 time or an HTTP date, or NaN. */
  parseTimeMs(text: string): number;
  /** In [0, 1). */
  random(): number;
  /** Calls back once after the delay, unless the returned function was called before. */
  after(delayMs: number, callback: () => void): () => void;
  /** One line of the function's log. Never given the contents of a record. */
  log(line: string): void;
}

/** An abort ends it early, without an error: whoever waits looks at the signal anyway. */
export function sleep(surroundings: Surroundings, durationMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      cancel();
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const cancel = surroundings.after(durationMs, end);
    signal?.addEventListener('abort', end, { once: true });
  });
}

/**
 * Full jitter: between 0 and `firstMs` doubled with each failed try, at most `capMs`. Many sandboxes that failed together
 * must not come back together (AWS Architecture Blog, "Exponential Backoff And Jitter").
 */
export function backoffMs(
  surroundings: Surroundings,
  failedTries: number,
  limits: { firstMs: number; capMs: number },
): number {
  return surroundings.random() * Math.min(limits.capMs, limits.firstMs * 2 ** (failedTries - 1));
}
