// Integers of OTLP JSON, as numbers or as texts (open-telemetry/opentelemetry-collector, pdata/internal/json/iterator.go; json-iterator/go,
// iter_int.go; Go's strconv). The words are left in the reader.

import { digitNine, digitZero, dot, minus, nul, plus, quote } from './ascii.ts';
import type { CollectorJsonReader } from './collector-json.ts';
import type { DecodeError } from './decode-error.ts';

const mostExactDigits = 15;

export interface IntegerType {
  readonly bits: 32 | 64;
  readonly isSigned: boolean;
}

export const uint64: IntegerType = { bits: 64, isSigned: false };
export const int64: IntegerType = { bits: 64, isSigned: true };
export const uint32: IntegerType = { bits: 32, isSigned: false };
export const int32: IntegerType = { bits: 32, isSigned: true };

/** Reads an integer into the reader's words. */
export function readInteger(reader: CollectorJsonReader, type: IntegerType): void {
  const first = reader.peek();
  if (first === quote) readText(reader, type);
  else if (first === minus || (first >= digitZero && first <= digitNine)) readNumber(reader, type);
  else throw reader.error('ReadInt64', 'unsupported value type');
}

function readText(reader: CollectorJsonReader, type: IntegerType): void {
  const start = reader.at;
  const sign = reader.bytes[start + 1];
  const isNegative = sign === minus;
  reader.at = type.isSigned && (isNegative || sign === plus) ? start + 2 : start + 1;
  if (readDigits(reader) && reader.bytes[reader.at] === quote && fits(reader, type, isNegative)) {
    reader.at++;
    if (isNegative) negate(reader);
    return;
  }
  reader.at = start;
  reader.readText();
  const digits = reader.lastText();
  const fails = (why: string): DecodeError =>
    reader.error('ReadInt64', `strconv.ParseInt: parsing ${JSON.stringify(digits)}: ${why}`);
  if (!(type.isSigned ? /^[+-]?\d+$/ : /^\d+$/).test(digits)) throw fails('invalid syntax');
  const value = BigInt(digits.replace('+', ''));
  const fitting = type.isSigned ? BigInt.asIntN(type.bits, value) : BigInt.asUintN(type.bits, value);
  if (fitting !== value) throw fails('value out of range');
  setWords(reader, value);
}

/** A minus before anything but a digit, or before an unsigned one, is told with a byte that is no character, which has no answer. */
function readNumber(reader: CollectorJsonReader, type: IntegerType): void {
  const isNegative = reader.bytes[reader.at] === minus;
  if (isNegative) reader.at++;
  const first = reader.bytes[reader.at] ?? 0;
  if ((isNegative && !type.isSigned) || first < digitZero || first > digitNine)
    throw reader.error('readUint64', 'unexpected character', true);
  const start = reader.at;
  if (first === digitZero) {
    // Whatever digits follow are the next token's.
    reader.at++;
    reader.low = reader.high = 0;
  } else if (!readDigits(reader) || !fits(reader, type, isNegative)) {
    reader.at = start;
    readWrapped(reader, type, isNegative);
  }
  if (reader.bytes[reader.at] === dot) throw reader.error('assertInteger', 'can not decode float as int');
  if (isNegative) negate(reader);
}

/**
 * Reads the digits of a number into the two words: 15 at most are exact in a double, the next four are added to the words. Answers
 * false, with nothing taken, where there is none of up to 19 digits that ends as an integer does.
 */
function readDigits(reader: CollectorJsonReader): boolean {
  const { bytes } = reader;
  const start = reader.at;
  let at = start;
  let value = 0;
  let digit = 0;
  const exactEnd = start + mostExactDigits;
  while (at < exactEnd && (digit = bytes[at]! - digitZero) >= 0 && digit <= 9) {
    value = value * 10 + digit;
    at++;
  }
  if (at === start) return false;
  let high = Math.floor(value / 0x1_0000_0000);
  let low = value - high * 0x1_0000_0000;
  if (at === exactEnd) {
    let rest = 0;
    let factor = 1;
    while (at < exactEnd + 4 && (digit = bytes[at]! - digitZero) >= 0 && digit <= 9) {
      rest = rest * 10 + digit;
      factor *= 10;
      at++;
    }
    const product = low * factor + rest;
    const carry = Math.floor(product / 0x1_0000_0000);
    low = product - carry * 0x1_0000_0000;
    high = high * factor + carry;
  }
  const next = at < reader.end ? bytes[at]! : nul;
  if ((next >= digitZero && next <= digitNine) || next === dot) return false;
  reader.low = low;
  reader.high = high;
  reader.at = at;
  return true;
}

/** json-iterator notices an overflow only where the product comes out smaller than what it was made from. */
function readWrapped(reader: CollectorJsonReader, { bits, isSigned }: IntegerType, isNegative: boolean): void {
  const safe = (2n ** BigInt(bits) - 1n) / 10n - 1n;
  let value = 0n;
  for (; reader.bytes[reader.at]! >= digitZero && reader.bytes[reader.at]! <= digitNine; reader.at++) {
    const next = BigInt.asUintN(bits, value * 10n + BigInt(reader.bytes[reader.at]! - digitZero));
    if (value > safe && next < value) throw reader.error(`readUint${bits}`, 'overflow');
    value = next;
  }
  if (isSigned && value > 2n ** BigInt(bits - 1) - (isNegative ? 0n : 1n)) {
    throw reader.error(`ReadInt${bits}`, `overflow: ${value}`);
  }
  setWords(reader, value);
}

/** Whether the magnitude in the words is one of the type's. */
function fits({ low, high }: CollectorJsonReader, { bits, isSigned }: IntegerType, isNegative: boolean): boolean {
  if (!isSigned) return bits === 64 || high === 0;
  const top = bits === 64 ? high : high === 0 ? low : 0xffff_ffff;
  if (top < 0x8000_0000) return true;
  return isNegative && top === 0x8000_0000 && (bits === 32 || low === 0);
}

function negate(reader: CollectorJsonReader): void {
  const { low, high } = reader;
  reader.low = -low >>> 0;
  reader.high = (~high + (low === 0 ? 1 : 0)) >>> 0;
}

function setWords(reader: CollectorJsonReader, value: bigint): void {
  const words = BigInt.asUintN(64, value);
  reader.low = Number(words & 0xffff_ffffn);
  reader.high = Number(words >> 32n);
}
