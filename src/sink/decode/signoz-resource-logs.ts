// What the JSON receiver hands on, as OTLP JSON: one resource and one scope a record, a body that is always a text
// (SigNoz/signoz-otel-collector, receiver/httplogreceiver/bodyparser/json.go).

import { valueKinds, type RecordView } from '../../core/model/delivery.ts';
import { keyCodes } from './record-keys.ts';
import type { ReservedKeys } from './reserved-keys.ts';
import { SignozJsonWalk } from './signoz-json.ts';

/** The `resourceLogs` of at most so many records of a body that the receiver takes. The observed time, its own, is left out. */
export function signozResourceLogs(body: Uint8Array, recordLimit: number): readonly object[] {
  const resourceLogs: object[] = [];
  if (recordLimit <= 0) return resourceLogs;
  const walk = new SignozJsonWalk(body, (view) => {
    resourceLogs.push(resourceLog(view, walk.reserved));
    return resourceLogs.length >= recordLimit;
  });
  walk.visitRecords();
  return resourceLogs;
}

function resourceLog(view: RecordView, reserved: ReservedKeys): object {
  const count = view.resourceAttributeCount;
  return {
    resource: attributesOf(view, 0, count),
    scopeLogs: [
      { scope: {}, logRecords: [{ ...logRecord(view, reserved), ...attributesOf(view, count, view.attributeCount) }] },
    ],
  };
}

function logRecord(view: RecordView, reserved: ReservedKeys): object {
  const text = (code: number): string => {
    const key = reserved.textKey(code);
    return textOf(view, reserved.starts[key]!, reserved.ends[key]!);
  };
  const timeUnixNano = reserved.timestampNs();
  const severityNumber = reserved.severityNumber();
  const flags = reserved.traceFlags();
  const severityText = text(keyCodes.severityText);
  const traceId = idOf(text(keyCodes.traceId), 32);
  const spanId = idOf(text(keyCodes.spanId), 16);
  return {
    ...(timeUnixNano === 0n ? {} : { timeUnixNano: String(timeUnixNano) }),
    ...(severityNumber === 0 ? {} : { severityNumber }),
    ...(severityText === '' ? {} : { severityText }),
    body: { stringValue: textOf(view, view.bodyStart, view.bodyEnd) },
    ...(flags === 0 ? {} : { flags }),
    ...(traceId === undefined ? {} : { traceId }),
    ...(spanId === undefined ? {} : { spanId }),
  };
}

function attributesOf(view: RecordView, start: number, end: number): { attributes?: object[] } {
  if (start === end) return {};
  const attributes: object[] = [];
  for (let slot = start; slot < end; slot++) {
    const key = textOf(view, view.keyStart[slot]!, view.keyEnd[slot]!);
    attributes.push({ ...(key === '' ? {} : { key }), value: valueOf(view, slot) });
  }
  return { attributes };
}

function valueOf(view: RecordView, slot: number): object {
  switch (view.valueKind[slot]) {
    case valueKinds.double:
      return { doubleValue: view.number[slot]! };
    case valueKinds.boolean:
      return { boolValue: view.number[slot] === 1 };
    default:
      return { stringValue: textOf(view, view.valueStart[slot]!, view.valueEnd[slot]!) };
  }
}

/** Cut, or padded with zeros at its end; all zeros are none. */
function idOf(hex: string, digitCount: number): string | undefined {
  const id = hex.slice(0, digitCount).padEnd(digitCount, '0').toLowerCase();
  return /^0*$/.test(id) ? undefined : id;
}

function textOf(view: RecordView, start: number, end: number): string {
  const { buffer, byteOffset } = view.source;
  return Buffer.from(buffer, byteOffset + start, end - start).toString('utf8');
}
