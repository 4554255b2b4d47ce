// Keeps the deliveries that hold a record with given attributes, whatever level they stand at.

import { keptCount, valueKinds, type RecordView } from '../../core/model/delivery.ts';
import type { LoggedDelivery } from './delivery-log.ts';

/** An attribute's name, and the text of its value. */
export type WantedAttribute = readonly [name: string, value: string];

/** True for a delivery in which one record that was kept has all the attributes. */
export function attributeFilter(wanted: readonly WantedAttribute[]): (delivery: LoggedDelivery) => boolean {
  if (wanted.length === 0) return () => true;
  const names = wanted.map(([name, value]) => [Buffer.from(name), value] as const);
  return ({ entry, decoded }) => {
    const kept = keptCount(entry);
    let found = false;
    decoded?.visit((view, index) => {
      found = index < kept && names.every(([name, value]) => holds(view, name, value));
      return found;
    });
    return found;
  };
}

/** The same name may stand at the resource and at the record. */
function holds(view: RecordView, name: Buffer, value: string): boolean {
  for (let i = 0; i < view.attributeCount; i++) {
    const start = view.keyStart[i]!;
    const end = view.keyEnd[i]!;
    if (end - start === name.length && name.equals(view.source.subarray(start, end)) && textOf(view, i) === value) {
      return true;
    }
  }
  return false;
}

/** As people write it; lists, maps and bytes have no text. */
function textOf(view: RecordView, slot: number): string | undefined {
  switch (view.valueKind[slot]) {
    case valueKinds.text:
      return Buffer.from(view.source.subarray(view.valueStart[slot], view.valueEnd[slot])).toString();
    case valueKinds.integer:
      return String((BigInt(view.integerHigh[slot]! | 0) << 32n) | BigInt(view.integerLow[slot]!));
    case valueKinds.double:
      return String(view.number[slot]);
    case valueKinds.boolean:
      return view.number[slot] === 0 ? 'false' : 'true';
    default:
      return undefined;
  }
}
