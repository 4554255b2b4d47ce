// Requests whose body nobody could read: SigNoz refuses them, so they decide nothing; but whoever sends them wants to know.

import type { Delivery } from '../../core/model/delivery.ts';
import type { Finding } from '../../core/model/result.ts';
import { formatCount } from '../../core/units.ts';
import { plural } from './evidence.ts';
import { spread, witnessLimit } from './witnesses.ts';

export function undecodableRequests(deliveries: readonly Delivery[]): Finding[] {
  const unread = deliveries.filter(({ decodeError }) => decodeError !== undefined);
  const first = unread[0];
  if (!first) return [];
  const total = deliveries.length;
  const summary =
    `${formatCount(unread.length)} of ${formatCount(total)} ${plural(total, 'request')} had a body that could not be read, ` +
    `the first, request ${first.sequence}: ${first.decodeError}`;
  const witnesses = spread(unread, witnessLimit).map(({ sequence, decodeError }) => ({
    deliveries: [sequence],
    note: decodeError!,
  }));
  return [{ id: 'undecodable-requests', check: 'run', validity: 'pass', summary, witnesses }];
}
