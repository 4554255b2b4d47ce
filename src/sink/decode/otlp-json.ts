// OTLP logs in JSON. Names are accepted in lowerCamelCase and snake_case, unknown ones are ignored, 64-bit integers are numbers
// or texts, and a wrong type refuses the request (open-telemetry/opentelemetry-collector, pdata/internal/json/iterator.go and
// generated_proto_logrecord.go). The collector's texts quote its own parser's position; ours name the same failure.

import { isUtf8 } from 'node:buffer';

import { valueKinds } from '../../core/model/delivery.ts';
import { checkNesting, DecodeError } from './decode-error.ts';
import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';
import { setInteger, type VisitUntil } from './record-view.ts';
import { TextScratch } from './text-scratch.ts';

/** Integers that JSON.parse would round, or floats where an integer belongs: only then the slower exact parse is needed. */
const inexactInteger =
  /"(?:intValue|int_value|(?:observedT|t)imeUnixNano|(?:observed_)?time_unix_nano)"\s*:\s*-?(?:\d{16}|\d+[.eE])/;
const integerKeys = new Set([
  'intValue',
  'int_value',
  'timeUnixNano',
  'time_unix_nano',
  'observedTimeUnixNano',
  'observed_time_unix_nano',
]);
const severityName = /^SEVERITY_NUMBER_(?:UNSPECIFIED|(?:TRACE|DEBUG|INFO|WARN|ERROR|FATAL)[2-4]?)$/;
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const floatText = /^[+-]?(?:\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?|NaN|Inf(?:inity)?)$/i;

/** The request's JSON value, not yet checked. What stands behind the first value is ignored, as the collector does. */
export function parseOtlpJson(body: Uint8Array): JsonValue {
  const text = Buffer.from(body.buffer, body.byteOffset, body.length).toString('utf8');
  const parse = inexactInteger.test(text) ? parseExactly : (json: string) => JSON.parse(json) as JsonValue;
  try {
    return parse(text);
  } catch {
    const first = firstObject(text);
    if (first === undefined) throw syntaxError();
    try {
      return parse(first);
    } catch {
      throw syntaxError();
    }
  }
}

/** Visits each record and checks all on the way: a caller that must take all or nothing walks twice. */
export function visitOtlpJson(request: JsonValue, visit: VisitUntil): number {
  return new OtlpJsonWalk(visit).request(request);
}

/** The collector cannot even answer where its text would quote a bad byte (otlpreceiver/otlphttp.go, writeStatusResponse). */
export function answerable(error: DecodeError, body: Uint8Array): DecodeError {
  return (body[0] ?? 0) >= 0x80 || !isUtf8(body) ? unanswerable() : error;
}

function syntaxError(): DecodeError {
  return new DecodeError('ReadObject: the body is not a JSON object');
}

function unanswerable(): DecodeError {
  return new DecodeError('failed to marshal error message', 500, 13);
}

function parseExactly(text: string): JsonValue {
  const keepSource = (key: string, value: JsonValue, context?: { source: string }): JsonValue =>
    typeof value === 'number' && context && integerKeys.has(key) ? context.source : value;
  return JSON.parse(text, keepSource) as JsonValue;
}

/** The text up to the brace that closes the first object. */
function firstObject(text: string): string | undefined {
  let depth = 0;
  let isText = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (isText) {
      if (code === 0x5c) i++;
      else if (code === 0x22) isText = false;
    } else if (code === 0x22) isText = true;
    else if (code === 0x7b) depth++;
    else if (code === 0x7d && --depth === 0) return text.slice(0, i + 1);
  }
  return undefined;
}

class OtlpJsonWalk {
  private readonly scratch = new TextScratch();
  private readonly visit: VisitUntil;
  private recordCount = 0;
  private depth = 0;
  private stopped = false;

  constructor(visit: VisitUntil) {
    this.visit = visit;
  }

  request(value: JsonValue): number {
    for (const [key, inner] of entries(value)) {
      if (key === 'resourceLogs' || key === 'resource_logs') {
        for (const element of list(inner)) if (!this.stopped) this.resourceLogs(element);
      }
    }
    return this.recordCount;
  }

  private resourceLogs(value: JsonValue): void {
    const { scratch } = this;
    const { view } = scratch;
    scratch.rewind(0);
    view.attributeCount = 0;
    for (const [key, inner] of entries(value)) {
      if (key === 'resource') this.owner(inner);
      else if (key === 'schemaUrl' || key === 'schema_url') text(inner);
    }
    view.resourceAttributeCount = view.attributeCount;
    const kept = scratch.end;
    for (const [key, inner] of entries(value)) {
      if (key === 'scopeLogs' || key === 'scope_logs') {
        for (const element of list(inner)) if (!this.stopped) this.scopeLogs(element, kept);
      }
    }
  }

