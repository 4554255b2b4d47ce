import fc from 'fast-check';
import { expect, test } from 'vitest';

import { DecodeError } from '../../src/sink/decode/decode-error.ts';
import { checkBody, decodeRecords, visitPrefix } from '../../src/sink/decode/index.ts';
import { encodeOtlp, message, varint, type PlainAttribute } from './otlp-encoder.ts';
import { resources, seenFrom } from './otlp-model.ts';
import { seenFromResourceLogs, seenRecord, type SeenRecord } from './seen-record.ts';

const protobuf = { path: '/v1/logs', contentType: 'application/x-protobuf' };
const runs = { seed: 20_260_101, numRuns: 300 };

test('what an independent encoder wrote is seen again, whatever the order of resource and records', () => {
  fc.assert(
    fc.property(resources, fc.boolean(), (written, resourceLast) => {
      expect(decode(encodeOtlp(written, { resourceLast }))).toEqual(written.flatMap(seenFrom));
    }),
    runs,
  );
});

test('random bytes, and valid bodies with a byte changed or their end cut off, are refused or taken but never crash', () => {
  const damaged = fc
    .tuple(resources, fc.nat(), fc.nat({ max: 255 }), fc.boolean())
    .map(([written, at, byte, isCut]) => {
      const body = encodeOtlp(written);
      if (isCut) return body.subarray(0, at % (body.length + 1));
      if (body.length > 0) body[at % body.length] = byte;
      return body;
    });
  fc.assert(
    fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 60 })), (body) => {
      const outcome = decodeOrError(body);
      expect(outcome instanceof DecodeError ? outcome.statusCode : 200).toBe(
        outcome instanceof DecodeError ? 400 : 200,
      );
    }),
    { ...runs, numRuns: 2000 },
  );
});

test('a refused body hands on none of its records, however late the damage stands', () => {
  const good = encodeOtlp([{ attributes: [], scopes: [{ attributes: [], records: [{ body: 'x', attributes: [] }] }] }]);
  const seen: number[] = [];
  const cut = Buffer.concat([good, good.subarray(0, -1)]);
  expect(() => decodeRecords(protobuf, cut, (_view, index) => void seen.push(index))).toThrow(
    new DecodeError('unexpected EOF'),
  );
  expect(seen).toEqual([]);
});

test.each([
  ['a tag without a value', [0x0a], 'unexpected EOF'],
  ['a length past the end', [0x0a, 5, 0x0a], 'unexpected EOF'],
  ['a length of 2^63', [0x0a, ...varint(2n ** 63n)], 'proto: negative length found during unmarshaling'],
  ['a varint of eleven bytes', [0x10, ...Array<number>(10).fill(0xff), 1], 'proto: integer overflow'],
  ['field 0', [0, 0], 'proto: Link: illegal field=0 (tag=0, pos=1)'],
  ['an unknown group', message(1, message(2, message(2, [0x9b, 6, 8, 1, 0x9c, 6]))), 'unexpected EOF'],
  ['a number where a message belongs', [8, 5], 'proto: wrong wireType = 0 for field ResourceLogs'],
  [
    'a trace id of 15 bytes',
    message(1, message(2, message(2, message(9, Array<number>(15).fill(1))))),
    'unmarshal: invalid TraceID length',
  ],
])("%s is refused in the collector's words", (_name, bytes, text) => {
  expect(() => decode(Uint8Array.from(bytes))).toThrow(new DecodeError(text));
});

test('what a view shows and what resourceLogs holds are the same records', () => {
  fc.assert(
    fc.property(resources, fc.boolean(), (written, resourceLast) => {
      const decoded = checkBody('otlp-protobuf', encodeOtlp(written, { resourceLast }));
      expect(seenFromResourceLogs(decoded.resourceLogs())).toEqual(written.flatMap(seenFrom));
    }),
    runs,
  );
});

test('of a cut body the whole records before the cut are visited', () => {
  fc.assert(
    fc.property(resources, fc.nat(), (written, at) => {
      const body = encodeOtlp(written);
      const seen: SeenRecord[] = [];
      visitPrefix(
        'otlp-protobuf',
        body.subarray(0, at % (body.length + 1)),
        (view) => (seen.push(seenRecord(view)), false),
      );
      expect(seen).toEqual(written.flatMap(seenFrom).slice(0, seen.length));
      if (at % (body.length + 1) === body.length) expect(seen.length).toBe(written.flatMap(seenFrom).length);
    }),
    runs,
  );
});

test('values may nest as deep as a body is long', () => {
  let deep: number[] = message(1, [0x78]);
  for (let level = 0; level < 1500; level++) deep = message(5, message(1, deep));
  const body = Uint8Array.from(message(1, message(2, message(2, message(5, deep)))));
  expect(decode(body)).toMatchObject([{ body: undefined }]);
  expect(JSON.stringify(checkBody('otlp-protobuf', body).resourceLogs())).toContain('"arrayValue":{}');
});

test('a body that says nothing leaves what an earlier one said, and field 1000 holds scopes only where field 2 does not', () => {
  const record = message(2, [...message(5, message(1, [0x78])), ...message(5, [])]);
  const [first, second] = [message(2, record), message(1000, message(2, message(5, message(1, [0x79]))))];
  expect(decode(Uint8Array.from(message(1, first))).map(({ body }) => body)).toEqual(['x']);
  expect(decode(Uint8Array.from(message(1, second))).map(({ body }) => body)).toEqual(['y']);
  expect(decode(Uint8Array.from(message(1, [...second, ...first]))).map(({ body }) => body)).toEqual(['x']);
});

test('unknown fields of every wire type are stepped over', () => {
  const unknown = [
    [0x98, 6, ...varint(-1n)],
    [0x99, 6, 1, 2, 3, 4, 5, 6, 7, 8],
    [0x9a, 6, 1, 0],
    [0x9d, 6, 1, 2, 3, 4],
  ].flat();
  const attribute = message(6, [...message(1, [0x6b]), ...message(2, [0x18, ...varint(-5n), ...unknown]), ...unknown]);
  const body = [
    ...unknown,
    ...message(1, [...unknown, ...message(2, [...unknown, ...message(2, [...attribute, ...unknown])])]),
  ];
  expect(decode(Uint8Array.from(body)).map((seen) => seen.attributes)).toEqual([[{ key: 'k', value: -5n }]]);
});

test('a record with hundreds of attributes keeps them all, and the next record has only its own', () => {
  const many = Array.from({ length: 500 }, (_, i): PlainAttribute => [`key${i}`, BigInt(i)]);
  const records = [{ attributes: many }, { attributes: [['last', true] as const] }];
  const seen = decode(encodeOtlp([{ attributes: [['r', 'x']], scopes: [{ attributes: [], records }] }]));
  expect(seen.map((one) => one.attributes)).toEqual([
    many.map(([key, of]) => ({ key, value: of })),
    [{ key: 'last', value: true }],
  ]);
  expect(seen.map((one) => one.resource)).toEqual(Array(2).fill([{ key: 'r', value: 'x' }]));
});

function decode(body: Uint8Array): SeenRecord[] {
  const seen: SeenRecord[] = [];
  decodeRecords(protobuf, body, (view) => void seen.push(seenRecord(view)));
  return seen;
}

function decodeOrError(body: Uint8Array): SeenRecord[] | DecodeError {
  try {
    return decode(body);
  } catch (error) {
    if (error instanceof DecodeError) return error;
    throw error;
  }
}
