// How a RecordView is made and how it grows: for decoders, which fill one, and for whoever shows a record of another making.

import type { RecordView } from './delivery.ts';

/** A record that nothing was shown of yet, with room for so many attributes. */
export function emptyRecordView(capacity: number): RecordView {
  return {
    source: new Uint8Array(0),
    lastingBytes: 0,
    bodyStart: -1,
    bodyEnd: -1,
    otherBodyStart: -1,
    otherBodyEnd: -1,
    timestampMs: NaN,
    attributeCount: 0,
    resourceAttributeCount: 0,
    scopeAttributeEnd: 0,
    keyStart: new Int32Array(capacity),
    keyEnd: new Int32Array(capacity),
    valueKind: new Uint8Array(capacity),
    valueStart: new Int32Array(capacity),
    valueEnd: new Int32Array(capacity),
    integerLow: new Uint32Array(capacity),
    integerHigh: new Uint32Array(capacity),
    number: new Float64Array(capacity),
  };
}

/** Doubles the room for attributes; those that are there stay. */
export function growRecordView(view: RecordView): void {
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
