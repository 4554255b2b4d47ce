// One line to one OTLP LogRecord (opentelemetry-proto, logs/v1/logs.proto), bytes to bytes: no string and no object per record.
// Measured on one core: 0.9 M records/s, cutting lines and columns included. The position is a field, not an argument and a
// result, because the small objects that this took cost a fifth of it.

import { addressKeys, offsetKey, type AddressColumns, type Plan } from './plan.ts';
import { columnKinds } from './fields.ts';
import { protocolKeywords } from './protocols.ts';
import type { Columns } from './columns.ts';
import { varintSize, writeBigVarint, writeVarint } from './wire.ts';

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
/** Up to here a loop is faster than a call into the runtime. */
const shortCopyBytes = 48;

/** Appends records to a Buffer of its own. */
export class RecordEncoder {
  /** What was written so far stands before `length`. */
  target: Buffer;
  length = 0;
  /** The line and its columns, while one is written. */
  #bytes: Buffer = Buffer.alloc(0);
  #starts: Int32Array = new Int32Array(0);
  #ends: Int32Array = new Int32Array(0);

  constructor(capacityBytes: number) {
    this.target = Buffer.allocUnsafe(capacityBytes);
  }

  /** Makes room for `sizeBytes` more. */
  reserve(sizeBytes: number): void {
    const needed = this.length + sizeBytes;
    if (needed <= this.target.length) return;
    const larger = Buffer.allocUnsafe(needed);
    this.target.copy(larger, 0, 0, this.length);
    this.target = larger;
  }

  /**
   * Appends `log_records` (field 2 of ScopeLogs). There must be room for `plan.overheadBytes` and twice the line. Without a plan
   * the line goes as a body alone.
   */
  append(line: LineRange, columns: Columns, plan: Plan | undefined, context: RecordContext): void {
    this.#bytes = line.bytes;
    this.#starts = columns.starts;
    this.#ends = columns.ends;
    const from = this.length;
    // Nearly every record takes 128 to 16383 bytes, two bytes of length: others are moved when their length is known.
    const content = from + 3;
    this.length = content;
    if (plan && plan.time >= 0) this.#writeTime(this.#starts[plan.time]!, this.#ends[plan.time]!);
    const hasTime = this.length > content;
    if (!plan || context.withBody) this.#writeBody(line.start, line.end);
    if (plan) this.#writeAttributes(plan, hasTime);
    // With the object's name in the scope the offset identifies the record, however often it is delivered: SigNoz keeps every
    // copy under an id of its own (SigNoz/signoz-otel-collector, exporter/clickhouselogsexporter).
    this.#writeInteger(offsetKey, line.offset);
    this.#copyKey(context.observedTime);
    const { target } = this;
    const length = this.length - content;
    const lengthSize = varintSize(length);
    if (lengthSize !== 2) target.copyWithin(from + 1 + lengthSize, content, this.length);
    target[from] = 0x12;
    this.length = writeVarint(target, from + 1, length) + length;
  }

  #writeAttributes(plan: Plan, hasTime: boolean): void {
    const { kinds, keys } = plan;
    for (let i = 0; i < kinds.length; i++) {
      const kind = kinds[i]!;
      if (kind === columnKinds.omitted || !this.#hasValue(i)) continue;
      if (kind === columnKinds.time && hasTime) continue;
      this.#writeColumn(kind, keys[i]!, this.#starts[i]!, this.#ends[i]!);
    }
    const localTaken = this.#isTranslated(plan.source);
    this.#writeAddress(plan.source, addressKeys.source, addressKeys.local);
    // Both ends translated: OpenTelemetry's decoder overwrites the one address with the other; an attribute name stands once.
    const localKey = localTaken ? addressKeys.localDestination : addressKeys.local;
    this.#writeAddress(plan.destination, addressKeys.destination, localKey);
  }

  #writeColumn(kind: number, key: Buffer, start: number, end: number): void {
    switch (kind) {
      case columnKinds.integer:
      case columnKinds.time:
        return this.#writeIntegerColumn(key, start, end);
      case columnKinds.protocol: {
        const number = parseWhole(this.#bytes, start, end);
        const keyword = number >= 0 ? protocolKeywords[number] : undefined;
        return keyword ? this.#writeConstant(key, keyword) : this.#writeText(key, start, end);
      }
      case columnKinds.direction: {
        const direction = this.#bytes.toString('latin1', start, end);
        if (direction === 'ingress') return this.#writeConstant(key, receive);
        if (direction === 'egress') return this.#writeConstant(key, transmit);
        return this.#writeText(key, start, end);
      }
      case columnKinds.lowerCase: {
        this.#writeText(key, start, end);
        const { target, length } = this;
        for (let i = length - (end - start); i < length; i++) {
          const byte = target[i]!;
          if (byte >= 0x41 && byte <= 0x5a) target[i] = byte | 0x20;
        }
        return;
      }
      default:
        return this.#writeText(key, start, end);
    }
  }

