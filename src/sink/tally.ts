// What the sink counted over a run: the `sink` part of a result.

import type { Delivery } from '../core/model/delivery.ts';
import type { SinkCounts } from '../core/model/result.ts';

export interface DeliveryTally {
  add(delivery: Delivery): void;
  /** A delivery that was added is told otherwise now. */
  amend(this: void, before: Delivery, now: Delivery): void;
  counts(): SinkCounts;
}

export function newDeliveryTally(): DeliveryTally {
  const byAcknowledgement = { acknowledged: 0, refused: 0, 'reply-lost': 0 };
  const statusCounts = new Map<string, number>();
  let bytesReceived = 0;
  const count = ({ acknowledgement, statusCode, sizeBytes, falsified }: Delivery, by: 1 | -1): void => {
    byAcknowledgement[acknowledgement] += by;
    bytesReceived += by * sizeBytes;
    // A lost reply told nobody its status; a falsified one did.
    if (acknowledgement === 'reply-lost' && !falsified) return;
    const left = (statusCounts.get(String(statusCode)) ?? 0) + by;
    if (left > 0) statusCounts.set(String(statusCode), left);
    else statusCounts.delete(String(statusCode));
  };
  return {
    add: (delivery) => count(delivery, 1),
    amend(before, now) {
      count(before, -1);
      count(now, 1);
    },
    counts: () => ({
      requests: byAcknowledgement.acknowledged + byAcknowledgement.refused + byAcknowledgement['reply-lost'],
      accepted: byAcknowledgement.acknowledged,
      refused: byAcknowledgement.refused,
      replyLost: byAcknowledgement['reply-lost'],
      bytesReceived,
      statusCounts: Object.fromEntries(statusCounts),
    }),
  };
}
