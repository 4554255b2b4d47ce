// The one RecordView that a decoder fills anew for each record, and how it grows when a record has many attributes.

import { valueKinds, type RecordView } from '../../core/model/delivery.ts';

const initialCapacity = 64;

/** Sees one record, as `VisitRecord` does; true ends the walk, because the caller has seen enough. */
export type VisitUntil = (view: RecordView, index: number) => boolean;

/** An empty view over `source`. */
export function newRecordView(source: Uint8Array): RecordView {
  return {
    source,
    bodyStart: -1,
    bodyEnd: -1,
    timestampMs: NaN,
    attributeCount: 0,
    resourceAttributeCount: 0,
    scopeAttributeEnd: 0,
    keyStart: new Int32Array(initialCapacity),
    keyEnd: new Int32Array(initialCapacity),
    valueKind: new Uint8Array(initialCapacity),
    valueStart: new Int32Array(initialCapacity),
    valueEnd: new Int32Array(initialCapacity),
    integerLow: new Uint32Array(initialCapacity),
    integerHigh: new Uint32Array(initialCapacity),
    number: new Float64Array(initialCapacity),
  };
}

/**
 * Takes the next attribute's slot, emptied to what an attribute without key and value is; numbers of the record before stay, since
 * no kind but a number's reads them. Capacity doubles, so that only the
 * first record with many attributes allocates.
 */
export function takeSlot(view: RecordView): number {
  const slot = view.attributeCount++;
  if (slot === view.keyStart.length) growView(view);
  view.keyStart[slot] = view.keyEnd[slot] = 0;
  view.valueKind[slot] = valueKinds.other;
  view.valueStart[slot] = view.valueEnd[slot] = 0;
  return slot;
}

/** Writes an integer's words, and the double next to it. */
export function setInteger(view: RecordView, slot: number, words: { low: number; high: number }): void {
  view.valueKind[slot] = valueKinds.integer;
  view.integerLow[slot] = words.low;
  view.integerHigh[slot] = words.high;
  view.number[slot] = (words.high | 0) * 0x1_0000_0000 + (words.low >>> 0);
}

function growView(view: RecordView): void {
  const capacity = view.keyStart.length * 2;
  const grow = <T extends Int32Array | Uint8Array | Uint32Array | Float64Array>(from: T, to: T): T => (
    to.set(from),
    to
  );
  view.keyStart = grow(view.keyStart, new Int32Array(capacity));
  view.keyEnd = grow(view.keyEnd, new Int32Array(capacity));
  view.valueKind = grow(view.valueKind, new Uint8Array(capacity));
  view.valueStart = grow(view.valueStart, new Int32Array(capacity));
  view.valueEnd = grow(view.valueEnd, new Int32Array(capacity));
  view.integerLow = grow(view.integerLow, new Uint32Array(capacity));
  view.integerHigh = grow(view.integerHigh, new Uint32Array(capacity));
  view.number = grow(view.number, new Float64Array(capacity));
}