  private scopeLogs(value: JsonValue, keptOfResource: number): void {
    const { scratch } = this;
    const { view } = scratch;
    scratch.rewind(keptOfResource);
    view.attributeCount = view.resourceAttributeCount;
    for (const [key, inner] of entries(value)) {
      if (key === 'scope') this.owner(inner);
      else if (key === 'schemaUrl' || key === 'schema_url') text(inner);
    }
    view.scopeAttributeEnd = view.attributeCount;
    const kept = scratch.end;
    for (const [key, inner] of entries(value)) {
      if (key !== 'logRecords' && key !== 'log_records') continue;
      for (const element of list(inner)) {
        if (this.stopped) return;
        scratch.rewind(kept);
        this.record(element);
      }
    }
  }

  /** A resource or a scope: attributes and what else only has to have the right type. */
  private owner(value: JsonValue): void {
    for (const [key, inner] of entries(value)) {
      if (key === 'attributes') this.attributes(inner);
      else if (key === 'name' || key === 'version') text(inner);
      else if (key === 'droppedAttributesCount' || key === 'dropped_attributes_count') unsigned32(inner);
    }
  }

  private record(value: JsonValue): void {
    const { view } = this.scratch;
    view.attributeCount = view.scopeAttributeEnd;
    view.bodyStart = view.bodyEnd = -1;
    view.timestampMs = NaN;
    for (const [key, inner] of entries(value)) this.recordField(key, inner);
    this.stopped = this.visit(view, this.recordCount++);
  }

  private recordField(key: string, value: JsonValue): void {
    switch (key) {
      case 'timeUnixNano':
      case 'time_unix_nano': {
        const ns = integer(value, 0n, maxUnsigned64);
        this.scratch.view.timestampMs = ns === 0n ? NaN : Number(ns) / 1e6;
        return;
      }
      case 'observedTimeUnixNano':
      case 'observed_time_unix_nano':
        return void integer(value, 0n, maxUnsigned64);
      case 'severityNumber':
      case 'severity_number':
        return severityNumber(value);
      case 'severityText':
      case 'severity_text':
      case 'eventName':
      case 'event_name':
        return void text(value);
      case 'body':
        return this.body(value);
      case 'attributes':
        return this.attributes(value);
      case 'droppedAttributesCount':
      case 'dropped_attributes_count':
      case 'flags':
        return unsigned32(value);
      case 'traceId':
      case 'trace_id':
        return id(value, 32);
      case 'spanId':
      case 'span_id':
        return id(value, 16);
    }
  }

  /** A body that is no text is checked all the same, in a slot that is given back. */
  private body(value: JsonValue): void {
    const { view } = this.scratch;
    const slot = this.scratch.addKey('');
    this.value(slot, value);
    const isText = view.valueKind[slot] === valueKinds.text;
    view.bodyStart = isText ? view.valueStart[slot]! : -1;
    view.bodyEnd = isText ? view.valueEnd[slot]! : -1;
    view.attributeCount = slot;
  }

  private attributes(value: JsonValue): void {
    for (const element of list(value)) {
      const fields = [...entries(element)];
      const slot = this.scratch.addKey(text(fields.findLast(([key]) => key === 'key')?.[1] ?? ''));
      for (const [key, inner] of fields) if (key === 'value') this.value(slot, inner);
    }
  }

  /** An AnyValue; where it holds several kinds, the last one stands. */
  private value(slot: number, value: JsonValue): void {
    const { scratch } = this;
    for (const [key, inner] of entries(value)) {
      switch (key) {
        case 'stringValue':
        case 'string_value':
          scratch.setText(slot, text(inner));
          break;
        case 'boolValue':
        case 'bool_value':
          if (typeof inner !== 'boolean') throw new DecodeError(`ReadBool: expect t or f, but found ${shown(inner)}`);
          scratch.setBoolean(slot, inner);
          break;
        case 'intValue':
        case 'int_value':
          setBigInteger(scratch, slot, integer(inner, minSigned64, maxSigned64));
          break;
        case 'doubleValue':
        case 'double_value':
          scratch.setNumber(slot, double(inner));
          break;
        case 'bytesValue':
        case 'bytes_value':
          if (!base64.test(text(inner))) throw new DecodeError('base64.Decode: illegal base64 data');
          scratch.setText(slot, JSON.stringify(inner), valueKinds.other);
          break;
        case 'arrayValue':
        case 'array_value':
        case 'kvlistValue':
        case 'kvlist_value':
          this.nested(slot, inner, key.startsWith('array'));
      }
    }
  }