  /** `attributes` (6) with a text value. */
  #writeText(key: Buffer, start: number, end: number): void {
    this.#writeTextHead(key, end - start);
    this.#copyRange(start, end);
  }

  #writeConstant(key: Buffer, value: Buffer): void {
    this.#writeTextHead(key, value.length);
    this.#copyKey(value);
  }

  #writeTextHead(key: Buffer, length: number): void {
    this.#writeAttributeHead(key, 1 + varintSize(length) + length);
    this.target[this.length++] = 0x0a;
    this.length = writeVarint(this.target, this.length, length);
  }

  /** `attributes` (6) up to the length of its AnyValue. */
  #writeAttributeHead(key: Buffer, valueSize: number): void {
    this.target[this.length++] = 0x32;
    this.length = writeVarint(this.target, this.length, key.length + varintSize(valueSize) + valueSize);
    this.#copyKey(key);
    this.length = writeVarint(this.target, this.length, valueSize);
  }

  #writeInteger(key: Buffer, value: number): void {
    this.#writeAttributeHead(key, 1 + varintSize(value));
    this.target[this.length++] = 0x18;
    this.length = writeVarint(this.target, this.length, value);
  }

  /** Exact up to 2^63-1; what is no whole number in its usual form stays the text it is. */
  #writeIntegerColumn(key: Buffer, start: number, end: number): void {
    const value = parseWhole(this.#bytes, start, end);
    if (value >= 0) return this.#writeInteger(key, value);
    const text = this.#bytes.toString('latin1', start, end);
    const large = /^[1-9]\d{15,18}$/.test(text) ? BigInt(text) : undefined;
    if (large === undefined || large > maxInt64) return this.#writeText(key, start, end);
    this.#writeAttributeHead(key, 1 + Math.ceil(large.toString(2).length / 7));
    this.target[this.length++] = 0x18;
    this.length = writeBigVarint(this.target, this.length, large);
  }

  /**
   * `time_unix_nano` (1, fixed64), or nothing where the value is no time. AWS documents seconds; milliseconds were seen in SKIPDATA
   * records (obsrvbl-oss/flowlogs-reader, tests), so the unit follows from the magnitude, as SigNoz's own receiver does it.
   */
  #writeTime(start: number, end: number): void {
    const value = parseWhole(this.#bytes, start, end);
    if (value <= 0) return this.#writeLongTime(start, end);
    if (value >= 1e11) return this.#writeNanoseconds(BigInt(value) * (value < 1e14 ? 1_000_000n : 1000n));
    // Seconds to nanoseconds in two 32-bit words: a double holds neither the product nor its low word exactly.
    const high = Math.floor(value / 0x10000) * 1e9;
    const carried = (high % 0x10000) * 0x10000 + (value % 0x10000) * 1e9;
    const { target, length } = this;
    target[length] = 0x09;
    target.writeUInt32LE(carried % 0x1_0000_0000, length + 1);
    target.writeUInt32LE(Math.floor(high / 0x10000) + Math.floor(carried / 0x1_0000_0000), length + 5);
    this.length = length + 9;
  }

  #writeLongTime(start: number, end: number): void {
    const text = this.#bytes.toString('latin1', start, end);
    if (/^[1-9]\d{15,18}$/.test(text)) this.#writeNanoseconds(BigInt(text) * (text.length <= 17 ? 1000n : 1n));
  }

  #writeNanoseconds(nanoseconds: bigint): void {
    this.target[this.length] = 0x09;
    this.length = this.target.writeBigUInt64LE(nanoseconds, this.length + 1);
  }

  /** `body` (5): the line as it stood in the file. */
  #writeBody(start: number, end: number): void {
    const size = end - start;
    this.target[this.length++] = 0x2a;
    this.length = writeVarint(this.target, this.length, 1 + varintSize(size) + size);
    this.target[this.length++] = 0x0a;
    this.length = writeVarint(this.target, this.length, size);
    this.#copyRange(start, end);
  }

  /** The packet's own address where there is one; the interface's beside it where a middle layer changed it. */
  #writeAddress(address: AddressColumns, key: Buffer, localKey: Buffer): void {
    const column = this.#hasValue(address.packet) ? address.packet : address.seen;
    if (!this.#hasValue(column)) return;
    this.#writeText(key, this.#starts[column]!, this.#ends[column]!);
    if (column === address.seen || !this.#isTranslated(address)) return;
    this.#writeText(localKey, this.#starts[address.seen]!, this.#ends[address.seen]!);
  }

  /** Whether both columns hold an address, and not the same one. */
  #isTranslated(address: AddressColumns): boolean {
    if (!this.#hasValue(address.packet) || !this.#hasValue(address.seen)) return false;
    const bytes = this.#bytes;
    const packetStart = this.#starts[address.packet]!;
    const seenStart = this.#starts[address.seen]!;
    const length = this.#ends[address.packet]! - packetStart;
    if (this.#ends[address.seen]! - seenStart !== length) return true;
    for (let i = 0; i < length; i++) if (bytes[packetStart + i] !== bytes[seenStart + i]) return true;
    return false;
  }

  /** False for the columns that the format lacks (-1) and for `-`. */
  #hasValue(column: number): boolean {
    if (column < 0) return false;
    const start = this.#starts[column]!;
    return this.#ends[column]! - start !== 1 || this.#bytes[start] !== dash;
  }

  #copyKey(source: Buffer): void {
    const { target, length } = this;
    const size = source.length;
    for (let i = 0; i < size; i++) target[length + i] = source[i]!;
    this.length = length + size;
  }

  #copyRange(start: number, end: number): void {
    const { target, length } = this;
    const bytes = this.#bytes;
    const size = end - start;
    if (size > shortCopyBytes) bytes.copy(target, length, start, end);
    else for (let i = 0; i < size; i++) target[length + i] = bytes[start + i]!;
    this.length = length + size;
  }
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
