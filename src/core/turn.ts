// Turns of the event loop: long work is cut into pieces so that sockets are served in between.

/** Runs the action after the sockets that are ready now have been served. */
export function nextTurn(action: () => void): void {
  setImmediate(action);
}
