// Each fault of objects: what lies in the store then, read by a stranger's means, and what the ledger is told that a forwarder owes.

import { gunzipSync } from 'node:zlib';

import { expect, test } from 'vitest';

import type { Corpus, CorpusObject } from '../../src/core/model/corpus.ts';
import { objectFaults, type ObjectFaultConfig } from '../../src/flowlogs/faults/index.ts';
import { struckCorpus } from '../../src/flowlogs/struck-corpus.ts';
import { openCorpus, scannedLines } from './read-lines.ts';

/** 4 objects of 100 records. */
const below = openCorpus({ records: 400, maxRecords: 100 });
const headerLine = below.objects[0]!.fields.join(' ');
const original = below.objects.map((object) => Buffer.from(below.text(object)).toString());
const records = original.map((text) => text.split('\n').slice(1, -1));

interface StruckObject {
  readonly corpus: Corpus;
  readonly object: CorpusObject;
  readonly bytes: Buffer;
  /** Of the ledger. */
  readonly lines: readonly string[];
}

/** The first object, struck. */
async function struck(...faults: ObjectFaultConfig[]): Promise<StruckObject> {
  const corpus = await struckCorpus(
    below,
    faults.map((fault) => ({ nth: 1, ...fault })),
    7,
  );
  const object = corpus.objects.find(({ faults: kinds }) => kinds !== undefined)!;
  const { lines } = await scannedLines(corpus, object);
  const bytes = Buffer.from(await corpus.body(object));
  return { corpus, object, bytes, lines: lines.map(([, text]) => text) };
}

const unzipped = ({ bytes }: StruckObject): string => gunzipSync(bytes).toString();

test('each fault has a name of its own, a sentence that ends in its duty, and works whatever the seed is', async () => {
  expect(new Set(objectFaults.map(({ kind }) => kind)).size).toBe(29);
  for (const { kind, summary } of objectFaults) {
    expect(summary).toMatch(/: (its records are|it owes nothing)/);
    for (const seed of [1, 2]) {
      const corpus = await struckCorpus(below, [{ kind, share: 0.5, sizeBytes: 2000 }], seed);
      expect(corpus.objects.filter(({ faults }) => faults?.includes(kind)).length).toBeGreaterThan(0);
      for (const object of corpus.objects) {
        const { counts } = await scannedLines(corpus, object);
        expect([kind, counts.data]).toEqual([kind, object.lineCount]);
      }
      expect(corpus.lineCount).toBe(corpus.objects.reduce((sum, { lineCount }) => sum + lineCount, 0));
    }
  }
});

test('a share strikes exactly so many objects, the same ones for one seed, and leaves the others as they are', async () => {
  const many = openCorpus({ records: 1000, maxRecords: 50 });
  const strikes = async (seed: number): Promise<number[]> => {
    const corpus = await struckCorpus(many, [{ kind: 'object.crlf', share: 0.15 }], seed);
    return corpus.objects.flatMap(({ index, faults }) => (faults ? [index] : []));
  };
  expect(await strikes(1)).toHaveLength(3);
  expect(await strikes(1)).toEqual(await strikes(1));
  expect(await strikes(1)).not.toEqual(await strikes(2));
  const corpus = await struckCorpus(many, [{ kind: 'object.crlf', nth: 2 }], 1);
  const { key, lineFirst, lineCount, slotEndMs, fields, condition } = many.objects[2]!;
  expect(corpus.objects[2]).toMatchObject({ index: 2, key, lineFirst, lineCount, slotEndMs, fields, condition });
  expect(await corpus.body(corpus.objects[2]!)).toEqual(await many.body(many.objects[2]!));
  expect((await scannedLines(corpus, corpus.objects[2]!)).lines).toEqual(
    (await scannedLines(many, many.objects[2]!)).lines,
  );
});

