// The few parts of protobuf's wire format that OTLP needs (protobuf.dev, "Encoding"), written into a Buffer that the caller owns.
// Loops instead of `Buffer.copy` up to 48 bytes: a call into the runtime costs more than the bytes of a usual value.

const shortCopyBytes = 48;

export function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) size += 1;
  return size;
}

/** Writes a non-negative safe integer; returns the position after it. */
export function writeVarint(target: Buffer, at: number, value: number): number {
  let rest = value;
  while (rest >= 0x8000_0000) {
    target[at++] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  while (rest >= 0x80) {
    target[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  target[at++] = rest;
  return at;
}

/** Writes 64 bits, for integers that a double cannot hold. */
export function writeBigVarint(target: Buffer, at: number, value: bigint): number {
  let rest = value;
  for (; rest >= 0x80n; rest >>= 7n) target[at++] = Number(rest & 0x7fn) | 0x80;
  target[at++] = Number(rest);
  return at;
}

export function copyBytes(target: Buffer, at: number, source: Uint8Array): number {
  const length = source.length;
  for (let i = 0; i < length; i++) target[at + i] = source[i]!;
  return at + length;
}

/** Copies a range without making a view of it. */
export function copyRange(target: Buffer, at: number, source: Buffer, range: { start: number; end: number }): number {
  const { start, end } = range;
  if (end - start > shortCopyBytes) return at + source.copy(target, at, start, end);
  for (let i = start; i < end; i++) target[at + i - start] = source[i]!;
  return at + end - start;
}

/** A length-delimited field (wire type 2) as bytes of its own: for what is written once a batch, not once a record. */
export function lengthDelimited(fieldNumber: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const head = Buffer.alloc(16);
  const at = writeVarint(head, writeVarint(head, 0, fieldNumber * 8 + 2), content.length);
  return Buffer.concat([head.subarray(0, at), content]);
}

/** `KeyValue` with a text value, as field `fieldNumber` of its parent (opentelemetry-proto, common/v1/common.proto). */
export function textAttribute(fieldNumber: number, key: string, value: string): Buffer {
  const text = lengthDelimited(1, Buffer.from(value));
  return lengthDelimited(fieldNumber, lengthDelimited(1, Buffer.from(key)), lengthDelimited(2, text));
}
