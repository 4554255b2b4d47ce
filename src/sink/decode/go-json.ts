// A second JSON parser for the bodies that JSON.parse refuses: goccy/go-json v0.10.5 (internal/decoder), which SigNoz's JSON
// receiver uses, takes more than JSON (raw control characters in texts, `01`, `1.`, whatever follows a NUL) and words its
// errors its own way. Slower than JSON.parse and never on the path of a right body.

import { DecodeError } from './decode-error.ts';
import type { JsonObject, JsonValue } from './json.ts';

const nul = 0;
const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const letterN = 0x6e;

/** Reads an array of objects, or throws a DecodeError with goccy's text, `prefix` before it. */
export function parseGoArray(body: Uint8Array, prefix: string): JsonObject[] {
  try {
    return new GoJsonParser(body, prefix).parse();
  } catch (error) {
    // Nesting that runs the stack out before goccy's own 10,000 levels.
    if (error instanceof RangeError) throw new DecodeError(`${prefix}invalid character "[" exceeded max depth`);
    throw error;
  }
}

class GoJsonParser {
  private readonly bytes: Uint8Array;
  private readonly prefix: string;
  private at = 0;

  constructor(bytes: Uint8Array, prefix: string) {
    this.bytes = bytes;
    this.prefix = prefix;
  }

  parse(): JsonObject[] {
    const first = this.skipBlanks();
    if (isNumberStart(first))
      throw this.error('json: cannot unmarshal number into Go value of type []map[string]interface {}');
    if (first !== letterN && first !== openBracket) throw this.unexpectedEnd('slice');
    const records = first === letterN ? this.word('null', []) : this.array(() => this.record());
    const next = this.skipBlanks();
    if (next !== nul) throw this.error(`invalid character '${character(next)}' after top-level value`);
    return records;
  }

  /** An element of the outer array: an object, or null for an empty one. */
  private record(): JsonObject {
    const first = this.skipBlanks();
    if (first === letterN) return this.word('null', {});
    if (first !== openBrace) throw this.error('expected { character for map value');
    return this.object();
  }

  private value(): JsonValue {
    const first = this.skipBlanks();
    if (first === openBrace) return this.object();
    if (first === openBracket) return this.array(() => this.value());
    if (first === quote) return this.text();
    if (isNumberStart(first)) return this.number();
    if (first === 0x74) return this.word('true', true);
    if (first === 0x66) return this.word('false', false);
    if (first === letterN) return this.word('null', null);
    throw this.error(`invalid character '${character(first)}' looking for beginning of value`);
  }

  private array<T>(element: () => T): T[] {
    const elements: T[] = [];
    this.at++;
    if (this.skipBlanks() === closeBracket) return (this.at++, elements);
    for (;;) {
      elements.push(element());
      const next = this.skipBlanks();
      this.at++;
      if (next === closeBracket) return elements;
      if (next !== comma) throw this.invalid(next, 'slice');
    }
  }

  private object(): JsonObject {
    const members: [string, JsonValue][] = [];
    this.at++;
    if (this.skipBlanks() === closeBrace) return (this.at++, {});
    for (;;) {
      const key = this.key();
      if (this.skipBlanks() !== colon) throw this.error('expected colon after object key');
      this.at++;
      members.push([key, this.value()]);
      const next = this.skipBlanks();
      this.at++;
      // Defined one by one, so that `__proto__` is a key like any other.
      if (next === closeBrace) return Object.fromEntries(members);
      if (next !== comma) throw this.error('expected comma after object value');
    }
  }

  /** A text; null stands for the empty one. */
  private key(): string {
    const first = this.skipBlanks();
    if (first === quote) return this.text();
    if (first === letterN) return this.word('null', '');
    const kind = isNumberStart(first)
      ? 'number'
      : first === openBrace
        ? 'object'
        : first === openBracket
          ? 'array'
          : undefined;
    if (kind) throw this.error(`json: cannot unmarshal ${kind} into Go value of type string`);
    throw this.error(`invalid character '${character(first)}' looking for beginning of value`);
  }

  private text(): string {
    const start = ++this.at;
    let hasEscape = false;
    for (let byte = this.byte(); byte !== quote; byte = this.byte()) {
      if (byte === nul) throw this.unexpectedEnd('string');
      if (byte === backslash) {
        hasEscape = true;
        this.escape();
      } else this.at++;
    }
    const raw = Buffer.from(this.bytes.subarray(start, this.at)).toString('utf8');
    this.at++;
    return hasEscape ? unescaped(raw) : raw;
  }

  private escape(): void {
    const kind = character(this.bytes[this.at + 1] ?? nul);
    if (kind !== 'u') {
      if (!'"\\/bfnrt'.includes(kind)) throw this.unexpectedEnd('escaped string');
      this.at += 2;
      return;
    }
    // goccy looks whether four digits and what follows them are there, its own NUL included.
    if (this.at + 6 > this.bytes.length) throw this.unexpectedEnd('escaped string');
    for (const byte of this.bytes.subarray(this.at + 2, this.at + 6)) {
      const digit = character(byte);
      if (!/[0-9a-fA-F]/.test(digit)) {
        throw this.error(`json: invalid character ${digit} in \\u hexadecimal character escape`);
      }
    }
    this.at += 6;
  }

  private number(): number {
    const start = this.at++;
    while ('0123456789.eE+-'.includes(character(this.byte())) && this.byte() !== nul) this.at++;
    if (!'\0 \t\r\n,:}]'.includes(character(this.byte()))) throw this.unexpectedEnd('float');
    const digits = Buffer.from(this.bytes.subarray(start, this.at)).toString('latin1');
    const fails = (why: string): DecodeError => this.error(`strconv.ParseFloat: parsing "${digits}": ${why}`);
    if (!/^-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(digits)) throw fails('invalid syntax');
    const value = Number(digits);
    if (!Number.isFinite(value)) throw fails('value out of range');
    return value;
  }

  private word<T>(word: string, value: T): T {
    if (this.at + word.length > this.bytes.length + 1) throw this.unexpectedEnd(word);
    for (let i = 1; i < word.length; i++) {
      const byte = this.bytes[this.at + i] ?? nul;
      if (character(byte) !== word[i]) throw this.invalid(byte, word);
    }
    this.at += word.length;
    return value;
  }

  /** Answers the next byte that is no blank, without taking it. */
  private skipBlanks(): number {
    while (this.byte() === 0x20 || this.byte() === 0x0a || this.byte() === 0x0d || this.byte() === 0x09) this.at++;
    return this.byte();
  }

  /** goccy puts a NUL behind the body, and takes one inside for the end, too. */
  private byte(): number {
    return this.bytes[this.at] ?? nul;
  }

  private invalid(byte: number, where: string): DecodeError {
    return this.error(`json: invalid character ${byte === nul ? '' : `${character(byte)} `}as ${where}`);
  }

  private unexpectedEnd(where: string): DecodeError {
    return this.error(`json: ${where} unexpected end of JSON input`);
  }

  private error(message: string): DecodeError {
    return new DecodeError(this.prefix + message);
  }
}

function isNumberStart(byte: number): boolean {
  return byte === 0x2d || (byte >= 0x30 && byte <= 0x39);
}

/** A byte as Go's %c prints it. */
function character(byte: number): string {
  return String.fromCharCode(byte);
}

function unescaped(raw: string): string {
  const simple: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
  return raw.replaceAll(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_match, hex?: string, kind?: string) =>
    hex === undefined ? (simple[kind!] ?? kind!) : String.fromCharCode(parseInt(hex, 16)),
  );
}
