import { gunzipSync } from 'node:zlib';

import fc from 'fast-check';
import { expect, test } from 'vitest';

import { FlowrigError } from '../../src/core/errors.ts';
import { defaultFormat } from '../../src/flowlogs/fields.ts';
import { allLines, openCorpus, scannedLines, storedLines } from './read-lines.ts';

const anyPlan = fc.record({
  seed: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
  records: fc.integer({ min: 1, max: 4000 }),
  maxRecords: fc.integer({ min: 1, max: 2500 }),
  reject: fc.double({ min: 0, max: 1, noNaN: true }),
  nodata: fc.double({ min: 0, max: 0.5, noNaN: true }),
  skipdata: fc.double({ min: 0, max: 0.4, noNaN: true }),
  startMs: fc.integer({ min: 0, max: Date.UTC(2100, 0, 1) }),
});

/** Plans of fewer than four records may ask for a NODATA and a SKIPDATA line that do not both fit. */
const fittingPlan = anyPlan.filter(({ records }) => records >= 20);

const law = { seed: 20_260_101, numRuns: 40 };

test('same plan, same bytes: two corpora agree in keys, text and fingerprint', async () => {
  await fc.assert(
    fc.asyncProperty(fittingPlan, async (plan) => {
      const [one, other] = [openCorpus(plan), openCorpus(plan)];
      expect(other.objects).toEqual(one.objects);
      for (const object of one.objects.toReversed())
        expect(Buffer.from(other.text(object)).equals(one.text(object))).toBe(true);
      expect(await other.fingerprint()).toBe(await one.fingerprint());
    }),
    { ...law, numRuns: 15 },
  );
});

test('another seed gives other bytes', async () => {
  expect(await openCorpus({ seed: 1 }).fingerprint()).not.toBe(await openCorpus({ seed: 2 }).fingerprint());
  expect(openCorpus({ seed: 1 }).record(0)).not.toBe(openCorpus({ seed: 2 }).record(0));
});

test('seeds beyond 32 bits are told apart', () => {
  expect(openCorpus({ seed: 2 ** 32 + 1 }).record(0)).not.toBe(openCorpus({ seed: 1 }).record(0));
});

test('record(i) is the i-th line that is written, in any order of asking', async () => {
  await fc.assert(
    fc.asyncProperty(fittingPlan, fc.infiniteStream(fc.nat()), async (plan, asked) => {
      const corpus = openCorpus(plan);
      const lines = await allLines(corpus);
      expect(lines).toHaveLength(plan.records);
      for (const draw of asked.take(40)) expect(corpus.record(draw % plan.records)).toBe(lines[draw % plan.records]);
    }),
    { ...law, numRuns: 15 },
  );
});

test('asking for a record beyond the corpus is a bug of the caller', () => {
  expect(() => openCorpus({ records: 10 }).record(10)).toThrow('Record 10 is not among the 10 of the corpus.');
});

test('scan shows the stored lines with the number that an editor gives them', async () => {
  const corpus = openCorpus();
  for (const object of corpus.objects) {
    const { lines, counts } = await scannedLines(corpus, object);
    expect(lines).toEqual((await storedLines(corpus, object)).map((text, i) => [i + 2, text]));
    expect(counts).toEqual({ data: object.lineCount, header: 1, blank: 0 });
  }
});

test('a record may be asked for, and an object scanned, while one is scanned', async () => {
  const corpus = openCorpus();
  const object = corpus.objects[1]!;
  const expected = await storedLines(corpus, object);
  const seen: string[] = [];
  await corpus.scan(object, (bytes, start, end, line) => {
    corpus.record(2999);
    if (line % 400 === 0) void corpus.scan(corpus.objects[2]!, () => undefined);
    seen.push(Buffer.from(bytes.subarray(start, end)).toString());
  });
  expect(seen).toEqual(expected);
});

