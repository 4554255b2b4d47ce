// OTLP logs in JSON, straight from the body's bytes into one RecordView: no tree of the body, no object per record. Names are accepted in
// lowerCamelCase and snake_case, unknown ones are ignored, repeated lists are joined, of repeated scalars the last stands, and a wrong
// type refuses the request (open-telemetry/opentelemetry-collector, pdata/internal/generated_proto_*.go, UnmarshalJSON).
// Two walks that read each record, where the one that checks a body mostly steps over them now (usual-records.ts), took 0.75 to 0.85 us
// a record of one line and 2.4 to 3.1 us one of 14 attributes besides, in CPU time on a busy machine; JSON.parse of the same text, interleaved, 0.5 to 0.57 us and 5.5 to 7 us.

import { valueKinds, type RecordView } from '../../core/model/delivery.ts';
import { blank, comma, openBrace, quote } from './ascii.ts';
import { follows } from '../byte-page.ts';
import { int32, int64, readInteger, uint32, uint64 } from './collector-integers.ts';
import { CollectorJsonReader, noField } from './collector-json.ts';
import { NestedValues, readBase64, readFloat, valueFields } from './otlp-json-values.ts';
import { jsonNames } from './otlp-messages.ts';
import { setInteger, takeSlot, type AgeWatch, type VisitUntil } from './record-view.ts';
import type { TemplateRules } from './record-template.ts';
import { TextScratch } from './text-scratch.ts';
import { UsualJsonAttributes } from './usual-json-attributes.ts';
import { UsualRecords } from './usual-records.ts';

const severityName = /^SEVERITY_NUMBER_(?:UNSPECIFIED|(?:TRACE|DEBUG|INFO|WARN|ERROR|FATAL)[2-4]?)$/;

/** By their field, wherever it stands: all that fields which OTLP does not know can hold is taken as well. */
const texts: ReadonlySet<string> = new Set(['stringValue', 'string_value', 'key', 'severityText', 'severity_text']);
const times: ReadonlySet<string> = new Set([
  'timeUnixNano',
  'time_unix_nano',
  'observedTimeUnixNano',
  'observed_time_unix_nano',
]);
const integers: ReadonlySet<string> = new Set(['intValue', 'int_value']);

function integerUnder(key: string): number | undefined {
  return times.has(key) ? follows.nanosecondTime : integers.has(key) ? follows.integer : undefined;
}

/** Integers of 64 bits may be texts. */
const template: TemplateRules = {
  textUnder: (key) => (texts.has(key) ? follows.text : integerUnder(key)),
  integerUnder,
  fits: () => true,
};

/** Where owners stand behind their records, by where the object begins that holds both. */
type LateOwners = Map<number, number[]>;

/**
 * One walk over a body. Resources and scopes stand before their records in what encoders write. Where one does not, the walk that checks the
 * body shows its records without it, and those after it, which know where it stands, with it.
 */
export class OtlpJsonWalk {
  recordCount = 0;
  readonly lateOwners: LateOwners;
  private readonly scratch: TextScratch;
  private readonly view: RecordView;
  private readonly reader: CollectorJsonReader;
  private readonly nested: NestedValues;
  private readonly usual: UsualJsonAttributes;
  private usualRecords: UsualRecords | undefined;
  private readonly visit: VisitUntil;
  private readonly isChecked: boolean;
  private isEnough = false;
  /** Where the scratch begins for the next record: behind what the resource and the scope wrote. */
  private kept = 0;

  /** `lateOwners` are those of a walk that read the same body to its end: this one then ends when `visit` has seen enough. */
  constructor(body: Uint8Array, visit: VisitUntil, lateOwners?: LateOwners) {
    this.isChecked = lateOwners !== undefined;
    this.lateOwners = lateOwners ?? new Map();
    this.scratch = new TextScratch(body);
    this.view = this.scratch.view;
    this.reader = new CollectorJsonReader(body, this.scratch, this.isChecked);
    this.nested = new NestedValues(this.reader);
    this.usual = new UsualJsonAttributes(this.reader);
    this.visit = visit;
  }

  /** As `walk`, but shows only records that `watch` has to look at. */
  check(watch: AgeWatch | undefined): void {
    this.usualRecords = new UsualRecords(this.reader.bytes, watch);
    this.walk();
  }

  /** Throws a DecodeError where the collector would refuse the body; what stands behind the first value is ignored, as it does. */
  walk(): void {
    const { reader } = this;
    while (!this.isOver()) {
      const field = reader.readField(jsonNames.request);
      if (field === noField) break;
      if (field === 0) reader.skip();
      else while (!this.isOver() && reader.readArray()) this.resourceLogs();
    }
    this.scratch.release();
  }

