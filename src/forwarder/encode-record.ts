// One line to one OTLP LogRecord (opentelemetry-proto, logs/v1/logs.proto), bytes to bytes: no string and no object per record.
// Measured on the project's 2-core machine: see test/bench/rows/forwarder.ts; building objects and JSON instead costs about half.

import { addressKeys, offsetKey, type AddressColumns, type Plan } from './plan.ts';
import { columnKinds } from './fields.ts';
import { protocolKeywords } from './protocols.ts';
import type { Columns } from './columns.ts';
import { copyBytes, copyRange, varintSize, writeBigVarint, writeVarint } from './wire.ts';

/** What all records of one object share. */
export interface RecordContext {
  readonly withBody: boolean;
  /** `observed_time_unix_nano`, encoded: when S3 announced the object. Empty where the event did not say. */
  readonly observedTime: Buffer;
}

/** One line as the splitter shows it. */
export interface LineRange {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  readonly offset: number;
}

const dash = 0x2d;
const zero = 0x30;
const maxInt64 = 9_223_372_036_854_775_807n;
const receive = Buffer.from('receive');
const transmit = Buffer.from('transmit');

/**
 * Appends `log_records` (field 2 of ScopeLogs) to `target`, which must have room (`plan.overheadBytes` and twice the line); returns
 * the position after it. Without a plan the line goes as a body alone.
 */
export function encodeRecord(
  target: Buffer,
  from: number,
  line: LineRange,
  how: { plan: Plan | undefined; columns: Columns; context: RecordContext },
): number {
  const { plan, columns, context } = how;
  // Nearly every record takes 128 to 16383 bytes, two bytes of length: others are moved when their length is known.
  const content = from + 3;
  let at = content;
  if (plan && plan.time >= 0) at = writeTime(target, at, line.bytes, { columns, column: plan.time });
  const hasTime = at > content;
  if (!plan || context.withBody) at = writeBody(target, at, line);
  if (plan) at = writeAttributes(target, at, line.bytes, { plan, columns, hasTime });
  at = writeOffset(target, at, line.offset);
  at = copyBytes(target, at, context.observedTime);
  const length = at - content;
  const lengthSize = varintSize(length);
  if (lengthSize !== 2) target.copyWithin(from + 1 + lengthSize, content, at);
  target[from] = 0x12;
  writeVarint(target, from + 1, length);
  return from + 1 + lengthSize + length;
}

function writeAttributes(
  target: Buffer,
  from: number,
  bytes: Buffer,
  how: { plan: Plan; columns: Columns; hasTime: boolean },
): number {
  const { plan, columns, hasTime } = how;
  const { starts, ends } = columns;
  const { kinds, keys } = plan;
  let at = from;
  for (let i = 0; i < kinds.length; i++) {
    const kind = kinds[i]!;
    const start = starts[i]!;
    const end = ends[i]!;
    if (kind === columnKinds.omitted || (end - start === 1 && bytes[start] === dash)) continue;
    if (kind === columnKinds.time && hasTime) continue;
    at = writeColumn(target, at, bytes, { kind, key: keys[i]!, start, end });
  }
  const localTaken = isTranslated(bytes, columns, plan.source);
  at = writeAddress(target, at, bytes, {
    columns,
    address: plan.source,
    key: addressKeys.source,
    localKey: addressKeys.local,
  });
  return writeAddress(target, at, bytes, {
    columns,
    address: plan.destination,
    key: addressKeys.destination,
    // Both ends translated: OpenTelemetry's decoder overwrites the one address with the other; an attribute name stands once.
    localKey: localTaken ? addressKeys.localDestination : addressKeys.local,
  });
}

interface Column {
  readonly kind: number;
  readonly key: Buffer;
  readonly start: number;
  readonly end: number;
}

