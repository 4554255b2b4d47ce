import { expect, test } from 'vitest';

import { DecodeError } from '../../src/sink/decode/decode-error.ts';
import { checkBody, visitPrefix, type BodyFormat } from '../../src/sink/decode/index.ts';

/** The longest body that the collector takes, and one that takes a test less long. */
const most = 20 * 1024 * 1024;
const fewer = 3 * 1024 * 1024;

interface Bomb {
  readonly name: string;
  readonly format: BodyFormat;
  readonly sizeBytes: number;
  /** Before, over and over, and behind. */
  readonly parts: readonly [string, string, string];
  /** Whether each repetition is a record; undefined where the body is refused. */
  readonly records?: 'each' | 'one' | 'none';
}

const records = '{"resourceLogs":[{"scopeLogs":[{"logRecords":[';

/** Bodies that a small gzip opens to. */
const bombs: readonly Bomb[] = [
  { name: 'brackets', format: 'signoz-json', sizeBytes: most, parts: ['', '[', ''] },
  { name: 'brackets in a value', format: 'signoz-json', sizeBytes: most, parts: ['[{"a":', '[', ''] },
  { name: 'braces in a value', format: 'signoz-json', sizeBytes: most, parts: ['[{"a":', '{"a":', ''] },
  { name: 'empty records', format: 'signoz-json', sizeBytes: most, parts: ['[{}', ',{}', ']'], records: 'each' },
  {
    name: 'objects in an array',
    format: 'signoz-json',
    sizeBytes: fewer,
    parts: ['[{"a":[{}', ',{}', ']}]'],
    records: 'one',
  },
  {
    name: 'one key in an object',
    format: 'signoz-json',
    sizeBytes: fewer,
    parts: ['[{"a":{"":1', ',"":1', '}}]'],
    records: 'one',
  },
  {
    name: 'one key in a record',
    format: 'signoz-json',
    sizeBytes: fewer,
    parts: ['[{"":1', ',"":1', '}]'],
    records: 'one',
  },
  { name: 'escapes', format: 'signoz-json', sizeBytes: fewer, parts: ['[{"a":"', '\\n', '"}]'], records: 'one' },
  {
    name: 'records with escapes',
    format: 'signoz-json',
    sizeBytes: fewer,
    parts: ['[{}', ',{"a":"\\n"}', ']'],
    records: 'each',
  },
  { name: 'brackets', format: 'otlp-json', sizeBytes: most, parts: ['', '[', ''] },
  { name: 'brackets in an unknown field', format: 'otlp-json', sizeBytes: most, parts: ['{"x":', '[', ''] },
  {
    name: 'empty records',
    format: 'otlp-json',
    sizeBytes: fewer,
    parts: [`${records}{}`, ',{}', ']}]}]}'],
    records: 'each',
  },
  {
    name: 'open arrays',
    format: 'otlp-json',
    sizeBytes: most,
    parts: [`${records}{"body":`, '{"arrayValue":{"values":[', ''],
  },
  {
    name: 'attributes',
    format: 'otlp-json',
    sizeBytes: fewer,
    parts: [`${records}{"attributes":[{}`, ',{}', ']}]}]}]}'],
    records: 'one',
  },
  {
    name: 'escapes',
    format: 'otlp-json',
    sizeBytes: fewer,
    parts: [`${records}{"body":{"stringValue":"`, '\\n', '"}}]}]}]}'],
    records: 'one',
  },
  { name: 'empty resources', format: 'otlp-protobuf', sizeBytes: most, parts: ['', '\n\0', ''], records: 'none' },
];

test.each(bombs)(
  'a body of $name as $format takes a few times its size, and no stack',
  { timeout: 300_000 },
  (bomb) => {
    const { body, times } = bodyOf(bomb);
    const before = usedBytes();
    const outcome = attempt(() => {
      const decoded = checkBody(bomb.format, body);
      decoded.visit(() => false);
      return decoded;
    });
    visitPrefix(bomb.format, body, () => false);
    expect(usedBytes() - before).toBeLessThan(9 * body.length + 32 * 1024 * 1024);
    if (outcome instanceof DecodeError) expect(bomb.records).toBeUndefined();
    else {
      const expected = { each: times + 1, one: 1, none: 0 }[bomb.records!];
      expect(outcome.recordCount).toBe(expected);
      expect(outcome.resourceLogs(3).length).toBeLessThanOrEqual(3);
    }
  },
);

function bodyOf({ sizeBytes, parts }: Bomb): { body: Buffer; times: number } {
  const [before, repeated, behind] = parts;
  const times = Math.floor((sizeBytes - before.length - behind.length) / repeated.length);
  const middle = Buffer.alloc(times * repeated.length, repeated);
  return { body: Buffer.concat([Buffer.from(before), middle, Buffer.from(behind)]), times };
}

/** Garbage included. */
function usedBytes(): number {
  const { heapTotal, arrayBuffers } = process.memoryUsage();
  return heapTotal + arrayBuffers;
}

function attempt<T>(decode: () => T): T | DecodeError {
  try {
    return decode();
  } catch (error) {
    if (error instanceof DecodeError) return error;
    throw error;
  }
}
