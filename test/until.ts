// Waiting in tests for what comes by itself; the limit of the test ends a wait for what never comes.

/** Looks again at each turn of the event loop. */
export async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await new Promise((resolve) => setImmediate(resolve));
}
