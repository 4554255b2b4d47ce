// Reads an arrived record into the canonical line of the flow-log record that it claims to be: each field from the attribute
// bound to it, else from a raw line in the body, else (for `end` or `start`) from the record's own timestamp.

import { valueKinds, type RecordView } from '../../core/model/delivery.ts';
import { Agreement } from './agreement.ts';
import { openBinder, type Shape } from './binding.ts';
import type { Carriage } from './carriage.ts';
import type { FieldValues } from './field-names.ts';
import type { Fingerprinter } from './fingerprint.ts';
import { isEqual, tokenValues, writeSurplus, type FieldSchema } from './field-schema.ts';
import { explainedFields, type Format } from './format.ts';
import { JsonBodies, openBrace } from './json-body.ts';
import { hasOtherBody } from './structured-body.ts';
import type { TimestampMeaning } from './layout.ts';
import { openLayoutBinder } from './layout-binding.ts';
import { LineWriter } from './line-writer.ts';
import { isEmptyValue, openShapes, type Shapes } from './shapes.ts';
import { Tokens } from './tokens.ts';

/** What an arrival is. `unexplained` ones hold fewer than three fields. */
export const arrivalKinds = { record: 0, header: 1, blank: 2, unexplained: 3 } as const;

interface Uses {
  readonly records: number;
  readonly usesTimestamp: boolean;
}

/** Reads one record at a time; the last one's line stands in `bytes` from `start` to `end`. */
export class ArrivalReader {
  bytes: Uint8Array;
  start = 0;
  end = 0;
  /** Value ranges of the line, valid only after `readValues`. */
  readonly writer: LineWriter;
  /** Holds the line's fingerprint after `read`. */
  readonly fingerprinter: Fingerprinter;
  readonly #schema: FieldSchema;
  readonly #shapes: Shapes;
  readonly #tokens: Tokens;
  readonly #agreement: Agreement;
  readonly #tokenWriter = new LineWriter(1);
  readonly #timestampField: number;
  readonly #bodies: Float64Array;
  #timestamps = 0;
  #ways = 0;
  readonly #jsonBodies: JsonBodies;
  /** The record as it came. */
  #received: RecordView | undefined;
  readonly #lineView: Partial<RecordView> = {};
  /** A declared layout has the line elsewhere than in the body, or nowhere. */
  readonly #movesLine: boolean;
  // What the record being read turned out to hold.
  #found = 0;
  #shared = 0;
  #agreed = 0;
  #named = 0;
  #usesTimestamp = false;

  /** `seed` keys the fingerprints. */
  constructor(schema: FieldSchema, timestampMeaning: TimestampMeaning, seed = 0) {
    this.#schema = schema;
    this.#tokens = new Tokens(seed);
    this.fingerprinter = this.#tokens.fingerprinter;
    const { fields, formats, layout } = schema;
    this.#shapes = openShapes(layout ? openLayoutBinder(fields, layout) : openBinder(fields));
    this.#movesLine = layout !== undefined && layout.line !== 'body';
    this.#jsonBodies = new JsonBodies(new Set(formats.map(({ names }) => names.length)));
    this.#agreement = new Agreement(schema);
    this.#bodies = new Float64Array(schema.formats.length);
    this.#timestampField = timestampMeaning === 'none' ? -1 : schema.fields.indexOf(timestampMeaning);
    this.writer = new LineWriter(schema.fields.length);
    this.bytes = this.writer.bytes;
  }

  /** Returns one of `arrivalKinds`. */
  read(received: RecordView): number {
    this.#received = received;
    const opened = this.#jsonBodies.open(received);
    const shape = this.#shapes.of(opened);
    return this.#readShaped(this.#movesLine ? this.#atLine(opened, shape) : opened, shape);
  }

  /** The shape of a record of which only the line in its body says anything; undefined for any other. */
  shapeOfLine(view: RecordView): Shape | undefined {
    const isLine = view.bodyStart >= 0 && view.attributeCount === view.scopeAttributeEnd && !this.#movesLine;
    if (!isLine || view.source[view.bodyStart] === openBrace || hasOtherBody(view)) return undefined;
    const shape = this.#shapes.of(view);
    return shape.boundCount === 0 ? shape : undefined;
  }

