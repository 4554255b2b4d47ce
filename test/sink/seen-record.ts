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

/** As much of OTLP JSON as a RecordView shows. */
export interface OtlpResourceLogs {
  readonly resource: OtlpOwner;
  readonly scopeLogs?: readonly {
    readonly scope: OtlpOwner;
    readonly logRecords?: readonly (OtlpOwner & { timeUnixNano?: string; body?: OtlpValue })[];
  }[];
}

interface OtlpOwner {
  readonly attributes?: readonly { key?: string; value?: OtlpValue }[];
}

interface OtlpValue {
  readonly stringValue?: string;
  readonly intValue?: string;
  readonly doubleValue?: number | 'NaN' | 'Infinity' | '-Infinity';
  readonly boolValue?: boolean;
}

/** The `resourceLogs` of OTLP JSON in the shape of what the sink hands on. */
export function seenFromResourceLogs(resourceLogs: readonly object[]): SeenRecord[] {
  return (resourceLogs as readonly OtlpResourceLogs[]).flatMap(({ resource, scopeLogs = [] }) =>
    scopeLogs.flatMap(({ scope, logRecords = [] }) =>
      logRecords.map((record) => ({
        resource: attributesOf(resource),
        scope: attributesOf(scope),
        attributes: attributesOf(record),
        body: record.body?.stringValue,
        timestampMs: record.timeUnixNano === undefined ? undefined : Number(BigInt(record.timeUnixNano)) / 1e6,
      })),
    ),
  );
}

function attributesOf(owner: OtlpOwner): SeenAttribute[] {
  return (owner.attributes ?? []).map(({ key = '', value = {} }) => ({ key, value: valueOf(value) }));
}

function valueOf(value: OtlpValue): SeenAttribute['value'] {
  if (value.stringValue !== undefined) return value.stringValue;
  if (value.intValue !== undefined) return BigInt(value.intValue);
  if (value.doubleValue !== undefined) return Number(value.doubleValue);
  return value.boolValue ?? { other: true };
}
