// OTLP logs in protobuf, straight from the body's bytes into one RecordView: no object is made per record. Field numbers are
// those of opentelemetry-proto (collector/logs/v1/logs_service.proto, logs/v1/logs.proto, common/v1/common.proto).
// A request is walked twice, once to check it, once to hand it on: what a walk costs, and by what, stands in usual-attributes.ts.

import { valueKinds, type RecordView } from '../../core/model/delivery.ts';
import { checkNesting, DecodeError } from './decode-error.ts';
import { WireReader, wireTypes } from './protobuf-wire.ts';
import { newRecordView, setInteger, takeSlot, type VisitUntil } from './record-view.ts';
import { attributeTag, readUsualAttributes } from './usual-attributes.ts';

const { varint, fixed64, length, fixed32 } = wireTypes;

/** How the collector names fields in its errors, by message. */
const fieldNames = {
  request: { 1: 'ResourceLogs' },
  resourceLogs: { 1: 'Resource', 2: 'ScopeLogs', 3: 'SchemaUrl', 1000: 'DeprecatedScopeLogs' },
  resource: { 1: 'Attributes', 2: 'DroppedAttributesCount', 3: 'EntityRefs' },
  scopeLogs: { 1: 'Scope', 2: 'LogRecords', 3: 'SchemaUrl' },
  scope: { 1: 'Name', 2: 'Version', 3: 'Attributes', 4: 'DroppedAttributesCount' },
  record: {
    1: 'TimeUnixNano',
    2: 'SeverityNumber',
    3: 'SeverityText',
    5: 'Body',
    6: 'Attributes',
    7: 'DroppedAttributesCount',
    8: 'Flags',
    9: 'TraceId',
    10: 'SpanId',
    11: 'ObservedTimeUnixNano',
    12: 'EventName',
  },
  keyValue: { 1: 'Key', 2: 'Value' },
  value: {
    1: 'StringValue',
    2: 'BoolValue',
    3: 'IntValue',
    4: 'DoubleValue',
    5: 'ArrayValue',
    6: 'KvlistValue',
    7: 'BytesValue',
  },
  list: { 1: 'Values' },
} as const;

type Message = keyof typeof fieldNames;

/** A tag as `readTag` gives it. */
const tag = (field: number, wireType: number): number => field * 8 + wireType;

const tags = {
  field1: tag(1, length),
  field2: tag(2, length),
  field3: tag(3, length),
  field1000: tag(1000, length),
  recordTime: tag(1, fixed64),
  recordSeverity: tag(2, varint),
  recordBody: tag(5, length),
  recordAttributes: tag(6, length),
  recordDropped: tag(7, varint),
  recordFlags: tag(8, fixed32),
  recordTraceId: tag(9, length),
  recordSpanId: tag(10, length),
  recordObserved: tag(11, fixed64),
  recordEventName: tag(12, length),
  resourceDropped: tag(2, varint),
  scopeDropped: tag(4, varint),
  valueBoolean: tag(2, varint),
  valueInteger: tag(3, varint),
  valueDouble: tag(4, fixed64),
  valueArray: tag(5, length),
  valueKvlist: tag(6, length),
  valueBytes: tag(7, length),
} as const;

/**
 * Visits each record of an ExportLogsServiceRequest and returns how many it visited. Throws a DecodeError at the first byte that
 * the collector would refuse, so a caller that must take all or nothing walks twice.
 */
export function decodeOtlpProtobuf(body: Uint8Array, visit: VisitUntil): number {
  return new OtlpDecoder(body, visit).decode();
}

const doubleBytes = new DataView(new ArrayBuffer(8));

class OtlpDecoder {
  private readonly reader: WireReader;
  private readonly view: RecordView;
  private readonly visit: VisitUntil;
  private recordCount = 0;
  private depth = 0;
  private stopped = false;

  constructor(body: Uint8Array, visit: VisitUntil) {
    this.reader = new WireReader(body);
    this.view = newRecordView(body);
    this.visit = visit;
  }

  decode(): number {
    const { reader } = this;
    const end = reader.bytes.length;
    while (reader.position < end && !this.stopped) {
      const at = reader.readTag(end);
      if (at === tags.field1) this.resourceLogs(reader.readLength(end));
      else this.unknown('request', at, end);
    }
    return this.recordCount;
  }

