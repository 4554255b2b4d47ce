// Books a run's arrivals anew where the ledger was opened under other assumptions than the promises and the arrivals call for.
// Rare: a field left out of identity that the ledger did not know of, or a timestamp that stood for a field held elsewhere.

import { join } from 'node:path';

import { keptCount, type Delivery } from '../../core/model/delivery.ts';
import { timestampOf, type TimestampMeaning } from '../reading/layout.ts';
import { openLedger, type Ledger } from './ledger.ts';
import { leftOutOf, type Promises } from '../promises.ts';
import type { ReadRecords } from './arrival-access.ts';

export interface RebookingInput {
  readonly ledger: Ledger;
  readonly deliveries: readonly Delivery[];
  readonly readRecords: ReadRecords;
  readonly promises: Promises;
}

/** The ledger to judge by: the given one, or one booked from the archive that lives until disposed. */
export async function rebookIfNeeded(input: RebookingInput): Promise<{ ledger: Ledger } & AsyncDisposable> {
  const { ledger, promises } = input;
  const leftOut = leftOutOf(promises);
  const { dropped } = promises.fields;
  const isSame = isEqual(leftOut, ledger.options.leftOut) && isEqual(dropped, ledger.options.dropped);
  const timestampMeaning = timestampMeaningOf(ledger, promises);
  if (isSame && timestampMeaning === (ledger.options.timestampMeaning ?? 'end')) {
    return { ledger, [Symbol.asyncDispose]: async () => {} };
  }
  const folder = join(ledger.options.folder, 'rebooked');
  const rebooked = openLedger({ ...ledger.options, folder, leftOut, dropped, timestampMeaning });
  for (const delivery of input.deliveries) {
    const kept = keptCount(delivery);
    if (kept === 0) continue;
    await input.readRecords(delivery.sequence, (view, index) => {
      if (index < kept) rebooked.arrive(delivery.sequence, view, index);
    });
  }
  return { ledger: rebooked, [Symbol.asyncDispose]: () => rebooked[Symbol.asyncDispose]() };
}

function isEqual(fields: readonly string[], others: readonly string[] = []): boolean {
  const known = new Set(others);
  return known.size === new Set(fields).size && fields.every((field) => known.has(field));
}

/**
 * The record's own timestamp stands for `end` (or `start`) only where the layout holds that field nowhere else. A forwarder
 * that says it drops `end` may date its records by `start`.
 */
function timestampMeaningOf(ledger: Ledger, promises: Promises): TimestampMeaning {
  const { layout } = ledger.options;
  if (layout) return timestampOf(layout);
  const current = ledger.options.timestampMeaning ?? 'end';
  if (ledger.kinds.record === 0) return current;
  const carriage = ledger.carriage();
  const isOpen = (name: 'end' | 'start'): boolean => {
    const field = ledger.schema.fields.indexOf(name);
    const found = carriage[field];
    return found !== undefined && found.count === found.byTimestamp && !promises.fields.dropped.includes(name);
  };
  if (isOpen('end')) return 'end';
  if (isOpen('start')) return 'start';
  return carriage.some((found) => found.byTimestamp > 0) ? 'none' : current;
}
