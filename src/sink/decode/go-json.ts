// JSON as goccy/go-json v0.10.5 reads it (internal/decoder), which SigNoz's JSON receiver uses: it takes more than JSON (raw
// control characters in texts, `01`, `1.`, `null` as a key, whatever follows a NUL) and words its errors its own way. A cursor over
// the bytes that makes no value: texts are left as ranges, numbers as doubles. What it costs stands in signoz-json.ts.

import {
  backslash,
  blank,
  carriageReturn,
  character,
  closeBrace,
  closeBracket,
  colon,
  comma,
  digitNine,
  digitZero,
  letterN,
  letterU,
  lineFeed,
  minus,
  nul,
  openBrace,
  openBracket,
  quote,
  tab,
} from './ascii.ts';
import { DecodeError } from './decode-error.ts';
import { hexDigits, simpleEscapes, unescapeTo } from './json-unescape.ts';
import type { TextScratch } from './text-scratch.ts';

/** The receiver's words before those of the parser. */
const prefix = 'error unmarshalling data:';
/** Nesting past this is refused (decoder/context.go, maxDecodeNestingDepth); the outer array and the record count. */
export const depthLimit = 10_000;
const mostExactDigits = 15;

/** A body may be long, and mostly stepped over. */
const aheadBytes = 4096;

/** Bytes that may follow a number. */
const endsNumber = new Uint8Array(256);
for (const byte of [nul, blank, tab, carriageReturn, lineFeed, comma, colon, closeBrace, closeBracket])
  endsNumber[byte] = 1;

const numberBytes = /[0-9.eE+-]/;
/** What strconv.ParseFloat takes of those. */
const number = /^-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

export class GoJsonReader {
  readonly bytes: Buffer;
  at = 0;
  /** Range of the text that was scanned last, within its quotes. */
  rawStart = 0;
  rawEnd = 0;
  hasEscape = false;
  /** Range in the view's source of the text that was read last. */
  textStart = 0;
  textEnd = 0;
  /** The number that was read last. */
  number = 0;
  readonly end: number;
  private readonly scratch: TextScratch;
  /** The first backslash and the first NUL that were not passed yet. */
  private nextBackslash = -1;
  private nextNul = -1;

