import fc from 'fast-check';
import { expect, test } from 'vitest';

import { DecodeError } from '../../src/sink/decode/decode-error.ts';
import { checkBody, decodeRecords, visitPrefix } from '../../src/sink/decode/index.ts';
import { seenFromResourceLogs, seenRecord, type SeenRecord } from './seen-record.ts';
import { goJson, seenFromMembers, type Json, type Members } from './signoz-model.ts';

const runs = { seed: 20_260_101, numRuns: 500 };

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: fc.constantFrom('"', '\\', '/', '<', '\n', '\b', '\u2028', 'é', '😀', '\ud83d', 'a') }),
  fc.string({ minLength: 30, maxLength: 90 }),
);
const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;
const value: fc.Arbitrary<Json> = fc.oneof(
  { weight: 5, arbitrary: text },
  { weight: 2, arbitrary: fc.integer() },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
  { weight: 2, arbitrary: json },
);
/** Few keys, so that they meet again in a record, and in the next one in another order. */
const key = fc.oneof(fc.constantFrom('a', 'b', 'srcaddr', 'dstaddr', '', 'é', 'a"b', '__proto__', 'toString'), text);
const attributes = fc.array(fc.tuple(key, value), { maxLength: 6 });
const member = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(key, value) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom('body', 'message', 'severity_text'), text) },
  {
    weight: 2,
    arbitrary: fc.tuple(
      fc.constantFrom('attributes', 'resources'),
      attributes.map((members) => ({ members })),
    ),
  },
) as fc.Arbitrary<Members[number]>;
const records = fc
  .array(fc.array(member, { maxLength: 8 }), { maxLength: 4 })
  // The same shapes several times over, since a record is read by what the one before it was.
  .chain((shapes) => fc.shuffledSubarray([...shapes, ...shapes, ...shapes]));
const writing = fc.record({
  blank: fc.constantFrom('', ' ', '\n  '),
  afterColon: fc.constantFrom('', ' '),
  escapes: fc.boolean(),
});

test('records come out as the rules say, whatever keys repeat, however they are written', () => {
  fc.assert(
    fc.property(records, writing, (written, how) => {
      const body = `[${written.map((record) => write(record, how)).join(',')}]`;
      expect(decode(body).map(sorted)).toEqual(written.map((record) => seenFromMembers(record)));
    }),
    { ...runs, numRuns: 1500 },
  );
});

test('what a view shows and what resourceLogs holds are the same records', () => {
  fc.assert(
    fc.property(records, writing, (written, how) => {
      const body = Buffer.from(`[${written.map((record) => write(record, how)).join(',')}]`);
      const decoded = checkBody('signoz-json', body);
      expect(decoded.recordCount).toBe(written.length);
      expect(seenFromResourceLogs(decoded.resourceLogs())).toEqual(decode(body));
      expect(decoded.resourceLogs(1).length).toBe(Math.min(written.length, 1));
    }),
    runs,
  );
});

test('every array of objects that JSON.parse reads is read the same', () => {
  const objects = fc.array(fc.dictionary(text, json), { maxLength: 4 });
  fc.assert(
    fc.property(objects, fc.nat({ max: 2 }), (written, indent) => {
      const body = JSON.stringify(
        written.map((inner) => ({ x: inner })),
        undefined,
        indent,
      );
      const seen = decode(body).map(({ attributes: [only] }) => only);
      expect(seen).toEqual((JSON.parse(body) as { x: Json }[]).map(({ x }) => ({ key: 'x', value: goJson(x) })));
    }),
    runs,
  );
});

test.each([
  ['[{"a":01,"b":-00,"c":1.,"d":1.e5}]', { a: 1, b: -0, c: 1, d: 100_000 }],
  ['[{"a":"x\ny\tz"}]', { a: 'x\ny\tz' }],
  ['[{null:1}]\0anything', { '': 1 }],
  ['[{"a":"\\ud83d\\ud83d\\ude00"}]', { a: '\ufffd😀' }],
  ['[{"a":123456789012345678901234567890}]', { a: Number('123456789012345678901234567890') }],
  ['[{"a":null,"b":[null,{}]}]', { a: 'null', b: '[null,{}]' }],
])('what is no JSON but is taken comes out as goccy/go-json reads it: %j', (body, expected) => {
  const [seen] = decode(body);
  expect(Object.fromEntries(seen!.attributes.map((one) => [one.key, one.value]))).toEqual(expected);
});