  private isOver(): boolean {
    return this.isEnough && this.isChecked;
  }

  private resourceLogs(): void {
    const { reader, view, scratch } = this;
    const start = reader.at;
    let hasRecords = false;
    view.attributeCount = 0;
    scratch.end = reader.end;
    while (!this.isOver()) {
      const field = reader.readField(jsonNames.resourceLogs);
      if (field === noField) return;
      if (field === 1) {
        if (hasRecords) this.lateOwner(start, 'resource');
        else this.owner('resource');
      } else if (field === 2) {
        if (!hasRecords) {
          this.readLateOwners(start, 'resource');
          view.resourceAttributeCount = view.attributeCount;
          this.kept = scratch.end;
        }
        hasRecords = true;
        while (!this.isOver() && reader.readArray()) this.scopeLogs();
      } else if (field === 3) this.text();
      else reader.skip();
    }
  }

  private scopeLogs(): void {
    const { reader, view, scratch } = this;
    const start = reader.at;
    const keptOfResource = this.kept;
    let hasRecords = false;
    view.attributeCount = view.resourceAttributeCount;
    while (!this.isOver()) {
      const field = reader.readField(jsonNames.scopeLogs);
      if (field === noField) break;
      if (field === 1) {
        if (hasRecords) this.lateOwner(start, 'scope');
        else this.owner('scope');
      } else if (field === 2) {
        if (!hasRecords) {
          this.readLateOwners(start, 'scope');
          view.scopeAttributeEnd = view.attributeCount;
          this.kept = scratch.end;
        }
        hasRecords = true;
        while (!this.isOver() && reader.readArray()) this.records();
      } else if (field === 3) this.text();
      else reader.skip();
    }
    this.kept = scratch.end = keptOfResource;
  }

  private lateOwner(start: number, kind: 'resource' | 'scope'): void {
    const { view, scratch } = this;
    if (!this.isChecked) {
      const places = this.lateOwners.get(start) ?? [];
      this.lateOwners.set(start, [...places, this.reader.at]);
    }
    const count = view.attributeCount;
    const { end } = scratch;
    this.owner(kind);
    view.attributeCount = count;
    scratch.end = end;
  }

  private readLateOwners(start: number, kind: 'resource' | 'scope'): void {
    const { reader } = this;
    if (!this.isChecked || this.lateOwners.size === 0) return;
    const { at } = reader;
    for (const place of this.lateOwners.get(start) ?? []) {
      reader.seek(place);
      this.owner(kind);
    }
    reader.seek(at);
  }

  /** A resource or a scope: attributes, and what else only has to have the right type. */
  private owner(kind: 'resource' | 'scope'): void {
    const { reader } = this;
    const attributes = kind === 'resource' ? 1 : 3;
    for (;;) {
      const field = reader.readField(jsonNames[kind]);
      if (field === noField) return;
      if (field === 0) reader.skip();
      else if (field === attributes) this.attributes();
      else if (kind === 'scope' ? field < 3 : false) this.text();
      else if (kind === 'resource' && field === 3) while (reader.readArray()) this.entityRef();
      else readInteger(reader, uint32);
    }
  }

  private entityRef(): void {
    const { reader } = this;
    for (;;) {
      const field = reader.readField(jsonNames.entityRef);
      if (field === noField) return;
      if (field === 0) reader.skip();
      else if (field < 3) this.text();
      else while (reader.readArray()) this.text();
    }
  }

  /** A record, and those behind it that are like it. */
  private records(): void {
    const { reader, usualRecords } = this;
    if (!usualRecords) return this.record();
    reader.peek();
    const start = reader.at;
    this.record();
    const behind = reader.at;
    const { bytes } = reader;
    if (bytes[behind] !== comma) return;
    const next = bytes[behind + 1] === blank ? behind + 2 : behind + 1;
    if (bytes[next] !== openBrace) return;
    this.recordCount += usualRecords.json(bytes, { start, next }, template);
    // Before the comma again.
    reader.at = usualRecords.at - (next - behind);
  }

  private record(): void {
    const { reader, view } = this;
    this.scratch.end = this.kept;
    view.attributeCount = view.scopeAttributeEnd;
    view.bodyStart = view.bodyEnd = -1;
    view.otherBodyStart = view.otherBodyEnd = -1;
    view.timestampMs = NaN;
    for (;;) {
      const field = reader.readField(jsonNames.record);
      if (field === noField) break;
      this.recordField(field);
    }
    const index = this.recordCount++;
    if (!this.isEnough) this.isEnough = this.visit(view, index);
  }

