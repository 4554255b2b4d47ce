// OTLP logs in protobuf, straight from the body's bytes into one RecordView: no object is made per record. Field numbers are
// those of opentelemetry-proto (collector/logs/v1/logs_service.proto, logs/v1/logs.proto, common/v1/common.proto).
// A request is walked twice, once to check it, once to hand it on: what a walk costs, and by what, stands in usual-attributes.ts.

import { valueKinds, type RecordView } from '../../core/model/delivery.ts';
import { DecodeError } from './decode-error.ts';
import { NestedMessages, skipUnknown } from './protobuf-nested.ts';
import { WireReader, wireTypes } from './protobuf-wire.ts';
import { giveRecordView, setInteger, takeRecordView, takeSlot, type AgeWatch, type VisitUntil } from './record-view.ts';
import { attributeTag, readUsualAttributes } from './usual-attributes.ts';
import { readUsualBeginning, timestampMs } from './usual-record.ts';
import { UsualRecords } from './usual-records.ts';

const { varint, fixed64, length, fixed32 } = wireTypes;

/** A tag as `readTag` gives it. */
const tag = (field: number, wireType: number): number => field * 8 + wireType;

const tags = {
  field1: tag(1, length),
  field2: tag(2, length),
  field3: tag(3, length),
  field4: tag(4, length),
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
 * How a body is walked: `check` reads all of it, `visit` until `visit` has seen enough, and `prefix` as far as a body that was cut
 * goes.
 */
type ProtobufWalk = 'check' | 'visit' | 'prefix';

/** Counts the records of an ExportLogsServiceRequest; throws a DecodeError at the first byte that the collector would refuse. */
export function checkOtlpProtobuf(body: Uint8Array, watch: AgeWatch | undefined): number {
  const decoder = new OtlpDecoder(body, watch?.visit ?? (() => false), 'check');
  decoder.usual = new UsualRecords(body, watch);
  return decoder.decode();
}

/** Visits each record of a body that was checked, or of one that may be cut. */
export function decodeOtlpProtobuf(body: Uint8Array, visit: VisitUntil, walk: 'visit' | 'prefix'): void {
  new OtlpDecoder(body, visit, walk).decode();
}

const doubleBytes = new DataView(new ArrayBuffer(8));

class OtlpDecoder {
  /** Steps over what is usual where the body is only checked. */
  usual: UsualRecords | undefined;
  private readonly reader: WireReader;
  private readonly view: RecordView;
  private readonly visit: VisitUntil;
  private readonly walk: ProtobufWalk;
  private nested: NestedMessages | undefined;
  private recordCount = 0;
  private isEnough = false;
  /** Records are checked and not shown. */
  private isMuted = false;

  constructor(body: Uint8Array, visit: VisitUntil, walk: ProtobufWalk) {
    this.reader = new WireReader(body);
    this.view = takeRecordView(body);
    this.visit = visit;
    this.walk = walk;
  }

  decode(): number {
    const { reader } = this;
    const end = reader.bytes.length;
    while (reader.position < end && !this.isOver()) {
      const at = reader.readTag(end);
      if (at === tags.field1) this.resourceLogs(this.containerEnd(end));
      else skipUnknown(reader, { message: 'request', tag: at, end });
    }
    giveRecordView(this.view);
    return this.recordCount;
  }

  private isOver(): boolean {
    return this.isEnough && this.walk !== 'check';
  }

  /** Where a message of records ends; in a cut body that may be behind what there is. */
  private containerEnd(end: number): number {
    return this.walk === 'prefix' ? this.reader.readCutLength(end) : this.reader.readLength(end);
  }

  /** Steps over the messages of a list to find their owner, which may stand behind them. In a cut body it may not have come. */
  private lookAhead(end: number, find: () => void): void {
    const { reader } = this;
    const start = reader.position;
    try {
      while (reader.position < end) find();
    } catch (error) {
      if (this.walk !== 'prefix' || !(error instanceof DecodeError)) throw error;
    }
    reader.position = start;
  }

  private resourceLogs(end: number): void {
    const { reader, view } = this;
    let hasScopeLogs = false;
    view.attributeCount = 0;
    this.lookAhead(end, () => {
      const at = reader.readTag(end);
      hasScopeLogs ||= at === tags.field2;
      if (at === tags.field1) this.resource(reader.readLength(end));
      else if (at === tags.field2 || at === tags.field3 || at === tags.field1000) reader.skip(wireTypes.length, end);
      else skipUnknown(reader, { message: 'resourceLogs', tag: at, end });
    });
    view.resourceAttributeCount = view.attributeCount;
    while (reader.position < end && !this.isOver()) {
      const at = reader.readTag(end);
      if (at === tags.field2) this.scopeLogs(this.containerEnd(end));
      else if (at === tags.field1000) {
        // The collector takes field 1000 as scope_logs where there are none (pdata/internal/otlp/logs.go, MigrateLogs).
        this.isMuted = hasScopeLogs;
        this.scopeLogs(this.containerEnd(end));
        this.isMuted = false;
      } else reader.skip(at & 7, end);
    }
    if (!this.isOver()) reader.position = end;
  }

  private scopeLogs(end: number): void {
    const { reader, view } = this;
    view.attributeCount = view.scopeAttributeEnd = view.resourceAttributeCount;
    // Whoever checks a body is not shown a scope that stands behind its records, and need not step over these to find it.
    const isAhead = this.walk !== 'check';
    if (isAhead) this.lookAhead(end, () => this.scopeField(end, 'scope'));
    while (reader.position < end && !this.isOver()) {
      if (this.usual && !this.isMuted && reader.bytes[reader.position] === tags.field2) {
        this.recordCount += this.usual.protobuf(reader.position, end);
        reader.position = this.usual.at;
        if (reader.position === end) return;
      }
      this.scopeField(end, isAhead ? 'records' : 'both');
    }
  }

  private scopeField(end: number, wanted: 'scope' | 'records' | 'both'): void {
    const { reader, view } = this;
    const at = reader.readTag(end);
    if (at === tags.field2 && wanted !== 'scope') this.record(reader.readLength(end));
    else if (at === tags.field1 && wanted !== 'records') {
      view.attributeCount = view.scopeAttributeEnd;
      this.scope(reader.readLength(end));
      view.scopeAttributeEnd = view.attributeCount;
    } else if (at === tags.field1 || at === tags.field2 || at === tags.field3) reader.skip(wireTypes.length, end);
    else skipUnknown(reader, { message: 'scopeLogs', tag: at, end });
  }

  private resource(end: number): void {
    const { reader } = this;
    while (reader.position < end) {
      const at = reader.readTag(end);
      if (at === tags.field1) this.attribute(reader.readLength(end), takeSlot(this.view));
      else if (at === tags.resourceDropped) reader.skip(at & 7, end);
      else if (at === tags.field3) this.entityRef(reader.readLength(end));
      else skipUnknown(reader, { message: 'resource', tag: at, end });
    }
  }

  private scope(end: number): void {
    const { reader } = this;
    while (reader.position < end) {
      const at = reader.readTag(end);
      if (at === tags.field3) this.attribute(reader.readLength(end), takeSlot(this.view));
      else if (at === tags.field1 || at === tags.field2 || at === tags.scopeDropped) reader.skip(at & 7, end);
      else skipUnknown(reader, { message: 'scope', tag: at, end });
    }
  }

  private entityRef(end: number): void {
    const { reader } = this;
    while (reader.position < end) {
      const at = reader.readTag(end);
      if (at === tags.field1 || at === tags.field2 || at === tags.field3 || at === tags.field4)
        reader.skip(at & 7, end);
      else skipUnknown(reader, { message: 'entityRef', tag: at, end });
    }
  }

  private record(end: number): void {
    const { reader, view } = this;
    view.bodyStart = view.bodyEnd = -1;
    view.otherBodyStart = view.otherBodyEnd = -1;
    view.timestampMs = NaN;
    view.attributeCount = view.scopeAttributeEnd;
    reader.position = readUsualBeginning(view, reader.position, end);
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
          skipUnknown(reader, { message: 'record', tag: at, end });
      }
    }
    if (this.isMuted) return;
    const index = this.recordCount++;
    if (!this.isEnough) this.isEnough = this.visit(view, index);
  }

  private id(name: string, sizeBytes: number, end: number): void {
    const idBytes = end - this.reader.position;
    if (idBytes !== 0 && idBytes !== sizeBytes) throw new DecodeError(`unmarshal: invalid ${name} length`);
    this.reader.position = end;
  }

  /** A body that is no text is checked all the same, in a slot that is given back. A second body changes what the first one said. */
  private body(end: number): void {
    const { view } = this;
    const slot = takeSlot(view);
    view.attributeCount = slot;
    if (!this.value(end, slot)) return;
    const isText = view.valueKind[slot] === valueKinds.text;
    view.bodyStart = isText ? view.valueStart[slot]! : -1;
    view.bodyEnd = isText ? view.valueEnd[slot]! : -1;
    view.otherBodyStart = isText ? -1 : view.valueStart[slot]!;
    view.otherBodyEnd = isText ? -1 : view.valueEnd[slot]!;
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
      else skipUnknown(reader, { message: 'keyValue', tag: at, end });
    }
  }

  /** Reads an AnyValue; where it holds several kinds, the last one stands, as in every oneof. Answers whether it holds any. */
  private value(end: number, slot: number): boolean {
    const { reader, view } = this;
    let isSet = false;
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
        case tags.valueKvlist: {
          const listEnd = reader.readLength(end);
          const from = reader.position;
          this.nested ??= new NestedMessages(reader);
          this.nested.take(at === tags.valueArray ? 'arrayValue' : 'keyValueList', listEnd);
          reader.position = from;
          this.range(valueKinds.other, listEnd, slot);
          break;
        }
        case tags.valueBytes:
          this.range(valueKinds.other, reader.readLength(end), slot);
          break;
        default:
          skipUnknown(reader, { message: 'value', tag: at, end });
          continue;
      }
      isSet = true;
    }
    return isSet;
  }

  private range(kind: number, end: number, slot: number): void {
    const { reader, view } = this;
    view.valueKind[slot] = kind;
    view.valueStart[slot] = reader.position;
    view.valueEnd[slot] = reader.position = end;
  }
}