function writeColumn(target: Buffer, at: number, bytes: Buffer, column: Column): number {
  switch (column.kind) {
    case columnKinds.integer:
    case columnKinds.time:
      return writeInteger(target, at, bytes, column);
    case columnKinds.protocol: {
      const number = parseWhole(bytes, column.start, column.end);
      const keyword = number >= 0 ? protocolKeywords[number] : undefined;
      return keyword ? writeConstant(target, at, column.key, keyword) : writeText(target, at, bytes, column);
    }
    case columnKinds.direction: {
      const length = column.end - column.start;
      if (length === 7 && bytes.toString('latin1', column.start, column.end) === 'ingress') {
        return writeConstant(target, at, column.key, receive);
      }
      if (length === 6 && bytes.toString('latin1', column.start, column.end) === 'egress') {
        return writeConstant(target, at, column.key, transmit);
      }
      return writeText(target, at, bytes, column);
    }
    case columnKinds.lowerCase: {
      const after = writeText(target, at, bytes, column);
      for (let i = after - (column.end - column.start); i < after; i++) {
        const byte = target[i]!;
        if (byte >= 0x41 && byte <= 0x5a) target[i] = byte | 0x20;
      }
      return after;
    }
    default:
      return writeText(target, at, bytes, column);
  }
}

/** `attributes` (6) with a text value. */
function writeText(target: Buffer, from: number, bytes: Buffer, column: Column): number {
  const at = writeTextHead(target, from, column.key, column.end - column.start);
  return copyRange(target, at, bytes, column);
}

function writeConstant(target: Buffer, from: number, key: Buffer, value: Buffer): number {
  return copyBytes(target, writeTextHead(target, from, key, value.length), value);
}

function writeTextHead(target: Buffer, from: number, key: Buffer, length: number): number {
  const valueSize = 1 + varintSize(length) + length;
  let at = writeAttributeHead(target, from, key, valueSize);
  target[at++] = 0x0a;
  return writeVarint(target, at, length);
}

/** `attributes` (6) up to the length of its AnyValue. */
function writeAttributeHead(target: Buffer, from: number, key: Buffer, valueSize: number): number {
  let at = from;
  target[at++] = 0x32;
  at = writeVarint(target, at, key.length + varintSize(valueSize) + valueSize);
  at = copyBytes(target, at, key);
  return writeVarint(target, at, valueSize);
}

/** `attributes` (6) with an integer, exact up to 2^63-1; what is no whole number in its usual form stays the text it is. */
function writeInteger(target: Buffer, from: number, bytes: Buffer, column: Column): number {
  const value = parseWhole(bytes, column.start, column.end);
  if (value >= 0) {
    const at = writeAttributeHead(target, from, column.key, 1 + varintSize(value));
    target[at] = 0x18;
    return writeVarint(target, at + 1, value);
  }
  const text = bytes.toString('latin1', column.start, column.end);
  const large = /^[1-9]\d{15,18}$/.test(text) ? BigInt(text) : undefined;
  if (large === undefined || large > maxInt64) return writeText(target, from, bytes, column);
  const size = Math.ceil(large.toString(2).length / 7);
  const at = writeAttributeHead(target, from, column.key, 1 + size);
  target[at] = 0x18;
  return writeBigVarint(target, at + 1, large);
}

