// Escapes of a JSON text as bytes of UTF-8. The text was scanned before: each backslash starts a whole escape.

import { backslash, letterU } from './ascii.ts';
import type { Appendable } from './text-scratch.ts';

/**
 * What a parser does with the second of two surrogates that are no pair: goccy/go-json looks whether it begins one
 * (internal/decoder/string.go), json-iterator takes it with the first (iter_str.go, readEscapedChar).
 */
export type FailedPair = 'leaves-second' | 'takes-both';

const replacement = 0xfffd;

/** By the letter behind a backslash, what stands for it; 0 for letters that none stands for, `u` among them. */
export const simpleEscapes = new Uint8Array(256);
for (const [letter, plain] of Object.entries({
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  '"': '"',
  '\\': '\\',
  '/': '/',
}))
  simpleEscapes[letter.charCodeAt(0)] = plain.charCodeAt(0);

/** 1 for the digits of hexadecimal numbers. */
export const hexDigits = new Uint8Array(256);
for (const digit of '0123456789abcdefABCDEF') hexDigits[digit.charCodeAt(0)] = 1;

/** Appends the text between `start` and `end` of `from`. It never grows. */
export function unescapeTo(
  target: Appendable,
  from: Uint8Array,
  range: { start: number; end: number; failedPair: FailedPair },
): void {
  const { start, end, failedPair } = range;
  const into = target.reserve(end - start);
  let to = target.end;
  for (let at = start; at < end;) {
    const byte = from[at]!;
    if (byte !== backslash) {
      into[to++] = byte;
      at++;
    } else if (from[at + 1] !== letterU) {
      into[to++] = simpleEscapes[from[at + 1]!]!;
      at += 2;
    } else {
      const unit = hexUnit(from, at + 2);
      at += 6;
      if (unit < 0xd800 || unit > 0xdfff) to = writeUtf8(into, to, unit);
      else {
        const second = at + 6 <= end && from[at] === backslash && from[at + 1] === letterU ? hexUnit(from, at + 2) : 0;
        const isPair = unit < 0xdc00 && second >= 0xdc00 && second <= 0xdfff;
        to = writeUtf8(into, to, isPair ? 0x10000 + ((unit - 0xd800) << 10) + (second - 0xdc00) : replacement);
        if (isPair) at += 6;
        else if (failedPair === 'takes-both' && from[at] === backslash && from[at + 1] === letterU && at + 6 <= end) {
          to = writeUtf8(into, to, second >= 0xd800 && second <= 0xdfff ? replacement : second);
          at += 6;
        }
      }
    }
  }
  target.end = to;
}

function hexUnit(bytes: Uint8Array, at: number): number {
  let unit = 0;
  for (let i = at; i < at + 4; i++) {
    const byte = bytes[i]!;
    unit = unit * 16 + (byte <= 0x39 ? byte - 0x30 : (byte & 0x5f) - 0x37);
  }
  return unit;
}

/** Writes a code point that is no surrogate; answers where the next byte goes. */
function writeUtf8(into: Uint8Array, at: number, code: number): number {
  if (code < 0x80) {
    into[at] = code;
    return at + 1;
  }
  if (code < 0x800) {
    into[at] = 0xc0 | (code >> 6);
    into[at + 1] = 0x80 | (code & 0x3f);
    return at + 2;
  }
  if (code < 0x10000) {
    into[at] = 0xe0 | (code >> 12);
    into[at + 1] = 0x80 | ((code >> 6) & 0x3f);
    into[at + 2] = 0x80 | (code & 0x3f);
    return at + 3;
  }
  into[at] = 0xf0 | (code >> 18);
  into[at + 1] = 0x80 | ((code >> 12) & 0x3f);
  into[at + 2] = 0x80 | ((code >> 6) & 0x3f);
  into[at + 3] = 0x80 | (code & 0x3f);
  return at + 4;
}

/** How many bytes the character at `at` takes, or 0 where there is no valid one of more than one byte (as Go's utf8 reads it). */
export function utf8Length(bytes: Uint8Array, at: number, end: number): number {
  const first = bytes[at]!;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || at + length > end) return 0;
  const second = bytes[at + 1]!;
  const least = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const most = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < least || second > most) return 0;
  for (let i = at + 2; i < at + length; i++) if ((bytes[i]! & 0xc0) !== 0x80) return 0;
  return length;
}