test('faults change the fingerprint, and the same ones give the same bytes', async () => {
  const open = (kind: string): Promise<Corpus> => struckCorpus(below, [{ kind }], 5);
  const [one, again, other] = [
    await open('object.two-spaces'),
    await open('object.two-spaces'),
    await open('object.crlf'),
  ];
  expect(await one.fingerprint()).toBe(await again.fingerprint());
  expect(await one.fingerprint()).not.toBe(await other.fingerprint());
  expect(await one.body(one.objects[1]!)).toEqual(await again.body(again.objects[1]!));
});

test.each<[ObjectFaultConfig, (text: string, lines: readonly string[]) => void]>([
  [
    { kind: 'object.crlf' },
    (text, lines) => {
      expect(text).toBe(original[0]!.replaceAll('\n', '\r\n'));
      expect(lines[5]).toBe(`${records[0]![5]}\r`);
    },
  ],
  [
    { kind: 'object.no-last-newline' },
    (text, lines) => {
      expect(text).toBe(original[0]!.slice(0, -1));
      expect(lines).toEqual(records[0]);
    },
  ],
  [
    { kind: 'object.no-header' },
    (text, lines) => {
      expect(text).toBe(original[0]!.slice(headerLine.length + 1));
      expect(lines).toEqual(records[0]);
    },
  ],
  [
    { kind: 'object.blank-lines', every: 50 },
    (text, lines) => {
      expect(text.split('\n').filter((line) => line.trim() === '')).toEqual(['', ' ', '', '', ' ', '']);
      expect(lines).toEqual(records[0]);
    },
  ],
  [
    { kind: 'object.two-spaces', every: 1 },
    (text, lines) => {
      expect(lines.map((line) => line.replace(/ {2}|\t/, ' '))).toEqual(records[0]);
      expect(lines.every((line) => /\S( {2}|\t)\S/.test(line))).toBe(true);
      expect(text).toBe([headerLine, ...lines, ''].join('\n'));
    },
  ],
  [
    { kind: 'object.quotes', field: 'account-id', every: 1 },
    (_, lines) =>
      expect(lines.slice(0, 4).map((line) => line.split(' ')[1]!.replace(/\d+/, 'N'))).toEqual([
        'N"',
        "'N",
        '"N"',
        'N\\',
      ]),
  ],
  [
    { kind: 'object.line-separators' },
    (text, lines) => {
      expect(text.split('\n')).toHaveLength(102);
      expect(lines[0]).toMatch(/ eni-[0-9a-f]{17}\u2028x /);
      expect(lines[1]).toBe(records[0]![1]);
    },
  ],
  [
    { kind: 'object.row-length' },
    (_, lines) => {
      expect(lines.map((line) => line.split(' ').length).filter((count) => count !== 14)).toEqual([
        13, 15, 13, 15, 13, 15, 13, 15, 13, 15,
      ]);
      expect(lines[10]).toBe(`${records[0]![10]} surplus`);
    },
  ],
  [
    { kind: 'object.odd-values', every: 1 },
    (_, lines) => {
      expect(lines[0]!.split(' ')[7]).toBe('255');
      expect(lines[1]!.split(' ')[9]).toBe('abc');
      expect(lines[3]!.split(' ')[5]).toBe('70000');
    },
  ],
  [
    { kind: 'object.long-line', sizeBytes: 70_000 },
    (_, lines) => {
      expect(lines[1]!.length).toBe(records[0]![1]!.length + 70_000);
      expect(lines.with(1, records[0]![1]!)).toEqual(records[0]);
    },
  ],
  [
    { kind: 'object.unknown-field' },
    (text, lines) => {
      expect(text.split('\n')[0]).toBe(`${headerLine} future-field`);
      expect(lines[3]).toBe(`${records[0]![3]} value-3`);
    },
  ],
  [
    { kind: 'object.members', count: 7 },
    (text, lines) => {
      expect(text).toBe(original[0]);
      expect(lines).toEqual(records[0]);
    },
  ],
  [
    { kind: 'object.cut-members' },
    (text, lines) => {
      expect(lines.length).toBeGreaterThan(40);
      expect(lines).toEqual(records[0]!.slice(0, lines.length));
      expect(text).toBe([headerLine, ...lines, ''].join('\n'));
    },
  ],
  [
    { kind: 'object.bomb', sizeBytes: 5_000_000 },
    (text, lines) => {
      expect(text.length).toBe(original[0]!.length + 5 * 1024 ** 2);
      expect(text.trimEnd()).toBe(original[0]!.trimEnd());
      expect(lines).toEqual(records[0]);
    },
  ],
  [
    { kind: 'object.padding' },
    (text, lines) => {
      expect(text).toBe(original[0]);
      expect(lines).toEqual(records[0]);
    },
  ],
])('$kind changes the text in its own way, and every record in it is owed', async (fault, check) => {
  const object = await struck(fault);
  expect(object.object.condition).toBe('intact');
  check(unzipped(object), object.lines);
});

