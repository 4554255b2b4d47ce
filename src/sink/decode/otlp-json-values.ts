// AnyValue in OTLP JSON: the kinds of values, and the arrays and key-value lists that are checked without recursion, since the collector
// sets no limit to their nesting.

import { quote } from './ascii.ts';
import { readDouble } from './collector-floats.ts';
import { int64, readInteger } from './collector-integers.ts';
import { noField, type CollectorJsonReader } from './collector-json.ts';
import { jsonNames } from './otlp-messages.ts';

/** Numbers of AnyValue's fields. */
export const valueFields = { text: 1, boolean: 2, integer: 3, double: 4, array: 5, list: 6, bytes: 7 } as const;

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
/** What Go's strconv.ParseFloat takes of decimal numbers. */
const floatText = /^(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|nan|[+-]?inf(?:inity)?)$/i;

/** A number, or a text that is one. */
export function readFloat(reader: CollectorJsonReader): number {
  const first = reader.peek();
  if (first !== quote) {
    if (first !== 0x2d && (first < 0x30 || first > 0x39)) throw reader.error('ReadFloat64', 'unsupported value type');
    return readDouble(reader);
  }
  reader.readText();
  const digits = reader.lastText();
  const isInfinity = /inf/i.test(digits);
  const value = isInfinity ? (digits.startsWith('-') ? -Infinity : Infinity) : Number(digits);
  if (!floatText.test(digits) || (!isInfinity && Math.abs(value) === Infinity)) {
    throw reader.error('ReadFloat64', `strconv.ParseFloat: parsing ${JSON.stringify(digits)}: invalid`);
  }
  return value;
}

/** Reads base64; the reader's text is what stands between the quotes. */
export function readBase64(reader: CollectorJsonReader): void {
  reader.readRawText();
  const text = reader.bytes.toString('latin1', reader.textStart, reader.textEnd);
  // Go's decoder steps over line ends (encoding/base64, Decode).
  if (!base64.test(text.replaceAll(/[\r\n]/g, ''))) throw reader.error('base64.Decode', 'illegal base64 data');
}

/** Where the walk within a nested value stands. */
const at = { value: 1, array: 2, arrayValues: 3, list: 4, listValues: 5, keyValue: 6 } as const;

/** Takes values that nest, and keeps nothing of them. */
export class NestedValues {
  private readonly reader: CollectorJsonReader;
  private stack = new Uint8Array(64);
  private depth = 0;

  constructor(reader: CollectorJsonReader) {
    this.reader = reader;
  }

  /** Takes what stands behind `arrayValue` or `kvlistValue`. */
  take(field: number): void {
    this.depth = 0;
    this.push(field === valueFields.array ? at.array : at.list);
    while (this.depth > 0) this.step(this.stack[this.depth - 1]!);
  }

  private step(place: number): void {
    const { reader } = this;
    if (place === at.arrayValues || place === at.listValues) {
      if (reader.readArray()) this.push(place === at.arrayValues ? at.value : at.keyValue);
      else this.depth--;
      return;
    }
    if (place === at.value) return this.valueField();
    const field = reader.readField(place === at.keyValue ? jsonNames.keyValue : jsonNames.arrayValue);
    if (field === noField) this.depth--;
    else if (field === 0) reader.skip();
    else if (place === at.array) this.push(at.arrayValues);
    else if (place === at.list) this.push(at.listValues);
    else if (field === 1) reader.readText();
    else this.push(at.value);
  }

  private valueField(): void {
    const { reader } = this;
    const field = reader.readField(jsonNames.value);
    if (field === noField) this.depth--;
    else if (field === valueFields.array) this.push(at.array);
    else if (field === valueFields.list) this.push(at.list);
    else takeScalar(reader, field);
  }

  private push(place: number): void {
    if (this.depth === this.stack.length) {
      const larger = new Uint8Array(this.stack.length * 2);
      larger.set(this.stack);
      this.stack = larger;
    }
    this.stack[this.depth++] = place;
  }
}

function takeScalar(reader: CollectorJsonReader, field: number): void {
  switch (field) {
    case valueFields.text:
      return reader.readText();
    case valueFields.boolean:
      return void reader.readBoolean();
    case valueFields.integer:
      return readInteger(reader, int64);
    case valueFields.double:
      return void readFloat(reader);
    case valueFields.bytes:
      return readBase64(reader);
    default:
      return reader.skip();
  }
}
