// A record that nothing was shown of yet.

import type { RecordView } from '../../core/model/delivery.ts';

/** With room for so many attributes. */
export function emptyView(capacity: number): RecordView {
  return {
    source: new Uint8Array(0),
    bodyStart: -1,
    bodyEnd: -1,
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
