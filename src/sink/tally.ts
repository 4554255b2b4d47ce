// What the sink counted over a run: the `sink` part of a result.

import type { Delivery } from '../core/model/delivery.ts';
import type { SinkCounts } from '../core/model/result.ts';

export interface DeliveryTally {
  add(delivery: Delivery): void;
  counts(): SinkCounts;
}

export function newDeliveryTally(): DeliveryTally {
  const byAcknowledgement = { acknowledged: 0, refused: 0, 'reply-lost': 0 };
  const statusCounts = new Map<string, number>();
  let bytesReceived = 0;
  return {
    add({ acknowledgement, statusCode, sizeBytes, falsified }) {
      byAcknowledgement[acknowledgement]++;
      bytesReceived += sizeBytes;
      // A lost reply told nobody its status; a falsified one did.
      if (acknowledgement === 'reply-lost' && !falsified) return;
      statusCounts.set(String(statusCode), (statusCounts.get(String(statusCode)) ?? 0) + 1);
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
