// A handler in the rig's own process: for the library and the bench. Nothing limits it, freezes it or measures it.

import type { Clock } from '../core/clock.ts';
import type { InvocationOutcome } from '../core/model/invocation.ts';
import type { Target } from '../core/model/trigger.ts';

export interface InProcessTargetOptions {
  readonly handler: (event: unknown) => Promise<unknown>;
  readonly concurrency: number;
  readonly clock: Clock;
}

/** An abort ends the waiting for a handler; the handler itself nobody can stop. */
export function openInProcessTarget({ handler, concurrency, clock }: InProcessTargetOptions): Target {
  let running = 0;
  let isFirst = true;
  return {
    kind: 'in-process',
    drive: 'invoked',
    concurrency,
    async invoke({ payload, fault }, signal) {
      const startedMs = clock.nowMs();
      const cold = isFirst;
      isFirst = false;
      running++;
      const ended = new AbortController();
      const either = [outcomeOf(handler, payload), interruption(signal, ended.signal)];
      const killAfterMs = fault?.killAfterMs;
      if (killAfterMs !== undefined && killAfterMs < Infinity) {
        either.push(clock.machineSleep(killAfterMs, ended.signal).then(() => killed));
      }
      const answered = await Promise.race(either);
      // Nobody can stop the handler: only what it answers is lost.
      const outcome = killAfterMs === undefined || signal.aborted ? answered : killed;
      ended.abort();
      running--;
      return { outcome, startedMs, endedMs: clock.nowMs(), cold };
    },
    runningCount: () => running,
    resources: () => undefined,
    async [Symbol.asyncDispose]() {},
  };
}

const killed: InvocationOutcome = {
  status: 'failed',
  errorType: 'Runtime.ExitError',
  message: 'Runtime exited with error: signal: killed',
};

async function outcomeOf(handler: InProcessTargetOptions['handler'], event: unknown): Promise<InvocationOutcome> {
  try {
    return { status: 'succeeded', payload: await handler(event) };
  } catch (error) {
    const { name: errorType, message } = error instanceof Error ? error : new Error(String(error));
    return { status: 'failed', errorType, message };
  }
}

/** Resolves when the run is interrupted; forgets about it once `ended` says so. */
function interruption(signal: AbortSignal, ended: AbortSignal): Promise<InvocationOutcome> {
  const outcome = { status: 'failed', errorType: 'Interrupted', message: 'The run was interrupted.' } as const;
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(outcome);
    signal.addEventListener('abort', () => resolve(outcome), { once: true, signal: ended });
  });
}
