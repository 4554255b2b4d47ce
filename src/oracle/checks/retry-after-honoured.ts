// A forwarder waits as long as SigNoz asked it to. Where the invocation ended in between, Lambda's own retry is no fault of its.

import type { Delivery } from '../../core/model/delivery.ts';
import { formatCount, formatMs } from '../../core/units.ts';
import { convict, plural, type Evidence } from '../explanation/evidence.ts';
import { plainCheck } from './check.ts';

const name = 'retry-after-honoured';

export const retryAfterHonoured = plainCheck(
  name,
  'nothing is sent again before the time that Retry-After named is over',
  (evidence) => {
    const hasty = evidence.deliveries.filter((delivery) => delivery.hasty && !isRetryOfLambda(delivery, evidence));
    const first = hasty[0];
    if (!first) return [];
    const summary =
      `${formatCount(hasty.length)} ${plural(hasty.length, 'request')} came again before the time that Retry-After named, ` +
      `the first ${formatMs(first.hasty!.untilMs - first.receivedMs)} too early (request ${first.sequence})`;
    const witnesses = hasty.slice(0, 20).map(({ sequence, receivedMs, hasty: asked }) => ({
      deliveries: [sequence],
      note: `asked to wait for ${formatMs(asked!.untilMs - asked!.toldMs)}, came after ${formatMs(receivedMs - asked!.toldMs)}`,
    }));
    return [convict({ id: 'retry-after-ignored', check: name, summary, witnesses })];
  },
);

function isRetryOfLambda({ hasty, receivedMs }: Delivery, { invocations }: Evidence): boolean {
  return invocations.some(
    ({ attempt, eventDelivery, startedMs }) =>
      (attempt > 1 || eventDelivery > 1) && startedMs >= hasty!.toldMs && startedMs <= receivedMs,
  );
}