test('a byte that is no UTF-8 stands in the stored value', async () => {
  const { bytes, object } = await struck({ kind: 'object.invalid-utf8', field: 'interface-id' });
  const second = gunzipSync(bytes).toString('latin1').split('\n')[1]!;
  expect(second.split(' ')[2]).toMatch(/^eni-[0-9a-f]{17}\xff$/);
  expect(object.condition).toBe('intact');
});

test('an unknown field is one of the object’s own, so that the ledger misses it where it does not arrive', async () => {
  const { object, corpus } = await struck({ kind: 'object.unknown-field', field: 'quantum-state' });
  expect(object.fields.at(-1)).toBe('quantum-state');
  expect(corpus.objects[1]!.fields).toHaveLength(14);
});

test('how a file is packed says nothing of what it owes: plain text, twice gzipped, or with garbage behind', async () => {
  const plain = await struck({ kind: 'object.plain-text' });
  expect([plain.bytes.toString(), plain.object.key.slice(-7)]).toEqual([original[0], '.log.gz']);
  const twice = await struck({ kind: 'object.double-gzip' });
  expect(gunzipSync(gunzipSync(twice.bytes)).toString()).toBe(original[0]);
  const garbage = await struck({ kind: 'object.trailing-garbage' });
  expect(() => gunzipSync(garbage.bytes)).toThrow(/incorrect header|unexpected/);
  expect(gunzipSync(garbage.bytes.subarray(0, -100)).toString()).toBe(original[0]);
  const suffix = await struck({ kind: 'object.suffix' });
  expect([suffix.object.key.slice(-4), unzipped(suffix)]).toEqual(['.log', original[0]]);
  for (const { object, lines } of [plain, twice, garbage, suffix]) {
    expect([object.condition, lines]).toEqual(['intact', records[0]]);
  }
});

test.each<ObjectFaultConfig>([
  { kind: 'object.cut', keep: 0.6 },
  { kind: 'object.cut', at: 1 },
  { kind: 'object.cut', keep: 1 },
  { kind: 'object.flip' },
  { kind: 'object.flip', where: 'crc' },
  { kind: 'object.flip', where: 'size' },
])('$kind damages the gzip (%j), and it must be reported', async (fault) => {
  const { bytes, object, lines } = await struck(fault);
  expect(() => gunzipSync(bytes)).toThrow(/unexpected end of file|incorrect|invalid/);
  expect(object.condition).toBe('damaged');
  expect(lines.length + object.linesLost!).toBe(records[0]!.length);
  if (fault.kind === 'object.cut') expect(lines).toEqual(records[0]!.slice(0, lines.length));
  if (fault['where'] !== undefined) expect(lines).toEqual(records[0]);
});

test('empty, header-only and empty gzip files owe nothing', async () => {
  const empty = await struck({ kind: 'object.empty' });
  const gzip = await struck({ kind: 'object.empty-gzip' });
  const header = await struck({ kind: 'object.header-only' });
  expect([empty.bytes.length, unzipped(gzip), unzipped(header)]).toEqual([0, '', `${headerLine}\n`]);
  for (const { object } of [empty, gzip, header]) expect([object.condition, object.lineCount]).toEqual(['empty', 0]);
});

