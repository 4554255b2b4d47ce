// A record whose body is a line of text and nothing else, as the sink's decoders show it.

import type { RecordView } from '../../src/core/model/delivery.ts';

/** `source`, `bodyStart` and `bodyEnd` are the caller's to set. */
export function bodyView(): RecordView {
  return {
    source: new Uint8Array(0),
    bodyStart: -1,
    bodyEnd: -1,
    timestampMs: NaN,
    attributeCount: 0,
    resourceAttributeCount: 0,
    scopeAttributeEnd: 0,
    keyStart: new Int32Array(0),
    keyEnd: new Int32Array(0),
    valueKind: new Uint8Array(0),
    valueStart: new Int32Array(0),
    valueEnd: new Int32Array(0),
    integerLow: new Uint32Array(0),
    integerHigh: new Uint32Array(0),
    number: new Float64Array(0),
  };
}