  constructor(bytes: Uint8Array, scratch: TextScratch) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.end = bytes.length;
    this.scratch = scratch;
  }

  /** Answers the next byte that is no blank, without taking it; NUL at the end, as goccy puts one behind the body. */
  peek(): number {
    const { bytes, end } = this;
    let { at } = this;
    let byte = at < end ? bytes[at]! : nul;
    while (byte === blank || byte === lineFeed || byte === carriageReturn || byte === tab) {
      byte = ++at < end ? bytes[at]! : nul;
    }
    this.at = at;
    return byte;
  }

  /** Reads a text from its opening quote, unescaped where it must be. */
  text(): void {
    this.scanText();
    this.takeText();
  }

  /** Makes the text that was scanned last the one that was read last. */
  takeText(): void {
    if (!this.hasEscape) {
      this.textStart = this.rawStart;
      this.textEnd = this.rawEnd;
      return;
    }
    this.textStart = this.scratch.end;
    const range = { start: this.rawStart, end: this.rawEnd, failedPair: 'leaves-second' } as const;
    unescapeTo(this.scratch, this.bytes, range);
    this.textEnd = this.scratch.end;
  }

  /**
   * Takes a text from its opening quote and leaves it as it stands. The quote at its end is searched for natively: 0.3 ns a byte of a
   * line of a flow log, where a loop took 1.4.
   */
  scanText(): void {
    const start = this.at + 1;
    const end = this.bytes.indexOf(quote, start);
    if (end === -1 || this.hasSpecial(start, end)) return this.scanEscapes();
    this.rawStart = start;
    this.rawEnd = end;
    this.hasEscape = false;
    this.at = end + 1;
  }

  /** Whether a backslash or a NUL stands there. Each is searched for once, some way ahead. */
  private hasSpecial(start: number, end: number): boolean {
    if (this.nextBackslash < end) this.nextBackslash = this.search(backslash, Math.max(start, this.nextBackslash), end);
    if (this.nextNul < end) this.nextNul = this.search(nul, Math.max(start, this.nextNul), end);
    return this.nextBackslash < end || this.nextNul < end;
  }

  /** Where the byte stands first from `start` on, or, from `end` on, up to where there is none. */
  private search(byte: number, start: number, end: number): number {
    const searched = this.bytes.subarray(start, Math.max(end, start + aheadBytes));
    const found = searched.indexOf(byte);
    return start + (found === -1 ? searched.length : found);
  }

  private scanEscapes(): void {
    const { bytes, end } = this;
    const start = this.at + 1;
    let at = start;
    this.hasEscape = false;
    for (;;) {
      const byte = at < end ? bytes[at]! : nul;
      if (byte === quote) break;
      if (byte === nul) throw this.unexpectedEnd('string');
      if (byte === backslash) {
        this.hasEscape = true;
        at = this.escapeEnd(at);
      } else at++;
    }
    this.rawStart = start;
    this.rawEnd = at;
    this.at = at + 1;
  }

  private escapeEnd(at: number): number {
    const kind = this.bytes[at + 1] ?? nul;
    if (kind !== letterU) {
      if (simpleEscapes[kind] === 0) throw this.unexpectedEnd('escaped string');
      return at + 2;
    }
    // goccy looks whether four digits and what follows them are there, its own NUL included.
    if (at + 6 > this.end) throw this.unexpectedEnd('escaped string');
    for (let i = at + 2; i < at + 6; i++) {
      if (hexDigits[this.bytes[i]!] === 1) continue;
      throw this.error(`json: invalid character ${character(this.bytes[i]!)} in \\u hexadecimal character escape`);
    }
    return at + 6;
  }

  /** Takes an object's key, for which null stands for the empty text, and the colon behind it. */
  scanKey(): void {
    const first = this.peek();
    if (first === quote) this.scanText();
    else if (first === letterN) {
      this.word('null');
      this.rawStart = this.rawEnd = this.at;
      this.hasEscape = false;
    } else {
      const kind = isNumberStart(first)
        ? 'number'
        : first === openBrace
          ? 'object'
          : first === openBracket
            ? 'array'
            : undefined;
      throw kind ? this.error(`json: cannot unmarshal ${kind} into Go value of type string`) : this.invalidValue(first);
    }
    if (this.peek() !== colon) throw this.error('expected colon after object key');
    this.at++;
  }

  /** Reads a number into `number`. Up to 15 digits are exact in a double; the rest is left to JavaScript's own reading. */
  readNumber(): void {
    const { bytes, end } = this;
    const start = this.at;
    const isNegative = bytes[start] === minus;
    const digitsStart = isNegative ? start + 1 : start;
    let at = digitsStart;
    let value = 0;
    while (at < end && bytes[at]! >= digitZero && bytes[at]! <= digitNine) {
      value = value * 10 + (bytes[at]! - digitZero);
      at++;
    }
    const digitCount = at - digitsStart;
    if (digitCount > 0 && digitCount <= mostExactDigits && endsNumber[at < end ? bytes[at]! : nul] === 1) {
      this.number = isNegative ? -value : value;
      this.at = at;
    } else this.readLongNumber();
  }

  private readLongNumber(): void {
    const start = this.at++;
    while (this.at < this.end && numberBytes.test(character(this.bytes[this.at]!))) this.at++;
    if (endsNumber[this.bytes[this.at] ?? nul] !== 1) throw this.unexpectedEnd('float');
    const digits = Buffer.from(this.bytes.subarray(start, this.at)).toString('latin1');
    const fails = (why: string): DecodeError => this.error(`strconv.ParseFloat: parsing "${digits}": ${why}`);
    if (!number.test(digits)) throw fails('invalid syntax');
    this.number = Number(digits);
    if (!Number.isFinite(this.number)) throw fails('value out of range');
  }

  /** Takes a word whose first letter was seen. */
  word(word: 'null' | 'true' | 'false'): void {
    if (this.at + word.length > this.end + 1) throw this.unexpectedEnd(word);
    for (let i = 1; i < word.length; i++) {
      const byte = this.bytes[this.at + i] ?? nul;
      if (byte !== word.charCodeAt(i)) throw this.invalid(byte, word);
    }
    this.at += word.length;
  }

  invalidValue(byte: number): DecodeError {
    return this.error(`invalid character '${character(byte)}' looking for beginning of value`);
  }

  invalid(byte: number, where: string): DecodeError {
    return this.error(`json: invalid character ${byte === nul ? '' : `${character(byte)} `}as ${where}`);
  }

  unexpectedEnd(where: string): DecodeError {
    return this.error(`json: ${where} unexpected end of JSON input`);
  }

  error(message: string): DecodeError {
    return new DecodeError(prefix + message);
  }
}

export function isNumberStart(byte: number): boolean {
  return byte === minus || (byte >= digitZero && byte <= digitNine);
}
