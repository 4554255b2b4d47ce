// An encoder of OTLP logs that shares nothing with the decoder under test: it builds every message from nested arrays of bytes.

export type PlainValue =
  | string
  | bigint
  | number
  | boolean
  | PlainValue[]
  | { bytes: Uint8Array }
  | { list: PlainAttribute[] };
export type PlainAttribute = readonly [key: string, value: PlainValue];

export interface PlainRecord {
  readonly timeNs?: bigint;
  readonly body?: PlainValue;
  readonly attributes: readonly PlainAttribute[];
}

export interface PlainResource {
  readonly attributes: readonly PlainAttribute[];
  readonly scopes: readonly { attributes: readonly PlainAttribute[]; records: readonly PlainRecord[] }[];
}

/** `resourceLast` writes the resource and the scope behind their records, which protobuf allows. */
export function encodeOtlp(resources: readonly PlainResource[], { resourceLast = false } = {}): Uint8Array {
  const order = (owner: number[], inner: number[]): number[] =>
    resourceLast ? [...inner, ...owner] : [...owner, ...inner];
  const bytes = resources.flatMap((resource) => {
    const scopes = resource.scopes.flatMap((scope) => {
      const records = scope.records.flatMap((record) => message(2, encodeRecord(record)));
      const owner = message(1, [...message(1, utf8('lib')), ...attributes(3, scope.attributes)]);
      return message(2, order(owner, records));
    });
    return message(1, order(message(1, attributes(1, resource.attributes)), scopes));
  });
  return Uint8Array.from(bytes);
}

/** A field of wire type 2. */
export function message(field: number, content: readonly number[]): number[] {
  return [...varint(BigInt(field * 8 + 2)), ...varint(BigInt(content.length)), ...content];
}

export function varint(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return [...bytes, Number(rest)];
}

function encodeRecord(record: PlainRecord): number[] {
  return [
    ...(record.timeNs === undefined ? [] : [0x09, ...fixed64(record.timeNs)]),
    0x10,
    ...varint(-1n),
    ...(record.body === undefined ? [] : message(5, encodeValue(record.body))),
    ...attributes(6, record.attributes),
    0x45,
    1,
    0,
    0,
    0,
  ];
}

function attributes(field: number, list: readonly PlainAttribute[]): number[] {
  return list.flatMap(([key, value]) => message(field, [...message(1, utf8(key)), ...message(2, encodeValue(value))]));
}

function encodeValue(value: PlainValue): number[] {
  if (typeof value === 'string') return message(1, utf8(value));
  if (typeof value === 'boolean') return [0x10, value ? 1 : 0];
  if (typeof value === 'bigint') return [0x18, ...varint(value)];
  if (typeof value === 'number') return [0x21, ...new Uint8Array(Float64Array.of(value).buffer)];
  if (Array.isArray(value))
    return message(
      5,
      value.flatMap((inner) => message(1, encodeValue(inner))),
    );
  if ('bytes' in value) return message(7, [...value.bytes]);
  return message(6, attributes(1, value.list));
}

function fixed64(value: bigint): number[] {
  return [...new Uint8Array(BigUint64Array.of(value).buffer)];
}

function utf8(text: string): number[] {
  return [...Buffer.from(text)];
}