  /** The resource may stand behind its records, so a first pass reads it and steps over the rest. */
  private resourceLogs(end: number): void {
    const { reader, view } = this;
    const start = reader.position;
    view.attributeCount = 0;
    while (reader.position < end) {
      const at = reader.readTag(end);
      if (at === tags.field1) this.resource(reader.readLength(end));
      else if (at === tags.field2 || at === tags.field3 || at === tags.field1000)
        reader.position = reader.readLength(end);
      else this.unknown('resourceLogs', at, end);
    }
    view.resourceAttributeCount = view.attributeCount;
    reader.position = start;
    while (reader.position < end && !this.stopped) {
      const at = reader.readTag(end);
      // The collector takes field 1000 as scope_logs (pdata/internal/otlp/logs.go, MigrateLogs).
      if (at === tags.field2 || at === tags.field1000) this.scopeLogs(reader.readLength(end));
      else reader.skip(at & 7, end);
    }
    reader.position = end;
  }

  /** The scope usually stands before its records; only where it does not are they stepped over to find it. */
  private scopeLogs(end: number): void {
    const { reader, view } = this;
    view.attributeCount = view.scopeAttributeEnd = view.resourceAttributeCount;
    let isScopeKnown = false;
    while (reader.position < end && !this.stopped) {
      const at = reader.readTag(end);
      if (at === tags.field2) {
        const recordEnd = reader.readLength(end);
        if (!isScopeKnown) this.findScope(recordEnd, end);
        isScopeKnown = true;
        this.record(recordEnd);
      } else if (at === tags.field1) {
        const scopeEnd = reader.readLength(end);
        if (isScopeKnown) reader.position = scopeEnd;
        else this.scope(scopeEnd);
        isScopeKnown = true;
      } else if (at === tags.field3) reader.position = reader.readLength(end);
      else this.unknown('scopeLogs', at, end);
    }
    reader.position = end;
  }

  /** Looks for the scope behind the first record and comes back. */
  private findScope(recordEnd: number, end: number): void {
    const { reader } = this;
    const start = reader.position;
    reader.position = recordEnd;
    while (reader.position < end) {
      const at = reader.readTag(end);
      if (at === tags.field1) this.scope(reader.readLength(end));
      else reader.skip(at & 7, end);
    }
    reader.position = start;
  }

  private resource(end: number): void {
    const { reader } = this;
    while (reader.position < end) {
      const at = reader.readTag(end);
      if (at === tags.field1) this.attribute(reader.readLength(end), takeSlot(this.view));
      else if (at === tags.field3 || at === tags.resourceDropped) reader.skip(at & 7, end);
      else this.unknown('resource', at, end);
    }
  }

  private scope(end: number): void {
    const { reader } = this;
    while (reader.position < end) {
      const at = reader.readTag(end);
      if (at === tags.field3) this.attribute(reader.readLength(end), takeSlot(this.view));
      else if (at === tags.field1 || at === tags.field2 || at === tags.scopeDropped) reader.skip(at & 7, end);
      else this.unknown('scope', at, end);
    }
    this.view.scopeAttributeEnd = this.view.attributeCount;
  }

  private record(end: number): void {
    const { reader, view } = this;
    view.bodyStart = view.bodyEnd = -1;
    view.timestampMs = NaN;
    view.attributeCount = view.scopeAttributeEnd;
    while (reader.position < end) {
      if (reader.bytes[reader.position] === attributeTag) {
        reader.position = readUsualAttributes(view, reader.position, end);
        if (reader.position === end) break;
      }
      const at = reader.readTag(end);
      switch (at) {
        case tags.recordTime:
          reader.readFixed64(end);
          view.timestampMs = timestampMs(reader.low, reader.high);
          break;
        case tags.recordBody:
          this.body(reader.readLength(end));
          break;
        case tags.recordAttributes:
          this.attribute(reader.readLength(end), takeSlot(view));
          break;
        case tags.recordTraceId:
          this.id('TraceID', 16, reader.readLength(end));
          break;
        case tags.recordSpanId:
          this.id('SpanID', 8, reader.readLength(end));
          break;
        case tags.field3:
        case tags.recordEventName:
        case tags.recordSeverity:
        case tags.recordDropped:
        case tags.recordFlags:
        case tags.recordObserved:
          reader.skip(at & 7, end);
          break;
        default:
          this.unknown('record', at, end);
      }
    }
    this.stopped = this.visit(view, this.recordCount++);
  }

