// What a sink counted since it was opened, as metrics need it.

import { keptCount, type Delivery } from '../../core/model/delivery.ts';

export interface RequestTotal {
  readonly acknowledgement: Delivery['acknowledgement'];
  readonly statusCode: number;
  count: number;
}

export class DeliveryTotals {
  receivedBytes = 0;
  /** Records that were kept. */
  records = 0;
  private readonly byOutcome = new Map<string, RequestTotal>();

  add(delivery: Delivery): void {
    const { acknowledgement, statusCode, sizeBytes } = delivery;
    this.receivedBytes += sizeBytes;
    this.records += keptCount(delivery);
    const outcome = `${acknowledgement} ${statusCode}`;
    const total = this.byOutcome.get(outcome);
    if (total) total.count++;
    else this.byOutcome.set(outcome, { acknowledgement, statusCode, count: 1 });
  }

  requests(): RequestTotal[] {
    return [...this.byOutcome.values()];
  }
}
