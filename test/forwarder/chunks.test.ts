// Laws of the pure parts: where chunks are cut never shows, and what is encoded is what stood in the line.

import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BatchBuilder } from '../../src/forwarder/batch.ts';
import { Columns } from '../../src/forwarder/columns.ts';
import { halve } from '../../src/forwarder/halve.ts';
import { inflate } from '../../src/forwarder/inflate.ts';
import { LineSplitter } from '../../src/forwarder/lines.ts';
import { compilePlan } from '../../src/forwarder/plan.ts';
import { readRequest } from './fixtures.ts';

const seed = 20_260_101;

/** Cuts bytes at places that the draws give. */
function cut(bytes: Buffer, draws: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    const size = draws[i % draws.length]!;
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

function split(chunks: readonly Buffer[], maxBytes: number): { text: string; offset: number; isTooLong: boolean }[] {
  const splitter = new LineSplitter(maxBytes);
  const lines: { text: string; offset: number; isTooLong: boolean }[] = [];
  const keep = (): void => {
    const { bytes, start, end, offset, isTooLong } = splitter;
    lines.push({ text: bytes.toString('latin1', start, end), offset, isTooLong });
  };
  for (const chunk of chunks) {
    splitter.push(chunk);
    while (splitter.next()) keep();
  }
  if (splitter.finish()) keep();
  return lines;
}

const texts = fc.array(fc.constantFrom('a', 'bc', ' ', '\n', '\r\n', '\r', 'é', '\u2028', 'x'.repeat(40)), {
  maxLength: 60,
});
const cuts = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 10 });

test('lines and their offsets are the same for every chunking', () => {
  fc.assert(
    fc.property(texts, cuts, fc.integer({ min: 1, max: 60 }), (parts, draws, maxBytes) => {
      const bytes = Buffer.from(parts.join(''));
      expect(split(cut(bytes, draws), maxBytes)).toEqual(split([bytes], maxBytes));
    }),
    { seed },
  );
});

test('lines are what stands between line feeds, less one carriage return each', () => {
  fc.assert(
    fc.property(texts, (parts) => {
      const bytes = Buffer.from(parts.join(''));
      const expected = bytes.toString('latin1').split('\n');
      if (expected.at(-1) === '') expected.pop();
      expect(split([bytes], 10_000).map((line) => line.text)).toEqual(expected.map((line) => line.replace(/\r$/, '')));
    }),
    { seed },
  );
});

test('a gzip file of any members inflates to the same text for every chunking', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(texts, { maxLength: 4 }), cuts, fc.nat(50), async (members, draws, zeros) => {
      const text = members.map((parts) => parts.join(''));
      const file = Buffer.concat([
        gzipSync(`h${text[0] ?? ''}`),
        ...text.slice(1).map((member) => gzipSync(member)),
        Buffer.alloc(zeros),
      ]);
      const inflated: Buffer[] = [];
      for await (const chunk of inflate(pieces(cut(file, draws)))) inflated.push(chunk);
      expect(Buffer.concat(inflated).toString()).toBe(`h${text.join('')}`);
    }),
    { seed, numRuns: 60 },
  );
});

async function* pieces(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
}

const fieldNames = ['srcport', 'vpc-id', 'future-one', 'bytes', 'log-status', 'account-id', 'end'];
const values = fc.oneof(
  fc.constant('-'),
  fc.nat().map(String),
  fc.bigInt({ min: 0n, max: 2n ** 70n }).map(String),
  fc.stringMatching(/^[!-~]{1,200}$/),
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
    .filter((text) => !/[\s\0]/.test(text) && text.isWellFormed()),
);

function build(lines: readonly string[]): ReturnType<BatchBuilder['take']> {
  const builder = new BatchBuilder({ maxBytes: 100_000, maxRecords: 1000 });
  builder.open({
    scope: Buffer.from([0x0a, 0]),
    region: undefined,
    context: { withBody: true, observedTime: Buffer.alloc(0) },
  });
  const plan = compilePlan(fieldNames, 'end');
  const columns = new Columns();
  for (const [i, line] of lines.entries()) {
    const bytes = Buffer.from(line);
    columns.split(bytes, 0, bytes.length);
    builder.add({ bytes, start: 0, end: bytes.length, offset: i }, columns, plan);
  }
  return builder.take();
}

const rows = fc.array(fc.tuple(...fieldNames.map(() => values)), { minLength: 1, maxLength: 8 });

test('an independent reader finds every value of every line', () => {
  fc.assert(
    fc.property(rows, (table) => {
      const groups = readRequest(gunzipSync(build(table.map((row) => row.join(' '))).body));
      const seen = groups.flatMap((group) => group.records.map((record) => ({ group, record })));
      expect(seen.map(({ record }) => record.body)).toEqual(table.map((row) => row.join(' ')));
      for (const [i, row] of table.entries()) {
        const { attributes } = seen[i]!.record;
        const text = (name: string): string => String(attributes[name] ?? '-');
        expect(
          ['source.port', 'aws.vpc.id', 'aws.vpc.flow.future_one', 'aws.vpc.flow.bytes', 'aws.vpc.flow.status'].map(
            text,
          ),
        ).toEqual(row.slice(0, 5));
        expect(seen[i]!.group.resource['cloud.account.id'] ?? '-').toBe(row[5]);
        expect(attributes['log.record.offset']).toBe(BigInt(i));
      }
    }),
    { seed },
  );
});

test('two halves hold what the whole held, each within its own resource', () => {
  fc.assert(
    fc.property(rows, (table) => {
      fc.pre(table.length > 1);
      const batch = build(table.map((row) => row.join(' ')));
      const flat = (body: Buffer): unknown[] =>
        readRequest(gunzipSync(body)).flatMap((group) => group.records.map((record) => [group.resource, record]));
      const [first, second] = halve(batch);
      expect([...flat(first.body), ...flat(second.body)]).toEqual(flat(batch.body));
      expect([first.recordCount, second.recordCount]).toEqual([flat(first.body).length, flat(second.body).length]);
    }),
    { seed },
  );
});
