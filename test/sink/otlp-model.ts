// OTLP requests as plain values: arbitrary ones, what a decoder shows of them, and how they are written in JSON.

import fc from 'fast-check';

import type { PlainAttribute, PlainRecord, PlainResource, PlainValue } from './otlp-encoder.ts';
import type { SeenAttribute, SeenRecord } from './seen-record.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }).map((value) => Buffer.from(value).toString()),
  fc.string({ minLength: 40, maxLength: 80 }),
);
const value: fc.Arbitrary<PlainValue> = fc.letrec<{ value: PlainValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    text,
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.bigInt({ min: -1000n, max: 100_000n }),
    // Not of any precision: the collector rounds long ones twice.
    fc.double().map(Math.fround),
    fc.boolean(),
    fc.uint8Array({ maxLength: 9 }).map((bytes) => ({ bytes })),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.array(fc.tuple(text, tie('value')), { maxLength: 3 }).map((list) => ({ list })),
  ),
})).value;
const key = fc.oneof(fc.constantFrom('srcaddr', 'dstaddr', 'bytes', ''), text);
const attributes = fc.array(fc.tuple(key, value), { maxLength: 5 });
const record: fc.Arbitrary<PlainRecord> = fc.record(
  { timeNs: fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }), body: value, attributes },
  { requiredKeys: ['attributes'] },
);

export const resources: fc.Arbitrary<PlainResource[]> = fc.array(
  fc.record({
    attributes,
    scopes: fc.array(fc.record({ attributes, records: fc.array(record, { maxLength: 4 }) }), { maxLength: 3 }),
  }),
  { maxLength: 3 },
);

export function seenFrom(resource: PlainResource): SeenRecord[] {
  return resource.scopes.flatMap((scope) =>
    scope.records.map((one) => ({
      resource: resource.attributes.map(seenAttribute),
      scope: scope.attributes.map(seenAttribute),
      attributes: one.attributes.map(seenAttribute),
      body: typeof one.body === 'string' ? one.body : undefined,
      timestampMs: one.timeNs === undefined ? undefined : Number(one.timeNs) / 1e6,
    })),
  );
}

function seenAttribute([name, plain]: PlainAttribute): SeenAttribute {
  return { key: name, value: typeof plain === 'object' ? { other: true } : plain };
}

/** How a request is written in JSON, besides the order of its keys. */
export interface Writing {
  readonly indent: number;
  readonly snakeCase: boolean;
  /** Resources and scopes stand behind their records. */
  readonly ownersLast: boolean;
  readonly integersBare: boolean;
  readonly unknown: boolean;
}

export const writings: fc.Arbitrary<Writing> = fc.record({
  indent: fc.constantFrom(0, 0, 1),
  snakeCase: fc.boolean(),
  ownersLast: fc.boolean(),
  integersBare: fc.boolean(),
  unknown: fc.boolean(),
});

export function writeOtlpJson(written: readonly PlainResource[], how: Writing): string {
  const named = (name: string): string =>
    how.snakeCase ? name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) : name;
  const integer = (whole: bigint): unknown => (how.integersBare ? rawJson(String(whole)) : String(whole));
  const valueOf = (plain: PlainValue): object => {
    if (typeof plain === 'string') return { [named('stringValue')]: plain };
    if (typeof plain === 'bigint') return { [named('intValue')]: integer(plain) };
    if (typeof plain === 'boolean') return { [named('boolValue')]: plain };
    if (typeof plain === 'number') return { [named('doubleValue')]: doubleOf(plain) };
    if ('bytes' in plain) return { [named('bytesValue')]: Buffer.from(plain.bytes).toString('base64') };
    if ('list' in plain) return { [named('kvlistValue')]: { values: attributesOf(plain.list) } };
    return { [named('arrayValue')]: { values: plain.map(valueOf) } };
  };
  const attributesOf = (list: readonly PlainAttribute[]): object[] =>
    list.map(([name, plain]) => ({ key: name, value: valueOf(plain) }));
  const owned = (owner: object, records: object): object =>
    how.ownersLast ? { ...records, ...owner } : { ...owner, ...records };
  const extra = how.unknown ? { foo: [{ 'b"ar': 1.5e3 }, null, 'x'] } : {};
  const request = {
    ...extra,
    [named('resourceLogs')]: written.map((resource) =>
      owned(
        { resource: { ...extra, attributes: attributesOf(resource.attributes) } },
        {
          [named('scopeLogs')]: resource.scopes.map((scope) =>
            owned(
              { scope: { name: 'lib', attributes: attributesOf(scope.attributes) } },
              {
                [named('logRecords')]: scope.records.map((one) => ({
                  ...(one.timeNs === undefined ? {} : { [named('timeUnixNano')]: integer(one.timeNs) }),
                  ...extra,
                  [named('severityNumber')]: -1,
                  flags: 1,
                  ...(one.body === undefined ? {} : { body: valueOf(one.body) }),
                  attributes: attributesOf(one.attributes),
                })),
              },
            ),
          ),
        },
      ),
    ),
  };
  return JSON.stringify(request, undefined, how.indent);
}

function doubleOf(value: number): unknown {
  if (Object.is(value, -0)) return rawJson('-0');
  return Number.isFinite(value) ? value : String(value);
}

/** A number as it is written, which no JavaScript number could be. */
export function rawJson(text: string): unknown {
  return (JSON as typeof JSON & { rawJSON(text: string): unknown }).rawJSON(text);
}
