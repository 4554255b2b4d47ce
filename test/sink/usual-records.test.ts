import fc from 'fast-check';
import { expect, test } from 'vitest';

import { giveMemory, takeMemory } from '../../src/sink/body-memory.ts';
import { checkBody, formatOf } from '../../src/sink/decode/index.ts';
import { openAgeGauge } from '../../src/sink/too-old.ts';
import { contentTypes, encodeRequest, paths, type Content, type Format } from '../bench/sink-bodies.ts';

const formats: readonly Format[] = ['otlp-protobuf', 'otlp-json', 'logs-json'];
const contents: readonly Content[] = ['raw-lines', '14-attributes'];
const oldestMs = 1_767_000_000_000;

function check(format: Format, body: Uint8Array, olderThanMs: number): unknown {
  const gauge = openAgeGauge(olderThanMs);
  try {
    const request = { path: paths[format], contentType: contentTypes[format] };
    const decoded = checkBody(formatOf(request), body, gauge);
    const visited = openAgeGauge(oldestMs);
    decoded.visit(visited.visit);
    const { recordCount, ambiguous } = decoded;
    return { recordCount, ambiguous, old: visited.ranges, found: gauge.ranges };
  } catch (error) {
    return String(error);
  }
}

/** Where it was received into, behind it what was there before: more of the same. */
function checkInPlace(format: Format, body: Uint8Array): unknown {
  const memory = takeMemory(body.length * 2);
  memory.set(body);
  memory.set(body, body.length);
  const outcome = check(format, memory.subarray(0, body.length), oldestMs);
  giveMemory(memory);
  return outcome;
}

/** No record is stepped over where every one is too old. */
function checkSlowly(format: Format, body: Uint8Array): unknown {
  const outcome = check(format, body, Infinity);
  return typeof outcome === 'string' ? outcome : { ...(outcome as object), found: (outcome as { old: unknown }).old };
}

/** Mostly as AWS writes them; fields that are left out, and those that hold what no encoder leaves as it is. */
const line = fc
  .record({
    account: fc.constantFrom('123456789010', '-', '"', '\\', '\u0000', '\u001f', 'é', 'a'.repeat(200), '0x'),
    port: fc.constantFrom('0', '443', '-', '65535', '-1', '1.5', '1e3', '1234567890123456', 'NaN'),
    end: fc.constantFrom(1_767_225_600, 1_767_225_600, 1_766_000_000, 0, 1_767_000, 1_767_000_000),
    isOdd: fc.nat(9),
  })
  .map(({ account, port, end, isOdd }) => {
    const [owner, source] = isOdd === 0 ? [account, port] : ['123456789010', '443'];
    return `2 ${owner} eni-0a1b2c3d 10.0.0.1 10.0.0.2 ${source} 5432 6 20 4249 ${end - 60} ${end} ACCEPT OK`;
  });

/** Bytes that mean something in one of the formats, put in place of others, between them or up to the end. */
const changes = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    bytes: fc.constantFrom(
      '"',
      '\\',
      ',',
      '}',
      ']',
      '{',
      ' ',
      '0',
      '-',
      '9'.repeat(20),
      '\0',
      '\u007f',
      '\u0080',
      '\t',
      'e',
      '\u0012',
      '*',
    ),
    removed: fc.constantFrom(0, 1, 1, 2, 100_000),
  }),
  { maxLength: 2 },
);

test.each(formats)('records of %s that are stepped over are those that a walk over each would take', (format) => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 30 }), fc.constantFrom(...contents), changes, (lines, content, changed) => {
      // Varints of the encoder are whole.
      const written =
        format === 'otlp-protobuf' ? lines.map((each) => each.replace(/ (-1|1\.5|1e3|NaN) /, ' 443 ')) : lines;
      let body = encodeRequest(format, content, written).body;
      for (const { at, bytes, removed } of changed) {
        const place = Math.floor(at * body.length);
        body = Buffer.concat([body.subarray(0, place), Buffer.from(bytes, 'latin1'), body.subarray(place + removed)]);
      }
      const slowly = checkSlowly(format, body);
      expect(check(format, body, oldestMs)).toEqual(slowly);
      expect(checkInPlace(format, body)).toEqual(slowly);
    }),
    { numRuns: 700 },
  );
});

