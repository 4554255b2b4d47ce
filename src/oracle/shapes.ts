// Remembers which attribute names a record had, so that names are bound once per set of names and not once per record.

import { valueKinds, type RecordView } from '../core/model/delivery.ts';
import { openBinder, type Shape } from './binding.ts';
import { Fingerprinter } from './fingerprint.ts';

/** A forwarder that invents names must not fill the memory: beyond this many sets they are bound anew each time. */
const shapeLimit = 4096;

export interface Shapes {
  of(view: RecordView): Shape;
  /** Every shape that records had, and is remembered. */
  all(): Iterable<Shape>;
}

const decoder = new TextDecoder();
const recent = 64;

export function openShapes(fields: readonly string[]): Shapes {
  const bindNames = openBinder(fields);
  const fingerprinter = new Fingerprinter(0);
  const shapes = new Map<string, Shape>();
  // The last shape of each slot, by 64 bits of its names: a record's shape is nearly always among the last few.
  const cached: (Shape | undefined)[] = Array.from({ length: recent });
  const cachedHigh = new Int32Array(recent);
  const cachedLow = new Int32Array(recent);

  function make(view: RecordView): Shape {
    const names: string[] = [];
    for (let i = 0; i < view.attributeCount; i++) {
      names.push(decoder.decode(view.source.subarray(view.keyStart[i]!, view.keyEnd[i]!)));
    }
    return bindNames(names, view.scopeAttributeEnd);
  }

  return {
    of(view) {
      let high = 0;
      let low = view.scopeAttributeEnd;
      for (let i = 0; i < view.attributeCount; i++) {
        fingerprinter.read(view.source, view.keyStart[i]!, view.keyEnd[i]!);
        high = (Math.imul(high, 31) + fingerprinter.high) | 0;
        low = (Math.imul(low, 37) + fingerprinter.low) | 0;
      }
      const slot = high & (recent - 1);
      const near = cached[slot];
      if (near && cachedHigh[slot] === high && cachedLow[slot] === low) return near;
      const key = `${high}:${low}`;
      let shape = shapes.get(key);
      if (!shape) {
        shape = make(view);
        if (shapes.size < shapeLimit) shapes.set(key, shape);
      }
      [cached[slot], cachedHigh[slot], cachedLow[slot]] = [shape, high, low];
      return shape;
    },
    all: () => shapes.values(),
  };
}

/** True where an attribute has no value at all: OTLP's empty AnyValue. */
export function isEmptyValue(view: RecordView, slot: number): boolean {
  return view.valueKind[slot] === valueKinds.other && view.valueStart[slot] === view.valueEnd[slot];
}