  private recordField(field: number): void {
    const { reader, view } = this;
    switch (field) {
      case 1:
        readInteger(reader, uint64);
        view.timestampMs =
          reader.low === 0 && reader.high === 0 ? NaN : (reader.high * 0x1_0000_0000 + reader.low) / 1e6;
        return;
      case 11:
        return readInteger(reader, uint64);
      case 2:
        return this.severityNumber();
      case 3:
      case 12:
        return this.text();
      case 5:
        return this.body();
      case 6:
        return this.attributes();
      case 7:
      case 8:
        return readInteger(reader, uint32);
      case 9:
        return this.id(32);
      case 10:
        return this.id(16);
      default:
        return reader.skip();
    }
  }

  /** A text that is looked at and not kept. */
  private text(): void {
    const { end } = this.scratch;
    this.reader.readText();
    this.scratch.end = end;
  }

  /** A body that is no text is checked all the same, in a slot that is given back. A second body changes what the first one said. */
  private body(): void {
    const { view } = this;
    const slot = takeSlot(view);
    if (!this.value(slot)) {
      view.attributeCount = slot;
      return;
    }
    const isText = view.valueKind[slot] === valueKinds.text;
    view.bodyStart = isText ? view.valueStart[slot]! : -1;
    view.bodyEnd = isText ? view.valueEnd[slot]! : -1;
    view.otherBodyStart = isText ? -1 : view.valueStart[slot]!;
    view.otherBodyEnd = isText ? -1 : view.valueEnd[slot]!;
    view.attributeCount = slot;
  }

  private attributes(): void {
    const { reader } = this;
    while (reader.readArray()) {
      if (!this.usual.read(this.view, reader)) this.keyValue();
    }
  }

  private keyValue(): void {
    const { reader, view } = this;
    const slot = takeSlot(view);
    for (;;) {
      const field = reader.readField(jsonNames.keyValue);
      if (field === noField) return;
      if (field === 1) {
        reader.readText();
        view.keyStart[slot] = reader.textStart;
        view.keyEnd[slot] = reader.textEnd;
      } else if (field === 2) this.value(slot);
      else reader.skip();
    }
  }

  /** An AnyValue; where it holds several kinds, the last one stands. Answers whether it holds any. */
  private value(slot: number): boolean {
    const { reader, view } = this;
    let isSet = false;
    for (;;) {
      const field = reader.readField(jsonNames.value);
      if (field === noField) return isSet;
      if (field === 0) reader.skip();
      else {
        isSet = true;
        view.valueKind[slot] = this.valueField(field, slot);
      }
    }
  }

  /** Reads a value into the slot; answers its kind. */
  private valueField(field: number, slot: number): number {
    const { reader, view } = this;
    switch (field) {
      case valueFields.text:
        reader.readText();
        return this.range(slot, valueKinds.text);
      case valueFields.boolean:
        view.number[slot] = reader.readBoolean() ? 1 : 0;
        return valueKinds.boolean;
      case valueFields.integer:
        readInteger(reader, int64);
        setInteger(view, slot, reader);
        return valueKinds.integer;
      case valueFields.double:
        view.number[slot] = readFloat(reader);
        return valueKinds.double;
      case valueFields.bytes:
        readBase64(reader);
        return this.range(slot, valueKinds.other);
      default: {
        const start = reader.at;
        const { end } = this.scratch;
        this.nested.take(field);
        this.scratch.end = end;
        reader.textStart = start;
        reader.textEnd = reader.at;
        return this.range(slot, valueKinds.other);
      }
    }
  }

  private range(slot: number, kind: number): number {
    this.view.valueStart[slot] = this.reader.textStart;
    this.view.valueEnd[slot] = this.reader.textEnd;
    return kind;
  }

  /** An enum is its number or its exact name. */
  private severityNumber(): void {
    const { reader } = this;
    if (reader.peek() !== quote) return readInteger(reader, int32);
    const { end } = this.scratch;
    reader.readText();
    if (!severityName.test(reader.lastText())) throw reader.error('ReadEnumValue', 'unknown string value');
    this.scratch.end = end;
  }

  private id(digitCount: number): void {
    const { reader } = this;
    reader.readRawText();
    const length = reader.textEnd - reader.textStart;
    if (length === 0) return;
    const hex = reader.bytes.toString('latin1', reader.textStart, reader.textEnd);
    if (length >> 1 !== digitCount / 2) throw reader.error('ID.UnmarshalJSONIter', 'length mismatch');
    if (length !== digitCount || !/^[0-9a-fA-F]+$/.test(hex)) {
      throw reader.error('ID.UnmarshalJSONIter', 'encoding/hex: invalid byte or odd length');
    }
  }
}