test('JSON whose values decide what becomes of a record is never stepped over', () => {
  const record = '{"timestamp":1767225600,"body":"a"}';
  for (const odd of [
    '{"timestamp":"1767225600","body":"a"}',
    '{"timestamp":1767225600,"body":7}',
    '{"timestamp":1767225600,"body":"a","message":"b"}',
    '{"timestamp":1767225600,"body":"a","message":"a"}',
    '{"timestamp":1767225600,"body":"a","x":1,"attributes":{}}',
    '{"timestamp":1767225600,"body":"a","trace_id":"ab"}',
    '{"timestamp":1767225600,"body":"a","trace_id":"xy"}',
    '{"timestamp":1767225600,"body":"a","\\u0074race_id":"xy"}',
    '{"timestamp":-1767225600,"body":"a"}',
    '{"timestamp":1.7e9,"body":"a"}',
    '{"timestamp":1.7e3,"body":"a"}',
    'null',
    '{}',
  ]) {
    for (const records of [
      [odd, odd, odd],
      [record, record, odd, odd],
      [odd, record, record, record, odd],
    ]) {
      // Whoever comes behind must not profit from what was learnt of another body.
      for (const join of [',', ', ', ',\n']) {
        const body = Buffer.from(`[${records.join(join)}]`);
        expect(check('logs-json', body, oldestMs)).toEqual(checkSlowly('logs-json', body));
      }
    }
  }
});

test('where every record has another shape no template is made any more, and all are read', () => {
  const shapes = Array.from({ length: 30 }, (_, i) => `{"timestamp":1767225600,"key${i}":${i}}`);
  const body = Buffer.from(`[${[...shapes, ...shapes].join(',')}]`);
  expect(check('logs-json', body, oldestMs)).toEqual({ recordCount: 60, ambiguous: false, old: [], found: [] });
});

test('OTLP JSON whose time is written in an odd way is never stepped over', () => {
  const usual = '{"timeUnixNano":"1767225600000000000","body":{"stringValue":"a"}}';
  for (const time of [
    '"\\u0031766000000000000000"',
    '"01766000000000000000"',
    '1766000000000000000',
    '1.766e18',
    '0',
    'null',
  ]) {
    const odd = `{"body":{"stringValue":"a"},"timeUnixNano":${time}}`;
    for (const records of [
      [odd, odd, odd],
      [usual, usual, odd, odd, usual],
    ]) {
      const body = Buffer.from(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[${records.join(',')}]}]}]}`);
      expect(check('otlp-json', body, oldestMs)).toEqual(checkSlowly('otlp-json', body));
    }
  }
});

test('of a body of many usual records hardly one is looked at, however large it is', () => {
  const usual = '2 123456789010 eni-0a1b2c3d 10.0.0.1 10.0.0.2 443 5432 6 20 4249 1767225540 1767225600 ACCEPT OK';
  for (const format of formats) {
    for (const content of contents) {
      const { body, recordCount } = encodeRequest(
        format,
        content,
        Array.from({ length: 3000 }, () => usual),
      );
      const memory = takeMemory(body.length);
      memory.set(body);
      for (const place of [body, memory.subarray(0, body.length)]) {
        let seen = 0;
        const watch = { oldestMs, visit: () => ++seen < 0 };
        const request = { path: paths[format], contentType: contentTypes[format] };
        expect(checkBody(formatOf(request), place, watch).recordCount).toBe(recordCount);
        expect(seen).toBeLessThan(5);
      }
      giveMemory(memory);
    }
  }
});
