// What an invocation's fact and its dead letter say of an outcome.

import type { InvocationFact, InvocationOutcome } from '../core/model/invocation.ts';
import type { InvocationResult } from '../core/model/trigger.ts';

export function detailsOf(outcome: InvocationOutcome): { errorType?: string; message?: string; lastOutput?: string } {
  if (outcome.status === 'succeeded') return {};
  const { message, lastOutput } = outcome;
  return {
    ...(outcome.status === 'failed' ? { errorType: outcome.errorType } : {}),
    message,
    ...(lastOutput === undefined ? {} : { lastOutput }),
  };
}

/** How an invocation ended, as its fact tells it. */
export function endOf({
  outcome,
  startedMs,
  endedMs,
  cold,
  usage,
}: InvocationResult): Omit<InvocationFact, 'type' | 'requestId' | 'objects' | 'attempt' | 'eventDelivery'> {
  return {
    startedMs,
    endedMs,
    status: outcome.status,
    cold,
    ...(usage === undefined ? {} : { usage }),
    ...detailsOf(outcome),
  };
}