test('bodies that are made at the same time write over neither each other nor a text that is asked for meanwhile', async () => {
  const corpus = openCorpus();
  const making = Promise.all(corpus.objects.map((object) => corpus.body(object)));
  await new Promise((resolve) => setImmediate(resolve));
  const last = Buffer.from(corpus.text(corpus.objects[2]!));
  const texts = (await making).map((body) => gunzipSync(body));
  expect(texts).toEqual(corpus.objects.map((object) => Buffer.from(corpus.text(object))));
  expect(texts[2]).toEqual(last);
});

test('Parquet files that are made at the same time are those that are made one by one', async () => {
  const plan = { records: 600, maxRecords: 200, file: 'parquet' } as const;
  const [atOnce, oneByOne] = [openCorpus(plan), openCorpus(plan)];
  const bodies = await Promise.all(atOnce.objects.map((object) => atOnce.body(object)));
  for (const object of oneByOne.objects) expect(await oneByOne.body(object)).toEqual(bodies[object.index]);
});

test('a file is a header line and its records, each ended by LF, in one gzip member', async () => {
  const corpus = openCorpus({ records: 5 });
  const body = await corpus.body(corpus.objects[0]!);
  const text = gunzipSync(body).toString();
  const header =
    'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
  expect(text.startsWith(`${header}\n`)).toBe(true);
  expect(text.endsWith('\n')).toBe(true);
  expect(text.split('\n')).toHaveLength(7);
  expect(Buffer.from(body).indexOf(Buffer.from([0x1f, 0x8b, 0x08]), 1)).toBe(-1);
  expect(corpus.objects[0]!.fields).toEqual(defaultFormat);
});

const address = String.raw`(?:\d{1,3}\.){3}\d{1,3}`;
const begin = String.raw`^2 \d{12} eni-[0-9a-f]{17}`;
const flowLine = new RegExp(
  `${begin} ${address} ${address} \\d+ \\d+ (?:1|6|17) \\d+ \\d+ \\d{10} \\d{10} (?:ACCEPT|REJECT) OK$`,
);
const emptyLine = new RegExp(`${begin} - - - - - - - \\d{10} \\d{10} - (?:NODATA|SKIPDATA)$`);

test('every line has the exact shape that AWS documents for its kind', async () => {
  for (const line of await allLines(openCorpus({ nodata: 0.2, skipdata: 0.1 }))) {
    expect(line).toMatch(line.endsWith(' OK') ? flowLine : emptyLine);
  }
});

test('parse undoes encode: the numbers of a line give the line again, and lie within their domains', async () => {
  const lines = (await allLines(openCorpus({ seed: 9 }))).filter((line) => line.endsWith(' OK'));
  const wrong = lines.filter((line) => {
    const values = line.split(' ');
    const numbers = values.slice(5, 12).map(Number);
    const [srcport, dstport, , packets, bytes] = numbers as [number, number, number, number, number];
    const octets = [...values[3]!.split('.'), ...values[4]!.split('.')].map(Number);
    const again = [
      ...values.slice(0, 3),
      octets.slice(0, 4).join('.'),
      octets.slice(4).join('.'),
      ...numbers,
      ...values.slice(12),
    ];
    const isRight =
      again.join(' ') === line &&
      Math.max(srcport, dstport) < 65_536 &&
      Math.max(...octets) < 256 &&
      bytes >= 28 * packets &&
      bytes <= 1500 * packets;
    return !isRight;
  });
  expect(wrong).toEqual([]);
});

test('mixes hold exactly per run, and in each object within one of its part', async () => {
  await fc.assert(
    fc.asyncProperty(fittingPlan, async (plan) => {
      const corpus = openCorpus(plan);
      const total = { lines: 0, nodata: 0, skipdata: 0, reject: 0, ok: 0 };
      for (const object of corpus.objects) {
        const lines = await storedLines(corpus, object);
        const count = (ending: string): number => lines.filter((line) => line.endsWith(ending)).length;
        const found = {
          nodata: count(' NODATA'),
          skipdata: count(' SKIPDATA'),
          reject: count(' REJECT OK'),
          ok: count(' OK'),
        };
        expect(Math.abs(found.nodata - plan.nodata * lines.length)).toBeLessThanOrEqual(1);
        expect(Math.abs(found.reject - plan.reject * found.ok)).toBeLessThanOrEqual(1);
        // Where an object has no room left, the next one takes it.
        if (lines.length > 20) expect(Math.abs(found.skipdata - plan.skipdata * lines.length)).toBeLessThanOrEqual(1);
        total.lines += lines.length;
        for (const kind of ['nodata', 'skipdata', 'reject', 'ok'] as const) total[kind] += found[kind];
      }
      const exact = (share: number, lines: number): number =>
        share > 0 && lines > 0 ? Math.max(1, Math.round(share * lines)) : 0;
      expect(total.lines).toBe(plan.records);
      expect(total.nodata).toBe(exact(plan.nodata, plan.records));
      expect(total.skipdata).toBe(exact(plan.skipdata, plan.records));
      expect(total.reject).toBe(exact(plan.reject, total.ok));
    }),
    law,
  );
});