  /** Checks what an array or a key-value list holds, and keeps its JSON. */
  private nested(slot: number, value: JsonValue, isArray: boolean): void {
    const { scratch } = this;
    checkNesting(++this.depth);
    for (const [key, inner] of entries(value)) {
      if (key !== 'values') continue;
      if (!isArray) this.attributes(inner);
      else for (const element of list(inner)) this.value(scratch.addKey(''), element);
    }
    this.depth--;
    scratch.view.attributeCount = slot + 1;
    scratch.setText(slot, JSON.stringify(value), valueKinds.other);
  }
}

const maxUnsigned64 = 2n ** 64n - 1n;
const minSigned64 = -(2n ** 63n);
const maxSigned64 = 2n ** 63n - 1n;

/** Keys and values of an object; null counts as an empty one. */
function entries(value: JsonValue): Iterable<[string, JsonValue]> {
  if (value === null) return [];
  if (!isJsonObject(value)) throw new DecodeError(`ReadObject: expect { or , or } or n, but found ${shown(value)}`);
  return Object.entries(value as JsonObject);
}

/** Elements of an array; null counts as an empty one. */
function list(value: JsonValue): readonly JsonValue[] {
  if (value === null) return [];
  if (!Array.isArray(value)) throw new DecodeError(`ReadArray: expect [ or , or ] or n, but found ${shown(value)}`);
  return value;
}

function text(value: JsonValue): string {
  if (value === null) return '';
  if (typeof value !== 'string') throw new DecodeError(`ReadString: expects " or n, but found ${shown(value)}`);
  return value;
}

/** A whole number, or its digits as a text (Go's ParseInt and ParseUint: only signed ones take a plus). */
function integer(value: JsonValue, least: bigint, most: bigint): bigint {
  const isUnsigned = least === 0n;
  if (typeof value === 'number' || (typeof value === 'string' && value !== '')) {
    if (isUnsigned && String(value).startsWith('-') && typeof value === 'number') throw unanswerable();
    const digits = String(value);
    if (!(isUnsigned ? /^\d+$/ : /^[+-]?\d+$/).test(digits)) {
      throw new DecodeError(`strconv.ParseInt: parsing "${digits}": invalid syntax`);
    }
    const parsed = BigInt(digits.replace('+', ''));
    if (parsed < least || parsed > most)
      throw new DecodeError(`strconv.ParseInt: parsing "${digits}": value out of range`);
    return parsed;
  }
  throw new DecodeError(`ReadInt64: unsupported value type, found ${shown(value)}`);
}

function unsigned32(value: JsonValue): void {
  integer(value, 0n, 0xffff_ffffn);
}

/** An enum is its number or its exact name. */
function severityNumber(value: JsonValue): void {
  const isEnum =
    typeof value === 'number' ? Number.isInteger(value) : typeof value === 'string' && severityName.test(value);
  if (!isEnum) throw new DecodeError(`ReadEnumValue: unknown value ${shown(value)}`);
}

function id(value: JsonValue, digitCount: number): void {
  if (typeof value !== 'string') throw new DecodeError(`ReadStringAsSlice: expects ", but found ${shown(value)}`);
  if (value === '') return;
  if (value.length !== digitCount) throw new DecodeError('ID.UnmarshalJSONIter: length mismatch');
  if (!/^[0-9a-fA-F]+$/.test(value)) throw new DecodeError('ID.UnmarshalJSONIter: encoding/hex: invalid byte');
}

function double(value: JsonValue): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value !== 'string' || !floatText.test(value)) {
    throw new DecodeError(`strconv.ParseFloat: parsing ${shown(value)}: invalid syntax or out of range`);
  }
  return /inf/i.test(value) ? (value.startsWith('-') ? -Infinity : Infinity) : Number(value);
}

function setBigInteger(scratch: TextScratch, slot: number, value: bigint): void {
  const words = BigInt.asUintN(64, value);
  setInteger(scratch.view, slot, { low: Number(words & 0xffff_ffffn), high: Number(words >> 32n) });
}

/** The first character of what was found, as the collector's parser tells it. */
function shown(value: JsonValue): string {
  return JSON.stringify(value)[0]!;
}