test('foreign files and folder markers come before the object, and owe nothing', async () => {
  const corpus = await struckCorpus(below, [{ kind: 'object.foreign' }, { kind: 'object.folder-marker' }], 1);
  expect(corpus.objects.map(({ condition }) => condition)).toEqual([
    'empty',
    'empty',
    'intact',
    'empty',
    'intact',
    'empty',
    'intact',
    'empty',
    'intact',
  ]);
  const [marker, trail] = corpus.objects;
  expect(marker!.key).toMatch(/\/01\/$/);
  expect(JSON.parse(gunzipSync(await corpus.body(trail!)).toString())).toHaveProperty('Records');
  expect(corpus.lineCount).toBe(400);
  expect(corpus.objects.map(({ lineFirst, index }) => [index, lineFirst]).at(-1)).toEqual([8, 300]);
});

test('an overwritten object is two under one key: the older one’s records are optional, none stands in both', async () => {
  const corpus = await struckCorpus(below, [{ kind: 'object.overwritten', nth: 3 }], 1);
  const [older, newer] = corpus.objects.slice(2, 4);
  expect([older!.key, older!.condition, newer!.condition]).toEqual([newer!.key, 'overwritten', 'intact']);
  const lines = [older!, newer!].map(async (object) =>
    (await scannedLines(corpus, object)).lines.map(([, text]) => text),
  );
  expect((await Promise.all(lines)).flat()).toEqual(records[2]);
  expect([older!.faults, newer!.faults]).toEqual([['object.overwritten'], []]);
});

test('hostile keys are different, at most 1,024 bytes long, and end in the file’s name', async () => {
  const many = openCorpus({ records: 90, maxRecords: 10 });
  const corpus = await struckCorpus(many, [{ kind: 'object.key' }], 1);
  const keys = corpus.objects.map(({ key }) => key);
  expect(new Set(keys).size).toBe(9);
  expect(keys.map((key) => Buffer.byteLength(key)).filter((size) => size > 1024)).toEqual([]);
  expect(keys.some((key) => Buffer.byteLength(key) === 1024)).toBe(true);
  for (const form of [' ', '+', '%41', '100%/', '日本', '=', '?']) expect(keys.join('\n')).toContain(form);
});

test('faults work together: CR LF in several members under a strange name, and a cut makes it damaged', async () => {
  const both = await struck({ kind: 'object.members' }, { kind: 'object.suffix', to: '.txt' }, { kind: 'object.crlf' });
  expect(unzipped(both)).toBe(original[0]!.replaceAll('\n', '\r\n'));
  expect(both.object).toMatchObject({
    condition: 'intact',
    faults: ['object.crlf', 'object.members', 'object.suffix'],
  });
  const cut = await struck({ kind: 'object.cut' }, { kind: 'object.crlf' });
  expect(cut.object.condition).toBe('damaged');
});

test('an empty file that is packed as a right forwarder may refuse it owes nothing, and need not be accepted', async () => {
  for (const kind of ['object.trailing-garbage', 'object.double-gzip', 'object.bomb']) {
    const { object } = await struck({ kind, sizeBytes: 2000 }, { kind: 'object.header-only' });
    expect([kind, object.condition, object.lineCount]).toEqual([kind, 'overwritten', 0]);
  }
  expect((await struck({ kind: 'object.padding' }, { kind: 'object.header-only' })).object.condition).toBe('empty');
});

test('damage to plain text is refused, since nobody could tell', async () => {
  await expect(struckCorpus(below, [{ kind: 'object.cut' }, { kind: 'object.plain-text' }], 1)).rejects.toMatchObject({
    code: 'bad-scenario',
    message: expect.stringMatching(/^object\.cut strikes AWSLogs\/.*, which is no gzip/),
  });
  // Zeros behind plain text are a line of it.
  for (const kind of ['object.padding', 'object.trailing-garbage']) {
    const message = expect.stringMatching(new RegExp(`^${kind} strikes AWSLogs/.*, which is no gzip`));
    await expect(struck({ kind }, { kind: 'object.plain-text' })).rejects.toMatchObject({
      code: 'bad-scenario',
      message,
    });
  }
});
