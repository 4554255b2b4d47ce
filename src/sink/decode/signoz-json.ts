// The JSON receiver of SigNoz: an array of flat records, taken whole or refused whole. Rules and texts are those of
// SigNoz/signoz-otel-collector, receiver/httplogreceiver/bodyparser/json.go. Where the real one depends on the random order of
// Go's maps, ours takes the outcome that loses nothing: flat keys stand beside `attributes`, and of `body` and `message` the
// later one stands (which the real one prefers, too).

import { DecodeError } from './decode-error.ts';
import { parseGoArray } from './go-json.ts';
import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';
import type { VisitUntil } from './record-view.ts';
import { TextScratch } from './text-scratch.ts';

const prefix = 'error unmarshalling data:';
/** Nesting that goccy/go-json refuses (decoder/context.go, maxDecodeNestingDepth); the outer array and the record count. */
const depthLimit = 10_000;

/** What one of the reserved keys must be, and what the receiver says otherwise. */
const reserved: Readonly<Record<string, { is: (value: JsonValue) => boolean; otherwise: string }>> = {
  timestamp: { is: isNumber, otherwise: 'timestamp must be a uint64 nanoseconds since Unix epoch' },
  trace_id: { is: isText, otherwise: 'trace_id must be a hex string' },
  span_id: { is: isText, otherwise: 'span_id must be a hex string' },
  trace_flags: { is: isNumber, otherwise: 'trace_flags must be a number' },
  severity_text: { is: isText, otherwise: 'severity_text must be a string' },
  severity_number: { is: isNumber, otherwise: 'severity_number must be a number' },
  attributes: { is: isJsonObject, otherwise: 'attributes must be a map' },
  resources: { is: isJsonObject, otherwise: 'resources must be a map' },
  body: { is: isText, otherwise: 'body must be a string' },
  message: { is: isText, otherwise: 'message must be a string' },
};

/** The records of a body, checked; throws a DecodeError with the receiver's text where it would refuse the request. */
export function parseSignozJson(body: Uint8Array): readonly JsonObject[] {
  const records = parseArray(body);
  for (const record of records) checkTypes(record);
  for (const record of records) checkIds(record);
  return records;
}

/** Visits what the receiver hands on for each record: one resource a record, an empty scope, a body that is always a text. */
export function visitSignozJson(records: readonly JsonObject[], visit: VisitUntil): number {
  const scratch = new TextScratch();
  for (const [index, record] of records.entries()) {
    fillView(scratch, record);
    if (visit(scratch.view, index)) return index + 1;
  }
  return records.length;
}

function fillView(scratch: TextScratch, record: JsonObject): void {
  const { view } = scratch;
  scratch.rewind(0);
  view.attributeCount = 0;
  const resources = record['resources'] as JsonObject | undefined;
  if (resources) addAttributes(scratch, resources, undefined);
  view.resourceAttributeCount = view.scopeAttributeEnd = view.attributeCount;
  const attributes = record['attributes'] as JsonObject | undefined;
  if (attributes) addAttributes(scratch, attributes, record);
  let body = '';
  let timestamp = 0;
  for (const key of Object.keys(record)) {
    const value = record[key]!;
    if (key === 'body' || key === 'message') body = value as string;
    else if (key === 'timestamp') timestamp = value as number;
    else if (!Object.hasOwn(reserved, key)) addAttribute(scratch, key, value);
  }
  view.bodyStart = scratch.write(body);
  view.bodyEnd = scratch.end;
  view.timestampMs = scaledTimestampMs(timestamp);
}

/** A flat key of the record stands over an attribute of the same name: an attribute is there once. */
function addAttributes(scratch: TextScratch, attributes: JsonObject, record: JsonObject | undefined): void {
  for (const key of Object.keys(attributes)) {
    if (record && Object.hasOwn(record, key) && !Object.hasOwn(reserved, key)) continue;
    addAttribute(scratch, key, attributes[key]!);
  }
}

/** Integers become doubles, null and everything nested a text (json.go, processAttribute). */
function addAttribute(scratch: TextScratch, key: string, value: JsonValue): void {
  const slot = scratch.addKey(key);
  if (typeof value === 'string') scratch.setText(slot, value);
  else if (typeof value === 'number') scratch.setNumber(slot, value);
  else if (typeof value === 'boolean') scratch.setBoolean(slot, value);
  else scratch.setText(slot, goJson(value));
}

/**
 * Compact JSON as Go's encoder writes it: keys in byte order, HTML characters escaped, exponents with two digits. A list of what is
 * still to be written stands in for recursion, which 10,000 levels would overflow.
 */
function goJson(root: JsonValue): string {
  let json = '';
  const rest: Piece[] = [{ value: root }];
  for (let next = rest.pop(); next; next = rest.pop()) {
    if ('text' in next) json += next.text;
    else if (next.value === null || typeof next.value !== 'object') json += goScalar(next.value);
    else {
      const pieces = Array.isArray(next.value) ? goElements(next.value) : goMembers(next.value);
      for (let i = pieces.length - 1; i >= 0; i--) rest.push(pieces[i]!);
    }
  }
  return json;
}

