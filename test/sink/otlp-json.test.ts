import fc from 'fast-check';
import { expect, test } from 'vitest';

import { DecodeError } from '../../src/sink/decode/decode-error.ts';
import { decodeRecords } from '../../src/sink/decode/index.ts';
import { seenRecord, type SeenRecord } from './seen-record.ts';

const runs = { seed: 20_260_101, numRuns: 300 };

test('64-bit integers stay exact, as texts and as numbers', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.boolean(), (integer, isText) => {
      const digits = isText ? `"${integer}"` : String(integer);
      const [seen] = decode('/v1/logs', otlp(`{"attributes":[{"key":"n","value":{"intValue":${digits}}}]}`));
      expect(seen!.attributes).toEqual([{ key: 'n', value: integer }]);
    }),
    runs,
  );
});

test('any JSON value, at any place of a request, is taken or refused but never crashes', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 4 }), fc.nat({ max: 4 }), (json, place) => {
      const bodies = [
        json,
        `{"resourceLogs":${json}}`,
        otlp(json),
        otlp(`{"body":${json},"attributes":[{"key":"k","value":${json}}]}`),
        `[${json}]`,
      ];
      for (const path of ['/v1/logs', '/logs/json']) {
        const outcome = decodeOrError(path, bodies[place]!);
        expect(outcome instanceof DecodeError ? [400, 500] : [200]).toContain(
          outcome instanceof DecodeError ? outcome.statusCode : 200,
        );
      }
    }),
    runs,
  );
});

test('nesting that would run the stack out is refused, and the deepest that SigNoz takes is taken', () => {
  const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
  expect(decodeOrError('/logs/json', `[{"a":${deep}}]`)).toEqual(
    new DecodeError('error unmarshalling data:invalid character "[" exceeded max depth'),
  );
  const taken = `[{"a":${'['.repeat(9998)}${']'.repeat(9998)}}]`;
  expect(decode('/logs/json', taken).map((seen) => seen.attributes)).toEqual([
    [{ key: 'a', value: taken.slice(6, -2) }],
  ]);
  const values = `${'{"arrayValue":{"values":['.repeat(50_000)}${']}}'.repeat(50_000)}`;
  expect(decodeOrError('/v1/logs', otlp(`{"body":${values}}`))).toEqual(new DecodeError('exceeded max depth'));
});

test('records keep their resource and scope, and nothing of the record before', () => {
  const records = [
    '{"body":{"stringValue":"a"},"attributes":[{"key":"x","value":{"doubleValue":1.5}}]}',
    '{"timeUnixNano":"5000000"}',
  ];
  const scope = '"scope":{"name":"lib","attributes":[{"key":"s","value":{"boolValue":true}}]}';
  const resource = '"resource":{"attributes":[{"key":"r","value":{"stringValue":"é"}}]}';
  const seen = decode(
    '/v1/logs',
    `{"resourceLogs":[{"scopeLogs":[{"logRecords":[${records.join(',')}],${scope}}],${resource}}]}`,
  );
  const owners = { resource: [{ key: 'r', value: 'é' }], scope: [{ key: 's', value: true }] };
  expect(seen).toEqual([
    { ...owners, attributes: [{ key: 'x', value: 1.5 }], body: 'a', timestampMs: undefined },
    { ...owners, attributes: [], body: undefined, timestampMs: 5 },
  ]);
});

function otlp(record: string): string {
  return `{"resourceLogs":[{"scopeLogs":[{"logRecords":[${record}]}]}]}`;
}

function decode(path: string, body: string): SeenRecord[] {
  const seen: SeenRecord[] = [];
  decodeRecords(
    { path, contentType: 'application/json' },
    Buffer.from(body),
    (view) => void seen.push(seenRecord(view)),
  );
  return seen;
}

function decodeOrError(path: string, body: string): SeenRecord[] | DecodeError {
  try {
    return decode(path, body);
  } catch (error) {
    if (error instanceof DecodeError) return error;
    throw error;
  }
}
