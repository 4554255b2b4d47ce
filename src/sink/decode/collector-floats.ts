// Numbers of OTLP JSON that are no integers, and numbers that are skipped (json-iterator/go, iter_float.go, iter_skip_strict.go).

import { digitNine, digitZero, dot, minus, plus } from './ascii.ts';
import type { CollectorJsonReader } from './collector-json.ts';

const mostExactDigits = 15;

/** Zeros do not lead, and a point has digits on both sides (iter_float.go). */
const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const fewDecimals = /^-?(\d{1,19})\.(\d{1,6})$/;
const skippedNumber = /^(?:-\d+|0|[1-9]\d*)(?:\.\d+)?$/;

/** Reads a number that is no text; what a number must not be is refused. */
export function readDouble(reader: CollectorJsonReader): number {
  const digits = numberBytes(reader);
  const value = Number(digits);
  if (!number.test(digits) || !Number.isFinite(value)) throw reader.error('readFloat64', `invalid number ${digits}`);
  const [, whole, fraction = ''] = fewDecimals.exec(digits) ?? [];
  // Up to six decimals are read as a whole number that is divided (iter_float.go), which rounds twice where it is long.
  if (whole === undefined || digits.length <= mostExactDigits) return value;
  const divided = Number(whole + fraction) / 10 ** fraction.length;
  return digits.startsWith('-') ? -divided : divided;
}

/** Digits and points are not looked at as closely where nothing is made of them (iter_skip_strict.go). */
export function skipNumber(reader: CollectorJsonReader): void {
  const digits = numberBytes(reader);
  if (skippedNumber.test(digits) || (number.test(digits) && Number.isFinite(Number(digits)))) return;
  throw reader.error('validateNumber', `invalid number ${digits}`);
}

function numberBytes(reader: CollectorJsonReader): string {
  const start = reader.at;
  let at = start;
  while (at < reader.end && isNumberByte(reader.bytes[at]!)) at++;
  reader.at = at;
  return reader.bytes.toString('latin1', start, at);
}

function isNumberByte(byte: number): boolean {
  return (
    (byte >= digitZero && byte <= digitNine) ||
    byte === dot ||
    byte === minus ||
    byte === plus ||
    (byte | 0x20) === 0x65
  );
}