  private id(name: string, sizeBytes: number, end: number): void {
    const idBytes = end - this.reader.position;
    if (idBytes !== 0 && idBytes !== sizeBytes) throw new DecodeError(`unmarshal: invalid ${name} length`);
    this.reader.position = end;
  }

  /** A body that is no text is checked all the same, in a slot that is given back. */
  private body(end: number): void {
    const { view } = this;
    const slot = takeSlot(view);
    this.value(end, slot);
    const isText = view.valueKind[slot] === valueKinds.text;
    view.bodyStart = isText ? view.valueStart[slot]! : -1;
    view.bodyEnd = isText ? view.valueEnd[slot]! : -1;
    view.attributeCount = slot;
  }

  private attribute(end: number, slot: number): void {
    const { reader, view } = this;
    while (reader.position < end) {
      const at = reader.readTag(end);
      if (at === tags.field1) {
        const keyEnd = reader.readLength(end);
        view.keyStart[slot] = reader.position;
        view.keyEnd[slot] = reader.position = keyEnd;
      } else if (at === tags.field2) this.value(reader.readLength(end), slot);
      else this.unknown('keyValue', at, end);
    }
  }

  /** Reads an AnyValue; where it holds several kinds, the last one stands, as in every oneof. */
  private value(end: number, slot: number): void {
    const { reader, view } = this;
    while (reader.position < end) {
      const at = reader.readTag(end);
      switch (at) {
        case tags.field1:
          this.range(valueKinds.text, reader.readLength(end), slot);
          break;
        case tags.valueInteger:
          reader.readVarint(end);
          setInteger(view, slot, reader);
          break;
        case tags.valueDouble:
          reader.readFixed64(end);
          doubleBytes.setUint32(0, reader.high);
          doubleBytes.setUint32(4, reader.low);
          view.valueKind[slot] = valueKinds.double;
          view.number[slot] = doubleBytes.getFloat64(0);
          break;
        case tags.valueBoolean:
          reader.readVarint(end);
          view.valueKind[slot] = valueKinds.boolean;
          view.number[slot] = reader.low !== 0 || reader.high !== 0 ? 1 : 0;
          break;
        case tags.valueArray:
        case tags.valueKvlist:
          this.list(at, reader.readLength(end), slot);
          break;
        case tags.valueBytes:
          this.range(valueKinds.other, reader.readLength(end), slot);
          break;
        default:
          this.unknown('value', at, end);
      }
    }
  }

  private range(kind: number, end: number, slot: number): void {
    const { reader, view } = this;
    view.valueKind[slot] = kind;
    view.valueStart[slot] = reader.position;
    view.valueEnd[slot] = reader.position = end;
  }

  /** Checks what an array or a key-value list holds, and keeps its range. */
  private list(kind: number, end: number, slot: number): void {
    const { reader, view } = this;
    const start = reader.position;
    const inner = takeSlot(view);
    checkNesting(++this.depth);
    while (reader.position < end) {
      const at = reader.readTag(end);
      if (at !== tags.field1) this.unknown('list', at, end);
      else if (kind === tags.valueArray) this.value(reader.readLength(end), inner);
      else this.attribute(reader.readLength(end), inner);
    }
    this.depth--;
    view.attributeCount = inner;
    reader.position = start;
    this.range(valueKinds.other, end, slot);
  }

  /** Steps over a field that the message does not know; a known one that came here has the wrong wire type. */
  private unknown(message: Message, at: number, end: number): void {
    const name = (fieldNames[message] as Readonly<Record<number, string>>)[Math.floor(at / 8)];
    if (name) throw new DecodeError(`proto: wrong wireType = ${at & 7} for field ${name}`);
    this.reader.skip(at & 7, end);
  }
}

/** 0 means that the record has no time of its own (logs.proto, LogRecord.time_unix_nano). */
function timestampMs(low: number, high: number): number {
  return low === 0 && high === 0 ? NaN : (high * 0x1_0000_0000 + low) / 1e6;
}