test('any bytes, and records with a byte changed or their end cut off, are refused or taken but never crash', () => {
  const damaged = fc
    .tuple(records, writing, fc.nat(), fc.nat({ max: 255 }), fc.boolean())
    .map(([written, how, at, byte, isCut]) => {
      const body = Buffer.from(
        `[{"a":1},${written.map((record) => `${write(record, how)},`).join('')}{"body":"\\u00e9"}]`,
      );
      if (isCut) return body.subarray(0, at % body.length);
      body[at % body.length] = byte;
      return body;
    });
  fc.assert(
    fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 40 })), (body) => {
      const outcome = decodeOrError(body);
      if (outcome instanceof DecodeError) expect(outcome.statusCode).toBe(400);
    }),
    { ...runs, numRuns: 3000 },
  );
});

test('of a cut body the whole records before the cut are visited', () => {
  const written = ['{"body":"a"}', '{"body":"b\\n","x":{"y":1}}', '{"body":"c"}'];
  const body = Buffer.from(`[${written.join(',')}]`);
  const ends = written.map((_, i) => 1 + written.slice(0, i + 1).join(',').length);
  const whole = decode(body);
  for (let length = 0; length <= body.length; length++) {
    const seen: SeenRecord[] = [];
    visitPrefix('signoz-json', body.subarray(0, length), (view) => (seen.push(seenRecord(view)), false));
    expect(seen).toEqual(whole.slice(0, seen.length));
    expect(seen.length).toBe(ends.filter((end) => end <= length).length);
  }
});

test('a wrong type is told before a wrong id, and of several the first, which is ambiguous', () => {
  const error = decodeOrError('[{"trace_id":"zz"},{"body":1},{"message":2,"timestamp":"x"}]') as DecodeError;
  expect([error.message, error.ambiguous]).toEqual(['body must be a string', false]);
  const ambiguous = decodeOrError('[{"message":2,"timestamp":"x"}]') as DecodeError;
  expect([ambiguous.message, ambiguous.ambiguous]).toEqual(['message must be a string', true]);
});

test.each([
  ['[{"attributes":{"a":1},"b":2}]', true],
  ['[{"attributes":{},"b":2}]', true],
  ['[{"attributes":{"a":1},"body":"x"}]', false],
  ['[{"body":"x","message":"y"}]', true],
  ['[{"body":"x","message":"x"}]', false],
  ['[{"resources":{"a":1},"b":2}]', false],
])('what depends on the order of a Go map is ambiguous: %s', (body, ambiguous) => {
  expect(checkBody('signoz-json', Buffer.from(body)).ambiguous).toBe(ambiguous);
});

test('a number is a timestamp by its digits, whatever its unit', () => {
  const at = (timestamp: string): number | undefined => decode(`[{"timestamp":${timestamp}}]`)[0]!.timestampMs;
  expect(['1697701904', '1697701904681', '1697701904681048', '1697701904681048000', '0'].map(at)).toEqual([
    1697701904000,
    1697701904681,
    1697701904681.048,
    1697701904681.048,
    undefined,
  ]);
});

function write(members: Members, how: { blank: string; afterColon: string; escapes: boolean }): string {
  const { blank, afterColon, escapes } = how;
  const quoted = (plain: string): string =>
    escapes
      ? `"${Array.from({ length: plain.length }, (_, i) => `\\u${plain.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')}"`
      : JSON.stringify(plain);
  const written = members.map(([name, inner]) => {
    const nested = typeof inner === 'object' && inner !== null && 'members' in inner;
    const value = nested
      ? write((inner as { members: Members }).members, how)
      : typeof inner === 'string'
        ? quoted(inner)
        : Object.is(inner, -0)
          ? '-0'
          : JSON.stringify(inner);
    return `${quoted(name)}:${afterColon}${value}`;
  });
  return `{${blank}${written.join(`,${blank}`)}${blank}}`;
}

function sorted(record: SeenRecord): SeenRecord {
  const byKey = (a: { key: string }, b: { key: string }): number =>
    Buffer.compare(Buffer.from(a.key), Buffer.from(b.key));
  return { ...record, resource: record.resource.toSorted(byKey), attributes: record.attributes.toSorted(byKey) };
}

function decode(body: string | Uint8Array): SeenRecord[] {
  const seen: SeenRecord[] = [];
  decodeRecords({ path: '/logs/json' }, Buffer.from(body), (view) => void seen.push(seenRecord(view)));
  return seen;
}

function decodeOrError(body: string | Uint8Array): SeenRecord[] | DecodeError {
  try {
    return decode(body);
  } catch (error) {
    if (error instanceof DecodeError) return error;
    throw error;
  }
}
