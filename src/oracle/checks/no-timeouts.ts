// A forwarder gives up in time and hands back what it could not send: an invocation that runs into its limit is paid to its last
// second, and says nothing of what it was at.

import { formatCount } from '../../core/units.ts';
import { convict, plural } from '../explanation/evidence.ts';
import { plainCheck } from './check.ts';

const name = 'no-timeouts';

export const noTimeouts = plainCheck(
  name,
  'no invocation ran into its time limit',
  ({ invocations, corpus, bucket }) => {
    const late = invocations.filter((fact) => fact.status === 'timed-out');
    if (late.length === 0) return [];
    const witnesses = late.slice(0, 20).flatMap(({ objects, attempt, requestId }) =>
      objects.slice(0, 1).map((object) => ({
        bucket,
        key: corpus.objects[object]!.key,
        note: `attempt ${attempt}, request ${requestId}`,
      })),
    );
    const summary = `${formatCount(late.length)} of ${formatCount(invocations.length)} ${plural(invocations.length, 'invocation')} ran into the time limit`;
    return [convict({ id: 'invocation-timed-out', check: name, summary, witnesses })];
  },
);
