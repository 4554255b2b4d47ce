// The template of a record in JSON: what stands in it literally, and where a text, an integer or a time stands whose value may be another
// in the next record. Whatever equals a record but in such values is taken as that was, without being read.

import { follows, TemplateWriter } from '../byte-page.ts';
import {
  backslash,
  blank,
  carriageReturn,
  closeBrace,
  closeBracket,
  colon,
  lineFeed,
  openBrace,
  openBracket,
  quote,
  tab,
} from './ascii.ts';

export interface TemplateRules {
  /** What a plain text may be replaced by, under this key; undefined where nothing else is to stand there. `depth` is 1 in the record itself. */
  textUnder(key: string, depth: number): number | undefined;
  /** The same for an unsigned integer without a zero before it. */
  integerUnder(key: string, depth: number): number | undefined;
  /** Whether a record with these keys can be told without looking at its values. */
  fits(keysOfRecord: ReadonlySet<string>): boolean;
}

/** A longer record has no template. */
const mostBytes = 4096;
const integer = /^(?:0|[1-9]\d*)$/;
const mostDigits = 15;
const mostTimeDigits = 19;
const numberBytes = /[0-9.eE+-]/;

/**
 * Makes the record that was read between two places the template, up to where the next one begins. False where it can be none: the template
 * that was is then gone all the same.
 */
export function writeTemplate(
  bytes: Buffer,
  { start, next }: { start: number; next: number },
  rules: TemplateRules,
): boolean {
  if (next - start > mostBytes) return false;
  const writer = new TemplateWriter();
  const keys = new Set<string>();
  let literalStart = start;
  let key = '';
  let depth = 0;
  let at = start;
  const replaceable = (end: number, behind: number, follow: number): boolean => {
    const isWritten = writer.add(bytes, { start: literalStart, end }, follow);
    literalStart = behind;
    return isWritten;
  };
  while (at < next) {
    const byte = bytes[at]!;
    if (byte === quote) {
      const text = at + 1;
      const end = textEnd(bytes, text, next);
      const isPlain = isPlainText(bytes, text, end);
      at = end + 1;
      if (bytes[blanksEnd(bytes, at)] === colon) {
        // A name with an escape stands for another one.
        if (!isPlain) return false;
        key = bytes.toString('latin1', text, end);
        if (depth === 1) keys.add(key);
        continue;
      }
      const follow = rules.textUnder(key, depth);
      const isFit =
        isPlain &&
        (follow === follows.text || (follow !== undefined && isInteger(bytes, { start: text, end }, follow)));
      if (!isFit && isTime(follow)) return false;
      if (isFit && !replaceable(text, end, follow)) return false;
    } else if (numberBytes.test(String.fromCharCode(byte))) {
      const first = at;
      while (at < next && numberBytes.test(String.fromCharCode(bytes[at]!))) at++;
      const follow = rules.integerUnder(key, depth);
      const isFit = follow !== undefined && isInteger(bytes, { start: first, end: at }, follow);
      if (!isFit && isTime(follow)) return false;
      if (isFit && !replaceable(first, at, follow)) return false;
    } else {
      if (byte === openBrace || byte === openBracket) depth++;
      else if (byte === closeBrace || byte === closeBracket) depth--;
      at++;
    }
  }
  return rules.fits(keys) && writer.add(bytes, { start: literalStart, end: next }, follows.nextRecord);
}

/** The age of a record whose time stood there literally would never be looked at. */
function isTime(follow: number | undefined): boolean {
  return follow === follows.scaledTime || follow === follows.nanosecondTime;
}

function textEnd(bytes: Buffer, start: number, limit: number): number {
  let at = start;
  while (at < limit && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1;
  return at;
}

function isPlainText(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++)
    if (bytes[at]! < blank || bytes[at]! > 0x7e || bytes[at] === backslash) return false;
  return true;
}

function isInteger(bytes: Buffer, { start, end }: { start: number; end: number }, follow: number): boolean {
  const most = follow === follows.integer ? mostDigits : mostTimeDigits;
  return end - start <= most && integer.test(bytes.toString('latin1', start, end));
}

function blanksEnd(bytes: Buffer, start: number): number {
  let at = start;
  while (bytes[at] === blank || bytes[at] === lineFeed || bytes[at] === carriageReturn || bytes[at] === tab) at++;
  return at;
}