/** A whole number of at most 15 digits in its usual form (no sign, no leading zero), else -1. */
function parseWhole(bytes: Buffer, start: number, end: number): number {
  const length = end - start;
  if (length > 15 || length === 0 || (length > 1 && bytes[start] === zero)) return -1;
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = bytes[i]! - zero;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/**
 * `time_unix_nano` (1, fixed64), or nothing where the value is no time. AWS documents seconds; milliseconds were seen in SKIPDATA
 * records (obsrvbl-oss/flowlogs-reader, tests), so the unit follows from the magnitude, as SigNoz's own receiver does it.
 */
function writeTime(target: Buffer, at: number, bytes: Buffer, where: { columns: Columns; column: number }): number {
  const start = where.columns.starts[where.column]!;
  const end = where.columns.ends[where.column]!;
  const value = parseWhole(bytes, start, end);
  if (value <= 0) return writeLongTime(target, at, bytes, { start, end });
  if (value >= 100_000_000_000)
    return writeNanoseconds(target, at, BigInt(value) * (value < 1e14 ? 1_000_000n : 1000n));
  // Seconds to nanoseconds in two 32-bit words: a double holds neither the product nor its low word exactly.
  const high = Math.floor(value / 0x10000) * 1e9;
  const carried = (high % 0x10000) * 0x10000 + (value % 0x10000) * 1e9;
  target[at] = 0x09;
  target.writeUInt32LE(carried % 0x1_0000_0000, at + 1);
  target.writeUInt32LE(Math.floor(high / 0x10000) + Math.floor(carried / 0x1_0000_0000), at + 5);
  return at + 9;
}

function writeLongTime(target: Buffer, at: number, bytes: Buffer, range: { start: number; end: number }): number {
  const text = bytes.toString('latin1', range.start, range.end);
  if (!/^[1-9]\d{15,18}$/.test(text)) return at;
  return writeNanoseconds(target, at, BigInt(text) * (text.length <= 17 ? 1000n : 1n));
}

function writeNanoseconds(target: Buffer, at: number, nanoseconds: bigint): number {
  target[at] = 0x09;
  target.writeBigUInt64LE(nanoseconds, at + 1);
  return at + 9;
}

/** `body` (5): the line as it stood in the file. */
function writeBody(target: Buffer, from: number, line: LineRange): number {
  const length = line.end - line.start;
  let at = from;
  target[at++] = 0x2a;
  at = writeVarint(target, at, 1 + varintSize(length) + length);
  target[at++] = 0x0a;
  at = writeVarint(target, at, length);
  return copyRange(target, at, line.bytes, line);
}

/**
 * `log.record.offset`: with the object's name in the scope it identifies the record, however often it is delivered. SigNoz keeps
 * every copy under an id of its own (SigNoz/signoz-otel-collector, exporter/clickhouselogsexporter).
 */
function writeOffset(target: Buffer, from: number, offset: number): number {
  const at = writeAttributeHead(target, from, offsetKey, 1 + varintSize(offset));
  target[at] = 0x18;
  return writeVarint(target, at + 1, offset);
}

/** Whether both columns hold an address, and not the same one. */
function isTranslated(bytes: Buffer, columns: Columns, address: AddressColumns): boolean {
  if (address.packet < 0 || address.seen < 0) return false;
  if (!hasValue(bytes, columns, address.packet) || !hasValue(bytes, columns, address.seen)) return false;
  const packetStart = columns.starts[address.packet]!;
  const seenStart = columns.starts[address.seen]!;
  const length = columns.ends[address.packet]! - packetStart;
  if (columns.ends[address.seen]! - seenStart !== length) return true;
  for (let i = 0; i < length; i++) if (bytes[packetStart + i] !== bytes[seenStart + i]) return true;
  return false;
}

function hasValue(bytes: Buffer, columns: Columns, column: number): boolean {
  return (
    column >= 0 && !(columns.ends[column]! - columns.starts[column]! === 1 && bytes[columns.starts[column]!] === dash)
  );
}

/** The packet's own address where there is one; the interface's beside it where a middle layer changed it. */
function writeAddress(
  target: Buffer,
  from: number,
  bytes: Buffer,
  how: { columns: Columns; address: AddressColumns; key: Buffer; localKey: Buffer },
): number {
  const { columns, address } = how;
  const column = hasValue(bytes, columns, address.packet) ? address.packet : address.seen;
  if (!hasValue(bytes, columns, column)) return from;
  const at = writeText(target, from, bytes, columnAt(columns, column, how.key));
  if (column === address.seen || !isTranslated(bytes, columns, address)) return at;
  return writeText(target, at, bytes, columnAt(columns, address.seen, how.localKey));
}

function columnAt(columns: Columns, column: number, key: Buffer): Column {
  return { kind: columnKinds.text, key, start: columns.starts[column]!, end: columns.ends[column]! };
}
