// Turns of the event loop: long work is cut into pieces so that sockets are served in between.

/** Runs the action after the sockets that are ready now have been served. */
export function nextTurn(action: () => void): void {
  setImmediate(action);
}

/** Resolves when the sockets have been served so many times. */
export async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise<void>((resolve) => nextTurn(resolve));
}
