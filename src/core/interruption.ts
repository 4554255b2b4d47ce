// Ctrl-C, as each command takes it: the first one asks for an end, the second one ends the process.

import { exitCodes } from './errors.ts';
import { exitProcess, type Host } from './host.ts';

export interface Interruption extends Disposable {
  /** Aborted at the first Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
}

/** Listens until disposed. `onFirst` tells the user, or ends what takes no signal. */
export function awaitInterruption(host: Host, onFirst?: () => void): Interruption {
  const interruption = new AbortController();
  const listening = host.onInterrupt(() => {
    if (interruption.signal.aborted) exitProcess(exitCodes.interrupted);
    onFirst?.();
    interruption.abort(new Error('interrupted'));
  });
  return { signal: interruption.signal, [Symbol.dispose]: () => listening[Symbol.dispose]() };
}
