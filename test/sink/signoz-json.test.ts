import fc from 'fast-check';
import { expect, test } from 'vitest';

import { DecodeError } from '../../src/sink/decode/decode-error.ts';
import { parseGoArray } from '../../src/sink/decode/go-json.ts';
import { decodeRecords } from '../../src/sink/decode/index.ts';
import { seenRecord, type SeenRecord } from './seen-record.ts';

const runs = { seed: 20_260_101, numRuns: 500 };

test('the parser for what JSON.parse refuses reads every array of objects as JSON.parse does', () => {
  const value = fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' });
  const records = fc.array(fc.dictionary(fc.string({ unit: 'binary' }), value), { maxLength: 4 });
  fc.assert(
    fc.property(records, fc.nat({ max: 2 }), (written, indent) => {
      const json = JSON.stringify(written, undefined, indent);
      expect(parseGoArray(Buffer.from(json), '')).toEqual(JSON.parse(json));
    }),
    runs,
  );
});

test('any bytes, and arrays of records with a byte changed or their end cut off, are refused or taken but never crash', () => {
  const damaged = fc.tuple(fc.json(), fc.nat(), fc.nat({ max: 255 }), fc.boolean()).map(([json, at, byte, isCut]) => {
    const body = Buffer.from(`[{"a":${json},"body":"\\u00e9"}]`);
    if (isCut) return body.subarray(0, at % body.length);
    body[at % body.length] = byte;
    return body;
  });
  fc.assert(
    fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 40 })), (body) => {
      const outcome = decodeOrError(body);
      if (outcome instanceof DecodeError) expect(outcome.statusCode).toBe(400);
    }),
    { ...runs, numRuns: 2000 },
  );
});

test('attributes stand beside flat keys, a flat key over an attribute of its name, and the later of body and message', () => {
  const [seen] = decode(
    '[{"a":1,"attributes":{"a":2,"b":[1e-7,"<"]},"message":"m","body":"b","resources":{"r":null}}]',
  );
  expect(seen).toEqual({
    resource: [{ key: 'r', value: 'null' }],
    scope: [],
    attributes: [
      { key: 'b', value: String.raw`[1e-07,"\u003c"]` },
      { key: 'a', value: 1 },
    ],
    body: 'b',
    timestampMs: undefined,
  });
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

function decode(body: string | Uint8Array): SeenRecord[] {
  const seen: SeenRecord[] = [];
  decodeRecords({ path: '/logs/json' }, Buffer.from(body), (view) => void seen.push(seenRecord(view)));
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
