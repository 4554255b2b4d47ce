// The few parts of protobuf's wire format that OTLP needs (protobuf.dev, "Encoding").

export function varintSize(value: number): number {
  if (value < 0x80) return 1;
  let size = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) size += 1;
  return size;
}

/** Writes a non-negative safe integer; returns the position after it. */
export function writeVarint(target: Buffer, at: number, value: number): number {
  if (value < 0x80) {
    target[at] = value;
    return at + 1;
  }
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
