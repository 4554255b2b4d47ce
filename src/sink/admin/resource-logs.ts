// Records as OTLP JSON, one `resourceLogs` entry a record, as far as a view of them goes.

import { valueKinds, type RecordView } from '../../core/model/delivery.ts';
import type { DecodedBody } from '../decode/index.ts';

export function resourceLogsOf(decoded: DecodedBody): object[] {
  const resourceLogs: object[] = [];
  decoded.visit((view) => {
    const logRecord = {
      ...(Number.isNaN(view.timestampMs) ? {} : { timeUnixNano: `${Math.round(view.timestampMs)}000000` }),
      ...(view.bodyStart < 0 ? {} : { body: { stringValue: textOf(view, view.bodyStart, view.bodyEnd) } }),
      attributes: attributesOf(view, view.scopeAttributeEnd, view.attributeCount),
    };
    resourceLogs.push({
      resource: { attributes: attributesOf(view, 0, view.resourceAttributeCount) },
      scopeLogs: [
        {
          scope: { attributes: attributesOf(view, view.resourceAttributeCount, view.scopeAttributeEnd) },
          logRecords: [logRecord],
        },
      ],
    });
    return false;
  });
  return resourceLogs;
}

function attributesOf(view: RecordView, first: number, end: number): object[] {
  const attributes: object[] = [];
  for (let i = first; i < end; i++) {
    attributes.push({ key: textOf(view, view.keyStart[i]!, view.keyEnd[i]!), value: valueOf(view, i) });
  }
  return attributes;
}

function valueOf(view: RecordView, slot: number): object {
  switch (view.valueKind[slot]) {
    case valueKinds.text:
      return { stringValue: textOf(view, view.valueStart[slot]!, view.valueEnd[slot]!) };
    case valueKinds.integer:
      return { intValue: String((BigInt(view.integerHigh[slot]! | 0) << 32n) | BigInt(view.integerLow[slot]!)) };
    case valueKinds.double:
      return { doubleValue: view.number[slot] };
    case valueKinds.boolean:
      return { boolValue: view.number[slot] !== 0 };
    default:
      return {};
  }
}

function textOf(view: RecordView, start: number, end: number): string {
  return Buffer.from(view.source.subarray(start, end)).toString();
}