test('a share that rounds to nothing still gives one line', async () => {
  const lines = await allLines(openCorpus({ records: 100, nodata: 0.0001, skipdata: 0.0001, reject: 0.0001 }));
  expect(
    ['NODATA', 'SKIPDATA', 'REJECT OK'].map((end) => lines.filter((line) => line.endsWith(` ${end}`)).length),
  ).toEqual([1, 1, 1]);
});

test('shares of 0 and 1 leave nothing of the other kinds', async () => {
  const rejected = await allLines(openCorpus({ records: 200, reject: 1, nodata: 0, skipdata: 0 }));
  expect(rejected.every((line) => line.endsWith(' REJECT OK'))).toBe(true);
  const empty = await allLines(openCorpus({ records: 200, nodata: 1, skipdata: 0 }));
  expect(empty.every((line) => line.endsWith(' - NODATA'))).toBe(true);
});

test('lines of a kind do not come at a beat', async () => {
  const lines = await allLines(openCorpus({ records: 1000, nodata: 0.1 }));
  const places = lines.flatMap((line, i) => (line.endsWith(' NODATA') ? [i] : []));
  const gaps = new Set(places.slice(1).map((place, i) => place - places[i]!));
  expect(gaps.size).toBeGreaterThan(10);
});

test('a mix that does not fit says how many lines are missing', () => {
  const thrown = (() => {
    try {
      openCorpus({ records: 1, nodata: 0.5, skipdata: 0.5 });
    } catch (error) {
      return error;
    }
    return undefined;
  })();
  expect(thrown).toBeInstanceOf(FlowrigError);
  expect(thrown).toMatchObject({
    code: 'bad-usage',
    message:
      'nodata 0.5 and skipdata 0.5 ask for 1 and 1 lines, but there are only 1 records. Ask for more records or smaller shares.',
  });
});

test('values out of range are refused, all at once', () => {
  expect(() => openCorpus({ maxRecords: 0, reject: 1.5, nodata: NaN, startMs: -1 })).toThrow(
    'The traffic cannot be generated: maxRecords is 0; it must be from 1 to 9007199254740991. ' +
      'start is -1; it must be from 0 to 253402300799999. reject is 1.5; it must be from 0 to 1. nodata is NaN; it must be from 0 to 1.',
  );
});

test('an unknown preset is refused with the nearest one', () => {
  expect(() => openCorpus({ preset: 'web-vcp' })).toThrow('There is no preset "web-vcp". Did you mean "web-vpc"?');
  expect(() => openCorpus({ preset: 'mainframe' })).toThrow('There is no preset "mainframe". Take one of: web-vpc, ');
});

test('a corpus without records has no objects', async () => {
  const corpus = openCorpus({ records: 0 });
  expect(corpus).toMatchObject({ lineCount: 0, objects: [] });
  expect(await corpus.fingerprint()).toMatch(/^[0-9a-f]{64}$/);
});

test('an object ends before 75 MB, whatever the most records are', () => {
  const corpus = openCorpus({ records: 2_000_000, maxRecords: 2_000_000 });
  expect(corpus.objects.length).toBeGreaterThan(1);
  expect(corpus.text(corpus.objects[0]!).length).toBeLessThan(75_000_000);
  expect(corpus.objects.reduce((sum, { lineCount }) => sum + lineCount, 0)).toBe(2_000_000);
});
