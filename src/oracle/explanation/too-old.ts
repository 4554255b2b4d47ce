// Records that arrived too old for SigNoz to store: how many, and some of them as they came.

import { keptCount, type Delivery } from '../../core/model/delivery.ts';
import type { Witness } from '../../core/model/result.ts';
import { formatInstant } from '../../core/units.ts';
import { readerOf, type Ledger } from '../ledger/ledger.ts';
import type { ReadRecords } from '../ledger/arrival-access.ts';
import { spread } from './witnesses.ts';

/** Requests of which the first such record is shown. */
const shownRequests = 5;

export interface TooOld {
  readonly count: number;
  readonly witnesses: readonly Witness[];
}

export async function gatherTooOld(input: {
  deliveries: readonly Delivery[];
  ledger: Ledger;
  readRecords: ReadRecords;
}): Promise<TooOld> {
  let count = 0;
  const firsts: { sequence: number; index: number }[] = [];
  for (const delivery of input.deliveries) {
    const kept = keptCount(delivery);
    const ranges = (delivery.tooOld ?? []).filter(([first]) => first < kept);
    for (const [first, end] of ranges) count += Math.min(end, kept) - first;
    if (ranges.length > 0) firsts.push({ sequence: delivery.sequence, index: ranges[0]![0] });
  }
  const reader = readerOf(input.ledger);
  const witnesses: Witness[] = [];
  for (const { sequence, index: wanted } of spread(firsts, shownRequests)) {
    await input.readRecords(sequence, (view, index) => {
      if (index !== wanted) return;
      reader.readValues(view);
      const note = `its timestamp is ${formatInstant(view.timestampMs)}`;
      witnesses.push({ arrived: reader.writer.toString(), deliveries: [sequence], note });
    });
  }
  return { count, witnesses };
}
