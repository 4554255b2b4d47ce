import fc from 'fast-check';
import { expect, test } from 'vitest';

import { DecodeError } from '../../src/sink/decode/decode-error.ts';
import { checkBody, decodeRecords, visitPrefix } from '../../src/sink/decode/index.ts';
import { encodeOtlp } from './otlp-encoder.ts';
import { rawJson, resources, seenFrom, writeOtlpJson, writings } from './otlp-model.ts';
import { seenFromResourceLogs, seenRecord, type SeenRecord } from './seen-record.ts';

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

test('what is written in any spelling and order is seen again', () => {
  fc.assert(
    fc.property(resources, writings, (written, how) => {
      expect(decode('/v1/logs', writeOtlpJson(written, how))).toEqual(written.flatMap(seenFrom));
    }),
    { ...runs, numRuns: 1000 },
  );
});

test('what a view shows and what resourceLogs holds are the same records, and the same as in protobuf', () => {
  fc.assert(
    fc.property(resources, writings, (written, how) => {
      const resourceLogs = checkBody('otlp-json', Buffer.from(writeOtlpJson(written, how))).resourceLogs();
      expect(seenFromResourceLogs(resourceLogs)).toEqual(written.flatMap(seenFrom));
      expect(resourceLogs).toEqual(checkBody('otlp-protobuf', encodeOtlp(written)).resourceLogs());
    }),
    runs,
  );
});

test('what the collector would write is read as it was', () => {
  fc.assert(
    fc.property(resources, (written) => {
      const resourceLogs = checkBody('otlp-protobuf', encodeOtlp(written)).resourceLogs();
      const told = JSON.stringify({ resourceLogs }, (_key, value: unknown) =>
        Object.is(value, -0) ? rawJson('-0') : value,
      );
      expect(checkBody('otlp-json', Buffer.from(told)).resourceLogs()).toEqual(resourceLogs);
    }),
    runs,
  );
});

test('damaged bytes are refused or taken but never crash, and a prefix never throws', () => {
  const damaged = fc
    .tuple(resources, writings, fc.nat(), fc.nat({ max: 255 }), fc.boolean())
    .map(([written, how, at, byte, isCut]) => {
      const body = Buffer.from(writeOtlpJson(written, how));
      if (isCut) return body.subarray(0, at % body.length);
      body[at % body.length] = byte;
      return body;
    });
  fc.assert(
    fc.property(damaged, (body) => {
      const outcome = decodeOrError('/v1/logs', body);
      const seen: SeenRecord[] = [];
      visitPrefix('otlp-json', body, (view) => (seen.push(seenRecord(view)), false));
      if (outcome instanceof DecodeError) expect([400, 500]).toContain(outcome.statusCode);
      else expect(seen.length).toBe(outcome.length);
    }),
    { ...runs, numRuns: 2000 },
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

test.each([
  // 3e19 passes 2^64, and the remainder is larger than 3e18.
  ['"timeUnixNano":30000000000000000000', 200],
  ['"timeUnixNano":18446744073709551616', 400],
  ['"timeUnixNano":"18446744073709551616"', 400],
  ['"timeUnixNano":-1', 500],
  ['"flags":-1', 500],
  ['"severityNumber":-x', 500],
  ['"flags":4294967296', 400],
  ['"severityNumber":2147483648', 400],
  ['"severityNumber":"SEVERITY_NUMBER_INFO2"', 200],
  ['"severityText":"é', 400],
  [`"severityText":1a${'é'.repeat(9)}`, 500],
  ['"x":-01', 200],
  ['"x":1e400', 400],
  ['"body":,"stringValue":"x"}', 200],
  ['"":,{', 200],
  ['"severityText":"a\\tb\tc"', 200],
  ['"severityText":"b\tc"', 400],
])('%s is answered %i, as json-iterator reads it', (field, statusCode) => {
  const outcome = decodeOrError('/v1/logs', otlp(`{${field}}`));
  expect(outcome instanceof DecodeError ? outcome.statusCode : 200).toBe(statusCode);
});

test('a long number with few decimals is rounded twice, as the collector rounds it', () => {
  const [seen] = decode('/v1/logs', otlp('{"attributes":[{"key":"n","value":{"doubleValue":-1913019207515.5674}}]}'));
  expect(seen!.attributes).toEqual([{ key: 'n', value: Number('-19130192075155674') / 1e4 }]);
});

test('nesting that would run a stack out is taken and refused where SigNoz takes and refuses it', () => {
  const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
  expect(decodeOrError('/logs/json', `[{"a":${deep}}]`)).toEqual(
    new DecodeError('error unmarshalling data:invalid character "[" exceeded max depth'),
  );
  const taken = `[{"a":${'['.repeat(9998)}${']'.repeat(9998)}}]`;
  expect(decode('/logs/json', taken).map((seen) => seen.attributes)).toEqual([
    [{ key: 'a', value: taken.slice(6, -2) }],
  ]);
  const values = `${'{"arrayValue":{"values":['.repeat(50_000)}${']}}'.repeat(50_000)}`;
  expect(decode('/v1/logs', otlp(`{"body":${values}}`))).toMatchObject([{ body: undefined }]);
  expect(decodeOrError('/v1/logs', `{"foo":${deep}}`)).toMatchObject({ statusCode: 400 });
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

function decode(path: string, body: string | Uint8Array): SeenRecord[] {
  const seen: SeenRecord[] = [];
  decodeRecords(
    { path, contentType: 'application/json' },
    Buffer.from(body),
    (view) => void seen.push(seenRecord(view)),
  );
  return seen;
}

function decodeOrError(path: string, body: string | Uint8Array): SeenRecord[] | DecodeError {
  try {
    return decode(path, body);
  } catch (error) {
    if (error instanceof DecodeError) return error;
    throw error;
  }
}

test('a body that is a map, a list or a number is told to be there, in JSON and in protobuf, and none is not', () => {
  const bodies = [
    '{"kvlistValue":{"values":[{"key":"srcaddr","value":{"stringValue":"10.0.0.1"}}]}}',
    '{"stringValue":"a line"}',
    '{"arrayValue":{"values":[]}}',
    '{}',
    '{"intValue":"7"}',
  ];
  const records = [...bodies.map((body) => `{"body":${body}}`), '{}'].join(',');
  const text = `{"resourceLogs":[{"scopeLogs":[{"logRecords":[${records}]}]}]}`;
  const seen: boolean[] = [];
  decodeRecords(
    { path: '/v1/logs', contentType: 'application/json' },
    Buffer.from(text),
    (view) => void seen.push((view.otherBodyStart ?? -1) >= 0),
  );
  expect(seen).toEqual([true, false, true, false, true, false]);
  // Field 5 of LogRecord is the body; an AnyValue has its map as field 6, its text as field 1 (logs.proto, common.proto).
  const protobuf = Buffer.from('0a12121012042a02320012062a040a0261621200', 'hex');
  seen.length = 0;
  decodeRecords(
    { path: '/v1/logs', contentType: 'application/x-protobuf' },
    protobuf,
    (view) => void seen.push((view.otherBodyStart ?? -1) >= 0),
  );
  expect(seen).toEqual([true, false, false]);
});
