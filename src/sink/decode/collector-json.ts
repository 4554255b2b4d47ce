// JSON as the collector reads it: json-iterator's cursor (json-iterator/go, iter*.go), with 64-bit integers as numbers or texts
// (open-telemetry/opentelemetry-collector, pdata/internal/json/iterator.go). Its functions keep no state of where in an object or
// array they are, so it takes more than JSON; ours take the same. Texts are left as ranges, integers as two words.

import { isUtf8 } from 'node:buffer';

import {
  backslash,
  blank,
  carriageReturn,
  closeBrace,
  closeBracket,
  colon,
  comma,
  digitNine,
  digitZero,
  letterF,
  letterN,
  letterT,
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
import { skipNumber } from './collector-floats.ts';
import type { FieldNames } from './field-names.ts';
import { hexDigits, simpleEscapes, unescapeTo } from './json-unescape.ts';
import type { TextScratch } from './text-scratch.ts';

/** `readField` at the end of an object. */
export const noField = -1;

/** Nesting of what is skipped (iter.go, maxDepth). What has a place in OTLP may nest without limit. */
const skipDepthLimit = 10_000;
const mostNameBytes = 32;

export class CollectorJsonReader {
  readonly bytes: Buffer;
  readonly end: number;
  at = 0;
  /** Range in the view's source of the text that was read last. */
  textStart = 0;
  textEnd = 0;
  /** Words of the integer that was read last, two's complement. */
  low = 0;
  high = 0;
  private readonly scratch: TextScratch;
  private nextBackslash = -1;
  private nextControl = -1;
  /** Brackets of what is being skipped. */
  private readonly open: number[] = [];

  /** `isChecked`: the body was read once and taken. */
  constructor(bytes: Uint8Array, scratch: TextScratch, isChecked: boolean) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.end = bytes.length;
    this.scratch = scratch;
    if (isChecked) this.nextControl = Infinity;
  }

  /** Goes on from another place. */
  seek(at: number): void {
    this.at = at;
    this.nextBackslash = -1;
  }

  /** Takes the next byte that is no blank; NUL at the end. */
  token(): number {
    const { bytes, end } = this;
    let { at } = this;
    while (at < end) {
      const byte = bytes[at++]!;
      if (byte !== blank && byte !== lineFeed && byte !== tab && byte !== carriageReturn) {
        this.at = at;
        return byte;
      }
    }
    this.at = end;
    return nul;
  }

  /** The next byte that is no blank, not taken. */
  peek(): number {
    const byte = this.token();
    if (this.at < this.end || byte !== nul) this.at--;
    return byte;
  }

  /** Takes the next key of an object and its colon: a code of `names`, 0 for another name, or `noField`. An empty name ends it, too. */
  readField(names: FieldNames): number {
    const { bytes, at } = this;
    const key = bytes[at + 1] === blank ? at + 3 : at + 2;
    if (bytes[key - 1] === quote && (bytes[at] === comma || bytes[at] === openBrace)) {
      // A short name without escapes and its colon, as nearly always.
      const stop = key + mostNameBytes;
      let end = key;
      while (end < stop && endsPlain[bytes[end]!] === 0) end++;
      if (bytes[end] === quote && bytes[end + 1] === colon && end > key) {
        this.at = end + 2;
        return names.find(bytes, key, end);
      }
    }
    return this.readAnyField(names);
  }

  private readAnyField(names: FieldNames): number {
    const first = this.token();
    if (first === openBrace) {
      const next = this.token();
      if (next === closeBrace) return noField;
      if (next !== quote) throw this.found('ReadObject', 'expect " after {, but found', next);
      this.at--;
    } else if (first !== comma) {
      if (first === closeBrace) return noField;
      if (first !== letterN) throw this.found('ReadObject', 'expect { or , or } or n, but found', first);
      this.word('ull');
      return noField;
    }
    this.readText();
    const { textStart, textEnd } = this;
    const next = this.token();
    if (next !== colon) throw this.found('ReadObject', 'expect : after object field, but found', next);
    if (textStart === textEnd) return noField;
    return names.find(textStart < this.end ? this.bytes : this.scratch.view.source, textStart, textEnd);
  }

  /** Whether another element of an array comes. */
  readArray(): boolean {
    const first = this.token();
    if (first === comma) return true;
    if (first === closeBracket) return false;
    if (first === openBracket) {
      if (this.token() === closeBracket) return false;
      this.at--;
      return true;
    }
    if (first !== letterN) throw this.found('ReadArray', 'expect [ or , or ] or n, but found', first);
    this.word('ull');
    return false;
  }

  /** Reads a text, unescaped where it must be; null is an empty one. */
  readText(): void {
    const first = this.token();
    if (first === letterN) {
      this.word('ull');
      this.textStart = this.textEnd = 0;
      return;
    }
    if (first !== quote) throw this.found('ReadString', 'expects " or n, but found', first);
    const start = this.at;
    const end = this.bytes.indexOf(quote, start);
    if (end === -1 || this.hasSpecial(start, end)) return this.readTextSlowly();
    this.textStart = start;
    this.textEnd = end;
    this.at = end + 1;
  }

  /** Reads what stands between two quotes as it is, escapes and all. */
  readRawText(): void {
    const first = this.token();
    if (first !== quote) throw this.found('ReadStringAsSlice', 'expects " or n, but found', first);
    const end = this.bytes.indexOf(quote, this.at);
    if (end === -1) throw this.unexpectedEnd();
    this.textStart = this.at;
    this.textEnd = end;
    this.at = end + 1;
  }

  /** The text that was read last. */
  lastText(): string {
    const { source } = this.scratch.view;
    return Buffer.from(source.buffer, source.byteOffset + this.textStart, this.textEnd - this.textStart).toString(
      'utf8',
    );
  }

  /** Whether a backslash or a control character stands there. Each is searched for once over what is read as texts. */
  private hasSpecial(start: number, end: number): boolean {
    const { bytes } = this;
    if (this.nextBackslash < start) {
      const found = bytes.indexOf(backslash, start);
      this.nextBackslash = found === -1 ? Infinity : found;
    }
    let control = Math.max(this.nextControl, start);
    while (control < end && bytes[control]! >= blank) control = nextControl(bytes, control);
    this.nextControl = control;
    return this.nextBackslash < end || control < end;
  }

  /** Control characters are refused up to the first escape, and taken behind it (iter_str.go, ReadString). */
  private readTextSlowly(): void {
    const { bytes, end } = this;
    const start = this.at;
    let at = start;
    let hasEscape = false;
    for (; at < end && bytes[at] !== quote; at++) {
      const byte = bytes[at]!;
      if (byte === backslash) {
        hasEscape = true;
        at = this.escapeEnd(at) - 1;
      } else if (byte < blank && !hasEscape) {
        throw this.error('ReadString', `invalid control character found: ${byte}`);
      }
    }
    if (at >= end) throw this.unexpectedEnd();
    this.at = at + 1;
    this.textStart = start;
    this.textEnd = at;
    if (!hasEscape) return;
    this.textStart = this.scratch.end;
    unescapeTo(this.scratch, bytes, { start, end: at, failedPair: 'takes-both' });
    this.textEnd = this.scratch.end;
  }

  private escapeEnd(at: number): number {
    const kind = this.bytes[at + 1] ?? nul;
    this.at = Math.min(at + 2, this.end);
    if (kind !== letterU) {
      if (simpleEscapes[kind] === 0) throw this.error('readEscapedChar', 'invalid escape char after \\');
      return at + 2;
    }
    for (let i = at + 2; i < at + 6; i++) {
      if (i >= this.end) throw this.unexpectedEnd();
      this.at = i + 1;
      if (hexDigits[this.bytes[i]!] === 0) throw this.found('readU4', 'expects 0~9 or a~f, but found', this.bytes[i]!);
    }
    return at + 6;
  }

  /** Takes the rest of a word whose first letter was taken. */
  word(rest: string): void {
    for (let i = 0; i < rest.length; i++) {
      const byte = this.bytes[this.at] ?? nul;
      if (this.at < this.end) this.at++;
      if (byte !== rest.charCodeAt(i)) {
        throw this.error(rest.length === 3 ? 'skipThreeBytes' : 'skipFourBytes', `expect ${rest}`);
      }
    }
  }

  readBoolean(): boolean {
    const first = this.token();
    if (first !== letterT && first !== letterF) throw this.found('ReadBool', 'expect t or f, but found', first);
    this.word(first === letterT ? 'rue' : 'alse');
    return first === letterT;
  }

  /** Takes a value that has no place in OTLP. */
  skip(): void {
    let level = 0;
    do {
      const first = this.token();
      if (first === openBrace || first === openBracket) {
        if (level === skipDepthLimit) throw this.error('incrementDepth', 'exceeded max depth');
        this.open[level++] = first;
        const next = this.token();
        if (next === first + 2) level--;
        else {
          this.at--;
          if (first === openBracket) continue;
          if (next !== quote) throw this.found('ReadObjectCB', 'expect " after {, but found', next);
          this.skipKey();
          continue;
        }
      } else this.skipScalar(first);
      level = this.afterSkipped(level);
    } while (level > 0);
  }

  /** Ends the containers that end here, up to the next value; answers how many are open then. */
  private afterSkipped(open: number): number {
    for (let level = open; level > 0; level--) {
      const bracket = this.open[level - 1]!;
      const next = this.token();
      if (next === comma) {
        if (bracket === openBrace) this.skipKey();
        return level;
      }
      // In ASCII a bracket closes two behind the one that opens.
      if (next !== bracket + 2) {
        throw bracket === openBrace
          ? this.error('ReadObjectCB', 'object not ended with }')
          : this.found('ReadArrayCB', 'expect ] in the end, but found', next);
      }
    }
    return 0;
  }

  private skipKey(): void {
    this.readText();
    const next = this.token();
    if (next !== colon) throw this.found('ReadObject', 'expect : after object field, but found', next);
  }

  private skipScalar(first: number): void {
    if (first === letterN) return this.word('ull');
    if (first === letterT) return this.word('rue');
    if (first === letterF) return this.word('alse');
    this.at--;
    if (first === quote) {
      const kept = this.scratch.end;
      this.readText();
      this.scratch.end = kept;
    } else if (first === minus || (first >= digitZero && first <= digitNine)) skipNumber(this);
    else {
      this.at++;
      throw this.error('Skip', `do not know how to skip: ${first}`);
    }
  }

  /** A byte that is not what was expected there. */
  found(operation: string, expected: string, byte: number): DecodeError {
    return this.error(operation, `${expected} ${String.fromCharCode(byte)}`, byte >= 0x80);
  }

  /**
   * An error in json-iterator's words, which quote the bytes around it (iter.go, ReportError). Where these are no UTF-8, often because
   * they are cut within a character, the collector cannot even word its answer (otlpreceiver/otlphttp.go, writeStatusResponse).
   */
  error(operation: string, message: string, hasBadByte = false): DecodeError {
    const { bytes, at, end } = this;
    const near = bytes.subarray(Math.max(at - 10, 0), Math.min(at + 10, end));
    const context = bytes.subarray(Math.max(at - 50, 0), Math.min(at + 50, end));
    if (hasBadByte || !isUtf8(near) || !isUtf8(context))
      return new DecodeError('failed to marshal error message', 500, 13);
    const place = `error found in #${at - Math.max(at - 10, 0)} byte of ...|${near.toString()}|...`;
    return new DecodeError(`${operation}: ${message}, ${place}, bigger context ...|${context.toString()}|...`);
  }

  private unexpectedEnd(): DecodeError {
    this.at = this.end;
    return this.error('readStringSlowPath', 'unexpected end of input');
  }
}

/** Bytes that end the plain part of a text: control characters, too, which are refused. */
export const endsPlain = new Uint8Array(256);
endsPlain.fill(1, 0, blank);
endsPlain[quote] = endsPlain[backslash] = 1;

/** So far ahead a control character is searched for at once. */
const aheadBytes = 16 * 1024;

/**
 * The first byte below a blank, or how far was searched: most bodies hold none, and then no text is looked at for them. Four bytes at a time,
 * 0.3 ns a byte where a loop over bytes took 1.3.
 */
function nextControl(bytes: Buffer, start: number): number {
  const end = Math.min(bytes.length, start + aheadBytes);
  let at = start;
  const aligned = start + (-(bytes.byteOffset + start) & 3);
  while (at < aligned && at < end && bytes[at]! >= blank) at++;
  if (at === aligned && at < end) {
    const words = new Int32Array(bytes.buffer, bytes.byteOffset + at, (end - at) >> 2);
    let word = 0;
    // A byte below 0x20 borrows from its top bit, which it has not set itself.
    while (word < words.length && ((words[word]! - 0x20202020) & ~words[word]! & 0x80808080) === 0) word++;
    at += word * 4;
  }
  while (at < end && bytes[at]! >= blank) at++;
  return at;
}
