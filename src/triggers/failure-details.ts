// What an invocation's fact and its dead letter say of an outcome.

import type { InvocationOutcome } from '../core/model/invocation.ts';

export function detailsOf(outcome: InvocationOutcome): { errorType?: string; message?: string; lastOutput?: string } {
  if (outcome.status === 'succeeded') return {};
  const { message, lastOutput } = outcome;
  return {
    ...(outcome.status === 'failed' ? { errorType: outcome.errorType } : {}),
    message,
    ...(lastOutput === undefined ? {} : { lastOutput }),
  };
}
