// A test message, a request to confirm a subscription, a deletion: an event that brings no new lines has no reason to fail, for it
// would come again and again, and take others of its batch with it.

import type { InvocationFact } from '../../core/model/invocation.ts';
import { formatCount } from '../../core/units.ts';
import { convict, plural } from '../explanation/evidence.ts';
import { plainCheck } from './check.ts';

const name = 'other-events-accepted';

export const otherEventsAccepted = plainCheck(name, 'an event that announces no object succeeds', (evidence) => {
  const failed = new Map<string, InvocationFact>();
  for (const fact of evidence.invocations) {
    if (fact.objects.length > 0) continue;
    if (fact.status === 'succeeded') failed.delete(fact.requestId);
    else failed.set(fact.requestId, fact);
  }
  if (failed.size === 0) return [];
  const summary = `${formatCount(failed.size)} ${plural(failed.size, 'event')} without a new object made every invocation fail`;
  const witnesses = [...failed.values()].slice(0, 20).map(({ message }) => ({ note: message ?? 'no message' }));
  return [convict({ id: 'other-event-refused', check: name, summary, witnesses })];
});