  /** As `read`, for a record whose shape `shapeOfLine` has told; attributes need not be there any more. */
  readLine(view: RecordView, shape: Shape): number {
    this.#received = view;
    return this.#readShaped(view, shape);
  }

  /** Counts records of the shape whose lines somebody else has found to be usual. */
  countLines(shape: Shape, count: number): void {
    if (count > 0) this.#count(shape, this.#schema.formats[0], { records: count, usesTimestamp: false });
  }

  #readShaped(view: RecordView, shape: Shape): number {
    const format = this.#formatOfBody(view, shape);
    if (format && this.#schema.isPlain(this.#tokens, format, view.source)) {
      const isWhole = shape.boundCount === 0 || this.#agreement.holds(view, shape, this.#tokens);
      if (isWhole) return this.#readRawLine(view, shape, format);
    }
    const kind = this.#readComposed(view, shape, format);
    this.fingerprinter.read(this.bytes, this.start, this.end);
    return kind;
  }

  /** As `read`, with the ranges of the values in `writer`. */
  readValues(received: RecordView): number {
    this.#received = received;
    const opened = this.#jsonBodies.open(received);
    const shape = this.#shapes.of(opened);
    const view = this.#movesLine ? this.#atLine(opened, shape) : opened;
    return this.#readComposed(view, shape, this.#formatOfBody(view, shape));
  }

  /** Rises when a record is read in a way in which none was before: then `carriage` may name what it did not. */
  get ways(): number {
    return this.#ways;
  }

  /** How the field was found so far. */
  carriage(field: number): Carriage {
    const uses = new Map<string, number>();
    for (const shape of this.#shapes.all()) {
      const name = shape.nameOf[field];
      if (name !== undefined && shape.uses > 0) uses.set(name, (uses.get(name) ?? 0) + shape.uses);
    }
    let count = [...uses.values()].reduce((sum, n) => sum + n, 0);
    const names = [...uses].toSorted((a, b) => b[1] - a[1]).map(([name]) => name);
    const inBody = this.#schema.formats.reduce((sum, format) => {
      return sum + (format.tokenOf[field]! >= 0 ? this.#bodies[format.index]! : 0);
    }, 0);
    if (inBody > 0) names.push('body');
    const byTimestamp = field === this.#timestampField ? this.#timestamps : 0;
    if (byTimestamp > 0) names.push('timestamp');
    count += inBody + byTimestamp;
    return { count, names, byTimestamp };
  }

  /** The view with its body where a declared layout says that the line is. */
  #atLine(opened: RecordView, { lineSlot }: Shape): RecordView {
    const view = Object.assign(this.#lineView, opened);
    const isText = lineSlot >= 0 && view.valueKind[lineSlot] === valueKinds.text;
    view.bodyStart = isText ? view.valueStart[lineSlot]! : -1;
    view.bodyEnd = isText ? view.valueEnd[lineSlot]! : -1;
    return view;
  }

  /** The whole body is the line, and no attribute says otherwise; its fingerprint was taken with its tokens. */
  #readRawLine(view: RecordView, shape: Shape, format: Format): number {
    this.bytes = view.source;
    this.start = view.bodyStart;
    this.end = this.#tokens.lineEnd;
    if (this.#schema.isHeader(this.#tokens, view.source)) return arrivalKinds.header;
    this.#count(shape, format, { records: 1, usesTimestamp: false });
    return arrivalKinds.record;
  }

  #count(shape: Shape, body: Format | undefined, { records, usesTimestamp }: Uses): void {
    if (shape.uses === 0) this.#ways += 1;
    shape.uses += records;
    if (body) {
      if (this.#bodies[body.index] === 0) this.#ways += 1;
      this.#bodies[body.index]! += records;
    }
    if (usesTimestamp && this.#timestamps++ === 0) this.#ways += 1;
  }

  #formatOfBody(view: RecordView, shape: Shape): Format | undefined {
    if (view.bodyStart < 0) return undefined;
    const tokens = this.#tokens;
    tokens.read(view.source, view.bodyStart, view.bodyEnd);
    if (tokens.count === 0) return undefined;
    const isAlone = shape.boundCount === 0;
    return isAlone ? this.#schema.likeliestFormat(tokens, view.source) : this.#schema.formatOf(tokens, view.source);
  }

  #readComposed(view: RecordView, shape: Shape, format: Format | undefined): number {
    this.#compose(view, shape, format);
    let body = format;
    // A text that contradicts the attributes nearly everywhere is a message and no line of this record.
    if (this.#shared > this.#agreed && this.#agreed < Math.min(explainedFields, this.#shared)) {
      body = undefined;
      this.#compose(view, shape, undefined);
    }
    if (body) writeSurplus(this.writer, this.#tokens, body, view.source);
    this.bytes = this.writer.bytes;
    this.start = 0;
    this.end = this.writer.length;
    const needed = Math.min(explainedFields, this.#schema.fields.length);
    if (this.#named >= needed) return arrivalKinds.header;
    if (this.#found < needed) return isBlank(this.#received!) ? arrivalKinds.blank : arrivalKinds.unexplained;
    this.#count(shape, body, { records: 1, usesTimestamp: this.#usesTimestamp });
    return arrivalKinds.record;
  }

  #compose(view: RecordView, shape: Shape, format: Format | undefined): void {
    const { fields, leftOut } = this.#schema;
    const writer = this.writer;
    this.#found = this.#shared = this.#agreed = this.#named = 0;
    this.#usesTimestamp = false;
    writer.begin();
    for (let field = 0; field < fields.length; field++) {
      writer.open(field);
      const start = writer.length;
      const token = format ? format.tokenOf[field]! : -1;
      this.#writeField(view, shape, field, token < this.#tokens.count ? token : -1);
      if (this.#schema.isOwnName(field, writer.bytes, start, writer.length)) this.#named++;
      if (leftOut[field] === 1) {
        writer.length = start;
        writer.absent();
      }
      writer.close(field);
    }
  }

  #writeField(view: RecordView, shape: Shape, field: number, token: number): void {
    const values = this.#schema.values[field]!;
    const slot = this.#isLocal(view, shape, field, token) ? shape.localSlot : shape.slotOf[field]!;
    if (slot >= 0 && !isEmptyValue(view, slot)) {
      this.#found++;
      const isOwnCase = values === 'type' && shape.isOpenTelemetry[field] === 0;
      writeAttribute(this.writer, view, slot, isOwnCase ? 'plain' : values);
      if (token >= 0) this.#compareBody(view, field, token);
      const rival = shape.rivalOf[field]!;
      if (rival >= 0 && !isEmptyValue(view, rival)) this.#compareMember(view, field, rival);
    } else if (token >= 0) {
      this.#found++;
      this.writer.text(view.source, this.#tokens.starts[token]!, this.#tokens.ends[token]!, tokenValues(values));
    } else if (field === this.#timestampField && !Number.isNaN(view.timestampMs)) {
      this.#usesTimestamp = true;
      writeTimestamp(this.writer, view.timestampMs);
    } else this.writer.absent();
  }

  /**
   * Whether the middle layer's address is this field's. Where a raw line comes too, it says so; else the direction does: the
   * interface's own address is the source of what leaves it (VPC User Guide, "Available fields").
   */
  #isLocal(view: RecordView, shape: Shape, field: number, token: number): boolean {
    if (shape.localSlot < 0) return false;
    const name = this.#schema.fields[field]!;
    if (name !== 'srcaddr' && name !== 'dstaddr') return false;
    const [start, end] = [view.valueStart[shape.localSlot]!, view.valueEnd[shape.localSlot]!];
    if (token >= 0) {
      const own = view.source.subarray(this.#tokens.starts[token]!, this.#tokens.ends[token]!);
      return isEqual(own, view.source, start, end);
    }
    const direction = shape.slotOf[this.#schema.fields.indexOf('flow-direction')] ?? -1;
    const comesIn = direction >= 0 && /^[ri]/.test(textOf(view, direction));
    return comesIn === (name === 'dstaddr');
  }

  /** Where body and attribute both hold the field they must agree; else both values stand in the line, so it fits nothing. */
  #compareBody(view: RecordView, field: number, token: number): void {
    this.#shared++;
    const other = this.#tokenWriter;
    other.begin();
    other.open(0);
    other.text(
      view.source,
      this.#tokens.starts[token]!,
      this.#tokens.ends[token]!,
      tokenValues(this.#schema.values[field]!),
    );
    this.#settle(field);
  }

  /** The same for a member of a JSON body. */
  #compareMember(view: RecordView, field: number, slot: number): void {
    this.#shared++;
    this.#tokenWriter.begin();
    this.#tokenWriter.open(0);
    writeAttribute(this.#tokenWriter, view, slot, this.#schema.values[field]!);
    this.#settle(field);
  }

  /** Compares the value just written with the other one. */
  #settle(field: number): void {
    const { writer } = this;
    const other = this.#tokenWriter;
    if (equalRanges(writer.bytes, writer.starts[field]!, writer.length, other)) this.#agreed++;
    else writer.contradiction(other.bytes, 0, other.length);
  }
}

function textOf(view: RecordView, slot: number): string {
  return new TextDecoder().decode(view.source.subarray(view.valueStart[slot]!, view.valueEnd[slot]!));
}

function equalRanges(bytes: Uint8Array, start: number, end: number, other: LineWriter): boolean {
  if (end - start !== other.length) return false;
  for (let i = 0; i < other.length; i++) if (bytes[start + i] !== other.bytes[i]) return false;
  return true;
}

export function writeAttribute(writer: LineWriter, view: RecordView, slot: number, values: FieldValues): void {
  const kind = view.valueKind[slot]!;
  if (kind === valueKinds.text) return writer.text(view.source, view.valueStart[slot]!, view.valueEnd[slot]!, values);
  if (kind === valueKinds.boolean) return writer.decimal(view.number[slot] === 1 ? 'true' : 'false', values);
  // Arrays, lists and bytes are no way to write a field: their raw encoding stands for them.
  if (kind === valueKinds.other) return writer.text(view.source, view.valueStart[slot]!, view.valueEnd[slot]!, 'plain');
  if (kind === valueKinds.double) return writeNumber(writer, view.number[slot]!, values);
  const high = view.integerHigh[slot]! | 0;
  const low = view.integerLow[slot]!;
  // Within 2^53 a double is exact; beyond, only 64-bit arithmetic is.
  if (high >= -0x20_0000 && high < 0x20_0000) return writer.integer(high * 0x1_0000_0000 + low, values);
  writer.decimal(((BigInt(high) << 32n) | BigInt(low)).toString(), values);
}

function writeNumber(writer: LineWriter, value: number, values: FieldValues): void {
  if (Number.isSafeInteger(value)) writer.integer(value, values);
  else writer.decimal(Number.isInteger(value) ? BigInt(value).toString() : String(value), values);
}

/** A timestamp stands for whole seconds; any other is written with its fraction, and so equals no line of AWS's. */
function writeTimestamp(writer: LineWriter, timestampMs: number): void {
  writeNumber(writer, timestampMs / 1000, 'plain');
}

/** A blank line's record: no text, and no attribute of its own that says anything. */
function isBlank(view: RecordView): boolean {
  if (hasOtherBody(view)) return false;
  if (view.bodyStart >= 0 && !isSpace(view.source, view.bodyStart, view.bodyEnd)) return false;
  for (let slot = view.scopeAttributeEnd; slot < view.attributeCount; slot++) {
    if (isEmptyValue(view, slot)) continue;
    if (view.valueKind[slot] !== valueKinds.text) return false;
    if (!isSpace(view.source, view.valueStart[slot]!, view.valueEnd[slot]!)) return false;
  }
  return true;
}

function isSpace(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] !== 0x20 && (bytes[i]! < 0x09 || bytes[i]! > 0x0d)) return false;
  return true;
}