type Piece = { text: string } | { value: JsonValue };

function goElements(values: readonly JsonValue[]): Piece[] {
  const elements = values.flatMap((value, index): Piece[] => (index === 0 ? [{ value }] : [{ text: ',' }, { value }]));
  return [{ text: '[' }, ...elements, { text: ']' }];
}

function goMembers(object: JsonObject): Piece[] {
  const keys = Object.keys(object).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const members = keys.flatMap((key, index): Piece[] => [
    { text: `${index === 0 ? '' : ','}${goText(key)}:` },
    { value: object[key]! },
  ]);
  return [{ text: '{' }, ...members, { text: '}' }];
}

function goScalar(value: null | boolean | number | string): string {
  if (typeof value === 'string') return goText(value);
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value).replace(/e-(\d)$/, 'e-0$1');
  return String(value);
}

function goText(text: string): string {
  const escape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(Buffer.from(text).toString())
    .replace(/[<>&\u2028\u2029]/g, escape)
    .replace(/\\[bf]|\\\\/g, (match) => (match === '\\b' ? '\\u0008' : match === '\\f' ? '\\u000c' : match));
}

/**
 * Any number is scaled by its digits up to 19, whatever its unit was (json.go, getEpochNano): Go's conversion to int64 first,
 * so what does not fit becomes the smallest one. 0 is no timestamp.
 */
function scaledTimestampMs(timestamp: number): number {
  const whole = Math.trunc(timestamp);
  if (whole === 0) return NaN;
  const integer = Math.abs(whole) < 2 ** 63 ? BigInt(whole) : -(2n ** 63n);
  const digits = String(integer < 0n ? -integer : integer).length;
  const ns = BigInt.asUintN(64, integer * 10n ** BigInt(Math.max(0, 19 - digits)));
  return Number(ns) / 1e6;
}

/** What JSON.parse takes as an array of objects needs no second look; everything else is goccy's to judge. */
function parseArray(body: Uint8Array): readonly JsonObject[] {
  try {
    const value = JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.length).toString('utf8')) as JsonValue;
    if (Array.isArray(value) && value.every(isJsonObject)) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return parseGoArray(body, prefix);
}

function checkTypes(record: JsonObject): void {
  for (const key of Object.keys(record)) {
    const value = record[key]!;
    const rule = Object.hasOwn(reserved, key) ? reserved[key] : undefined;
    if (rule && !rule.is(value)) throw new DecodeError(rule.otherwise);
    if (typeof value === 'object' || typeof value === 'number') checkNested(value);
  }
}

/** Numbers past a double's range and nesting past the parser's are errors there; JSON.parse takes both. */
function checkNested(root: JsonValue): void {
  // Level by level; the outer array and the record are the first two.
  let level = [root];
  for (let depth = 3; level.length > 0; depth++) {
    const next: JsonValue[] = [];
    for (const value of level) {
      if (typeof value === 'number' && !Number.isFinite(value)) {
        throw new DecodeError(
          `${prefix}strconv.ParseFloat: parsing "${value > 0 ? '' : '-'}1e400": value out of range`,
        );
      }
      if (value === null || typeof value !== 'object') continue;
      if (depth > depthLimit) {
        throw new DecodeError(`${prefix}invalid character "${Array.isArray(value) ? '[' : '{'}" exceeded max depth`);
      }
      for (const inner of Array.isArray(value) ? value : Object.values(value)) next.push(inner);
    }
    level = next;
  }
}

/** Ids are hex of any length; trace_id is looked at before span_id, and a bad byte before an odd length. */
function checkIds(record: JsonObject): void {
  for (const name of ['trace_id', 'span_id']) {
    const bytes = Buffer.from((record[name] as string | undefined) ?? '');
    const bad = bytes.find((byte) => !/[0-9a-fA-F]/.test(String.fromCharCode(byte)));
    if (bad !== undefined) throw new DecodeError(`error decoding ${name}:encoding/hex: invalid byte: ${goRune(bad)}`);
    if (bytes.length % 2 === 1) throw new DecodeError(`error decoding ${name}:encoding/hex: odd length hex string`);
  }
}

/** A byte as Go's %#U prints it: the character follows where it can be printed. */
function goRune(byte: number): string {
  const code = `U+${byte.toString(16).toUpperCase().padStart(4, '0')}`;
  const isPrintable = (byte >= 0x20 && byte < 0x7f) || (byte >= 0xa1 && byte !== 0xad);
  return isPrintable ? `${code} '${String.fromCharCode(byte)}'` : code;
}

function isNumber(value: JsonValue): boolean {
  return typeof value === 'number';
}

function isText(value: JsonValue): boolean {
  return typeof value === 'string';
}
