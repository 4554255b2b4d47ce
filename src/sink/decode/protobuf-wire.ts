// The wire format of Protocol Buffers: tags, varints, lengths, and fields to step over. Texts of errors are those of the
// OpenTelemetry Collector (open-telemetry/opentelemetry-collector, pdata/internal/proto/unmarshal.go).

import { DecodeError } from './decode-error.ts';

/** Wire types (Protocol Buffers documentation, "Encoding", Message Structure). */
export const wireTypes = { varint: 0, fixed64: 1, length: 2, startGroup: 3, endGroup: 4, fixed32: 5 } as const;

/** A cursor over one body. Numbers are left in `low` and `high`, so that 64 bits need neither a BigInt nor an object. */
export class WireReader {
  readonly bytes: Uint8Array;
  position = 0;
  /** Words of the varint or fixed64 that was read last. */
  low = 0;
  high = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** Reads a tag; the answer is `field * 8 + wire type`. Fields are numbered from 1 to 2^29 - 1. */
  readTag(end: number): number {
    const { bytes, position } = this;
    const first = position < end ? bytes[position]! : 0x80;
    if (first < 0x80 && first > 7) {
      this.position = position + 1;
      return first;
    }
    this.readVarint(end);
    const field = (this.low >>> 3) | ((this.high & 7) << 29);
    if (field <= 0) throw new DecodeError(`proto: Link: illegal field=${field} (tag=${field}, pos=${this.position})`);
    return field * 8 + (this.low & 7);
  }

  /** Reads up to ten bytes into `low` and `high`; bits past the 64th fall away, as they do in Go. */
  readVarint(end: number): void {
    const { bytes } = this;
    let position = this.position;
    let low = 0;
    let high = 0;
    for (let shift = 0; ; shift += 7) {
      if (shift > 63) throw new DecodeError('proto: integer overflow');
      if (position >= end) throw new DecodeError('unexpected EOF');
      const byte = bytes[position++]!;
      const bits = byte & 0x7f;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high = bits >>> 4;
      } else high |= bits << (shift - 32);
      if (byte < 0x80) break;
    }
    this.low = low >>> 0;
    this.high = high >>> 0;
    this.position = position;
  }

  /** Reads a length and answers where the field ends, which is never past `end`. */
  readLength(end: number): number {
    const first = this.position < end ? this.bytes[this.position]! : 0x80;
    if (first < 0x80) {
      this.position++;
      this.low = first;
      this.high = 0;
    } else this.readVarint(end);
    if (this.high >= 0x8000_0000) throw new DecodeError('proto: negative length found during unmarshaling');
    const fieldEnd = this.position + this.low;
    if (this.high > 0 || fieldEnd > end) throw new DecodeError('unexpected EOF');
    return fieldEnd;
  }

  /** Reads a length of a message that may have been cut: it ends at `end` at the latest. */
  readCutLength(end: number): number {
    this.readVarint(end);
    return this.high > 0 ? end : Math.min(this.position + this.low, end);
  }

  readFixed64(end: number): void {
    const at = this.advance(8, end);
    this.low = wordAt(this.bytes, at);
    this.high = wordAt(this.bytes, at + 4);
  }

  /** Steps over the value of a field that the receiver does not know. A group is no field of OTLP and always fails. */
  skip(wireType: number, end: number): void {
    switch (wireType) {
      case wireTypes.varint:
        return this.readVarint(end);
      case wireTypes.fixed64:
        return void this.advance(8, end);
      case wireTypes.length:
        this.position = this.readLength(end);
        return;
      case wireTypes.startGroup:
        throw new DecodeError('unexpected EOF');
      case wireTypes.endGroup:
        throw new DecodeError('proto: unexpected end of group');
      case wireTypes.fixed32:
        return void this.advance(4, end);
      default:
        throw new DecodeError(`proto: illegal wireType ${wireType}`);
    }
  }

  private advance(byteCount: number, end: number): number {
    const at = this.position;
    if (at + byteCount > end) throw new DecodeError('unexpected EOF');
    this.position = at + byteCount;
    return at;
  }
}

/** A fixed32, or half of a fixed64: little-endian (protobuf's encoding guide, "Non-varint numbers"). */
export function wordAt(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}
