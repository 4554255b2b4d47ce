// A RecordView as plain values, so that tests can compare what the sink handed on.

import { valueKinds, type RecordView } from '../../src/core/model/delivery.ts';

export interface SeenAttribute {
  readonly key: string;
  readonly value: string | number | bigint | boolean | { readonly other: true };
}

export interface SeenRecord {
  readonly resource: readonly SeenAttribute[];
  readonly scope: readonly SeenAttribute[];
  readonly attributes: readonly SeenAttribute[];
  readonly body: string | undefined;
  readonly timestampMs: number | undefined;
}

export function seenRecord(view: RecordView): SeenRecord {
  const attributes = Array.from({ length: view.attributeCount }, (_, slot) => seenAttribute(view, slot));
  return {
    resource: attributes.slice(0, view.resourceAttributeCount),
    scope: attributes.slice(view.resourceAttributeCount, view.scopeAttributeEnd),
    attributes: attributes.slice(view.scopeAttributeEnd),
    body: view.bodyStart === -1 ? undefined : text(view, view.bodyStart, view.bodyEnd),
    timestampMs: Number.isNaN(view.timestampMs) ? undefined : view.timestampMs,
  };
}

function seenAttribute(view: RecordView, slot: number): SeenAttribute {
  return { key: text(view, view.keyStart[slot]!, view.keyEnd[slot]!), value: seenValue(view, slot) };
}

function seenValue(view: RecordView, slot: number): SeenAttribute['value'] {
  switch (view.valueKind[slot]) {
    case valueKinds.text:
      return text(view, view.valueStart[slot]!, view.valueEnd[slot]!);
    case valueKinds.integer:
      return BigInt.asIntN(64, (BigInt(view.integerHigh[slot]!) << 32n) | BigInt(view.integerLow[slot]!));
    case valueKinds.double:
      return view.number[slot]!;
    case valueKinds.boolean:
      return view.number[slot] === 1;
    default:
      return { other: true };
  }
}

function text(view: RecordView, start: number, end: number): string {
  return Buffer.from(view.source.subarray(start, end)).toString('utf8');
}
