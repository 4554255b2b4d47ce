// A body that is a map of OpenTelemetry's (an AnyValue with a kvlist), as collectors and agents send it: its members as plain values.
// Written from common.proto (open-telemetry/opentelemetry-proto, opentelemetry/proto/common/v1) and the JSON that protobuf makes of it.

import type { RecordView } from '../../core/model/delivery.ts';

export type Members = Readonly<Record<string, unknown>>;

const openBrace = 0x7b;
const mostDepth = 16;

/** Field numbers of AnyValue. */
const kinds = { text: 1, boolean: 2, integer: 3, double: 4, list: 5, map: 6, bytes: 7 } as const;

/** What stands for a value that is no way to write a field: that it is there is enough. */
const other: readonly never[] = [];

export function hasOtherBody({ otherBodyStart = -1 }: RecordView): boolean {
  return otherBodyStart >= 0;
}

/** The members of a body that is a map; none of any other. The sink has checked its encoding: what cannot be read is left out. */
export function membersOfBody({ source, otherBodyStart = -1, otherBodyEnd = -1 }: RecordView): Members | undefined {
  if (otherBodyStart < 0 || otherBodyEnd <= otherBodyStart) return undefined;
  const bytes = source.subarray(otherBodyStart, otherBodyEnd);
  try {
    if (bytes[0] === openBrace) return membersOfJson(JSON.parse(new TextDecoder().decode(bytes)), 0);
    return membersOfMessage(bytes, 0);
  } catch {
    return undefined;
  }
}

function membersOfJson(list: unknown, depth: number): Members {
  const { values } = list as { values?: readonly { key?: string; value?: Record<string, unknown> }[] };
  return Object.fromEntries(
    (values ?? []).flatMap(({ key, value }) =>
      typeof key === 'string' ? [[key, valueOfJson(value ?? {}, depth)]] : [],
    ),
  );
}

/** Names are in camelCase or as in the .proto; 64-bit integers are texts. */
function valueOfJson(value: Record<string, unknown>, depth: number): unknown {
  for (const [name, content] of Object.entries(value)) {
    if (/^(kvlistValue|kvlist_value)$/.test(name)) return depth < mostDepth ? membersOfJson(content, depth + 1) : other;
    if (/^(stringValue|string_value|intValue|int_value|doubleValue|double_value|boolValue|bool_value)$/.test(name))
      return content;
    return other;
  }
  return null;
}

/** A KeyValueList: fields 1 are KeyValues, of which field 1 is the key and field 2 the AnyValue. */
function membersOfMessage(bytes: Uint8Array, depth: number): Members {
  const members: Record<string, unknown> = {};
  for (const entry of fieldsOf(bytes)) {
    if (entry.number !== 1 || !(entry.content instanceof Uint8Array)) continue;
    let key = '';
    let value: unknown = null;
    for (const { number, content } of fieldsOf(entry.content)) {
      if (number === 1 && content instanceof Uint8Array) key = new TextDecoder().decode(content);
      if (number === 2 && content instanceof Uint8Array) value = valueOfMessage(content, depth);
    }
    members[key] = value;
  }
  return members;
}

function valueOfMessage(bytes: Uint8Array, depth: number): unknown {
  let value: unknown = null;
  for (const { number, content } of fieldsOf(bytes)) {
    if (content instanceof Uint8Array) {
      if (number === kinds.text) value = new TextDecoder().decode(content);
      else if (number === kinds.map && depth < mostDepth) value = membersOfMessage(content, depth + 1);
      else if (number === kinds.double) value = new DataView(content.buffer, content.byteOffset).getFloat64(0, true);
      else value = other;
    } else if (number === kinds.boolean) value = content !== 0n;
    // As text: beyond a double it stays exact.
    else if (number === kinds.integer) value = BigInt.asIntN(64, content).toString();
  }
  return value;
}

/** Fields of a message: a number where the wire has a varint, bytes where it has a length or 64 or 32 bits. */
function* fieldsOf(bytes: Uint8Array): Generator<{ number: number; content: bigint | Uint8Array }> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++] ?? 0;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const take = (length: number): Uint8Array => bytes.subarray(at, (at += length));
  while (at < bytes.length) {
    const tag = Number(varint());
    const wire = tag & 7;
    const number = tag >>> 3;
    if (wire === 0) yield { number, content: varint() };
    else if (wire === 2) {
      const length = Number(varint());
      yield { number, content: take(length) };
    } else if (wire === 1 || wire === 5) yield { number, content: take(wire === 1 ? 8 : 4) };
    else return;
  }
}
