// What the JSON receiver's own keys hold in one record, and what it says of values that it does not take there
// (SigNoz/signoz-otel-collector, receiver/httplogreceiver/bodyparser/json.go).

import { quote } from './ascii.ts';
import { DecodeError } from './decode-error.ts';
import { isNumberStart } from './go-json.ts';
import { hexDigits } from './json-unescape.ts';
import { keyCodes } from './record-keys.ts';

const wrongTypes: Readonly<Record<number, string>> = {
  [keyCodes.timestamp]: 'timestamp must be a uint64 nanoseconds since Unix epoch',
  [keyCodes.traceId]: 'trace_id must be a hex string',
  [keyCodes.spanId]: 'span_id must be a hex string',
  [keyCodes.traceFlags]: 'trace_flags must be a number',
  [keyCodes.severityText]: 'severity_text must be a string',
  [keyCodes.severityNumber]: 'severity_number must be a number',
  [keyCodes.attributes]: 'attributes must be a map',
  [keyCodes.resources]: 'resources must be a map',
  [keyCodes.body]: 'body must be a string',
  [keyCodes.message]: 'message must be a string',
};

const numbers: ReadonlySet<number> = new Set([keyCodes.timestamp, keyCodes.traceFlags, keyCodes.severityNumber]);
const texts: ReadonlySet<number> = new Set([
  keyCodes.traceId,
  keyCodes.spanId,
  keyCodes.severityText,
  keyCodes.body,
  keyCodes.message,
]);
const codeCount = keyCodes.flat;
const powersOfTen = Float64Array.from({ length: 20 }, (_, exponent) => 10 ** exponent);

export class ReservedKeys {
  /** Per code that is there: the text's range in the view's source, and the number. Code 0 is an empty text. */
  readonly starts = new Int32Array(codeCount);
  readonly ends = new Int32Array(codeCount);
  private readonly numbers = new Float64Array(codeCount);
  /** Per code: its place among the record's reserved keys, from 1; 0 where it is absent. */
  private readonly places = new Uint8Array(codeCount);
  private readonly isWrong = new Uint8Array(codeCount);
  private count = 0;
  private wrongCount = 0;

  beginRecord(): void {
    // A loop over so few is faster than fill.
    for (let code = 1; code < codeCount; code++) this.places[code] = this.isWrong[code] = 0;
    this.count = this.wrongCount = 0;
  }

  has(code: number): boolean {
    return this.places[code] !== 0;
  }

  /** The key is there; answers whether it was before. Its last value counts, its place is that of the first. */
  set(code: number): boolean {
    if (this.places[code] === 0) {
      this.places[code] = ++this.count;
      return false;
    }
    if (this.isWrong[code] === 1) this.wrongCount--;
    this.isWrong[code] = 0;
    return true;
  }

  wants(code: number, first: number): boolean {
    return numbers.has(code) ? isNumberStart(first) : first === quote && texts.has(code);
  }

  setText(code: number, start: number, end: number): void {
    this.starts[code] = start;
    this.ends[code] = end;
  }

  setNumber(code: number, value: number): void {
    this.numbers[code] = value;
  }

  setWrong(code: number): void {
    this.isWrong[code] = 1;
    this.wrongCount++;
  }

  /** What is said of a wrong type. Of several the real receiver names any, the first one most often. */
  wrongType(): DecodeError | undefined {
    if (this.wrongCount === 0) return undefined;
    let first = 0;
    for (let code = 1; code < codeCount; code++) {
      if (this.isWrong[code] === 1 && (first === 0 || this.places[code]! < this.places[first]!)) first = code;
    }
    return new DecodeError(wrongTypes[first]!, 400, 3, this.wrongCount > 1);
  }

  /** Ids are hex of any length; trace_id is looked at before span_id, and a bad byte before an odd length. */
  wrongId(source: Uint8Array): DecodeError | undefined {
    if (this.wrongCount > 0) return undefined;
    return this.badHex(source, keyCodes.traceId, 'trace_id') ?? this.badHex(source, keyCodes.spanId, 'span_id');
  }

  private badHex(source: Uint8Array, code: number, name: string): DecodeError | undefined {
    if (!this.has(code)) return undefined;
    const start = this.starts[code]!;
    const end = this.ends[code]!;
    for (let at = start; at < end; at++) {
      const byte = source[at]!;
      if (hexDigits[byte] === 0)
        return new DecodeError(`error decoding ${name}:encoding/hex: invalid byte: ${goRune(byte)}`);
    }
    if ((end - start) % 2 === 0) return undefined;
    return new DecodeError(`error decoding ${name}:encoding/hex: odd length hex string`);
  }

  /** Whether `body` and `message` both stand there and say different things. */
  hasTwoBodies(source: Uint8Array): boolean {
    if (!this.has(keyCodes.body) || !this.has(keyCodes.message)) return false;
    const [a, b] = [keyCodes.body, keyCodes.message].map((code) => source.subarray(this.starts[code], this.ends[code]));
    return Buffer.compare(a!, b!) !== 0;
  }

  /** The code of the text that is the body. */
  bodyKey(): number {
    const { body, message } = keyCodes;
    if (this.places[message]! > this.places[body]!) return message;
    return this.places[body] === 0 ? 0 : body;
  }

  /** Where the text of a key stands; empty where the key is absent. */
  textKey(code: number): number {
    return this.has(code) ? code : 0;
  }

  /**
   * Any number is scaled by its digits up to 19, whatever its unit was (json.go, getEpochNano). NaN where there is none, or 0. The
   * product is one rounding away from the nanoseconds.
   */
  timestampMs(): number {
    const whole = Math.trunc(this.numberOf(keyCodes.timestamp));
    if (whole === 0) return NaN;
    if (whole < 0 || whole >= 2 ** 63) return Number(this.timestampNs()) / 1e6;
    let digits = whole >= 1e9 ? 10 : 1;
    while (digits < 19 && whole >= powersOfTen[digits]!) digits++;
    return (whole * powersOfTen[19 - digits]!) / 1e6;
  }

  /** Go's conversion to int64 comes first: what does not fit becomes the smallest one. */
  timestampNs(): bigint {
    const integer = int64(this.numberOf(keyCodes.timestamp));
    const digits = String(integer < 0n ? -integer : integer).length;
    return BigInt.asUintN(64, integer * 10n ** BigInt(Math.max(0, 19 - digits)));
  }

  private numberOf(code: number): number {
    return this.has(code) ? this.numbers[code]! : 0;
  }

  traceFlags(): number {
    return Number(BigInt.asUintN(32, int64(this.numberOf(keyCodes.traceFlags))));
  }

  severityNumber(): number {
    return Number(BigInt.asIntN(32, int64(this.numberOf(keyCodes.severityNumber))));
  }
}

function int64(value: number): bigint {
  const whole = Math.trunc(value);
  return Math.abs(whole) < 2 ** 63 ? BigInt(whole) : -(2n ** 63n);
}

/** A byte as Go's %#U prints it: the character follows where it can be printed. */
function goRune(byte: number): string {
  const code = `U+${byte.toString(16).toUpperCase().padStart(4, '0')}`;
  const isPrintable = (byte >= 0x20 && byte < 0x7f) || (byte >= 0xa1 && byte !== 0xad);
  return isPrintable ? `${code} '${String.fromCharCode(byte)}'` : code;
}
