import { gunzipSync, gzipSync } from 'node:zlib';

import fc from 'fast-check';
import { expect, test } from 'vitest';

import type { Corpus } from '../../src/core/model/corpus.ts';
import { defaultFormat } from '../../src/flowlogs/fields.ts';
import { replayedCorpus, type ReplayFile } from '../../src/flowlogs/replay.ts';
import { openCorpus, scannedLines } from './read-lines.ts';

const header = defaultFormat.join(' ');
const record = (n: number): string =>
  `2 123456789012 eni-0b75ef2e991051311 10.0.0.${n} 10.0.1.1 4000${n} 443 6 10 840 1767225600 1767225660 ACCEPT OK`;
const startMs = Date.UTC(2026, 0, 1);

function replay(files: Readonly<Record<string, string | Uint8Array>>, fields = defaultFormat): Promise<Corpus> {
  const entries = Object.entries(files).map(([path, content]) => ({
    path,
    read: () => Promise.resolve(Buffer.from(content as string)),
  }));
  return replayedCorpus({ files: entries, fields, startMs });
}

async function replayOne(name: string, content: string | Uint8Array) {
  const corpus = await replay({ [name]: content });
  const object = corpus.objects[0]!;
  return { corpus, object, ...(await scannedLines(corpus, object)) };
}

test('a file is stored byte for byte, plain or gzipped', async () => {
  const plain = Buffer.from(`${header}\r\n${record(1)}\r\n\n${record(2)}`);
  const zipped = gzipSync(plain, { level: 9 });
  const corpus = await replay({ 'a.log': plain, 'b.log.gz': zipped });
  expect(Buffer.from(await corpus.body(corpus.objects[0]!)).equals(plain)).toBe(true);
  expect(Buffer.from(await corpus.body(corpus.objects[1]!)).equals(zipped)).toBe(true);
  expect(corpus.lineCount).toBe(4);
  expect(corpus.objects.map(({ lineFirst, lineCount, condition }) => [lineFirst, lineCount, condition])).toEqual([
    [0, 2, 'intact'],
    [2, 2, 'intact'],
  ]);
});

test('a first line of field names is the header, and names the fields of its object alone', async () => {
  const corpus = await replay({ 'a.log': 'action srcaddr\nACCEPT 10.0.0.1\n', 'b.log': `${record(1)}\n` });
  expect(corpus.objects.map(({ fields }) => fields)).toEqual([['action', 'srcaddr'], defaultFormat]);
  expect((await scannedLines(corpus, corpus.objects[0]!)).lines).toEqual([[2, 'ACCEPT 10.0.0.1']]);
  expect((await scannedLines(corpus, corpus.objects[1]!)).lines).toEqual([[1, record(1)]]);
});

test('a header further down is a record, and so is a first line with an unknown name', async () => {
  const { lines } = await replayOne('a.log', `${header}\n${header}\n`);
  expect(lines).toEqual([[2, header]]);
  const unknown = await replayOne('a.log', `${header} future-field\n`);
  expect(unknown.lines).toEqual([[1, `${header} future-field`]]);
});

test('blank lines are counted and no records; line numbers are those of the file', async () => {
  const { lines, counts } = await replayOne('a.log', `${header}\n\n${record(1)}\n \t\r\n${record(2)}\n\n`);
  expect(lines).toEqual([
    [3, record(1)],
    [5, record(2)],
  ]);
  expect(counts).toEqual({ data: 2, header: 1, blank: 3 });
});

test('a last line without LF is a record, and CR stays for whoever makes the line canonical', async () => {
  expect((await replayOne('a.log', `${record(1)}\r\n${record(2)}`)).lines).toEqual([
    [1, `${record(1)}\r`],
    [2, record(2)],
  ]);
});

test('only LF ends a line', async () => {
  const odd = `2 a\u2028b\vc\fd\u0085e OK`;
  expect((await replayOne('a.log', `${odd}\n${odd}\n`)).lines).toEqual([
    [1, odd],
    [2, odd],
  ]);
});

test('invalid UTF-8 reaches the visitor as it stands', async () => {
  const bytes = Buffer.concat([Buffer.from('2 a'), Buffer.from([0xff, 0xfe]), Buffer.from('b OK\n')]);
  const corpus = await replay({ 'a.log.gz': gzipSync(bytes) });
  const seen: string[] = [];
  await corpus.scan(corpus.objects[0]!, (line, start, end) => {
    seen.push(Buffer.from(line.subarray(start, end)).toString('latin1'));
  });
  expect(seen).toEqual(['2 a\xff\xfeb OK']);
});

test('lines are the same however long they are and wherever the inflater cuts', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 300_000 }), { minLength: 1, maxLength: 6 }),
      async (lengths) => {
        const texts = lengths.map((length, i) => String(i).repeat(length));
        const { lines } = await replayOne('a.log.gz', gzipSync(texts.join('\n')));
        expect(lines).toEqual(texts.map((text, i) => [i + 1, text]));
      },
    ),
    { seed: 3, numRuns: 15 },
  );
});

test('every member of a gzip counts, empty ones and zero padding too', async () => {
  const members = [`${header}\n${record(1)}\n`, '', `${record(2)}\n`, record(3)].map((text) => gzipSync(text));
  const padded = Buffer.concat([...members, Buffer.alloc(100_000)]);
  const { lines, object } = await replayOne('a.log.gz', padded);
  expect(lines.map(([, text]) => text)).toEqual([record(1), record(2), record(3)]);
  expect(object.condition).toBe('intact');
});

test('members that end where the reader cuts its pieces are read on', async () => {
  const first = gzipSync(`${record(1)}\n`);
  // A gzip comment of the right length puts the end of the first member at 64 KiB.
  const comment = Buffer.alloc(65_536 - first.length, 'x');
  comment[comment.length - 1] = 0;
  const grown = Buffer.concat([
    first.subarray(0, 3),
    Buffer.from([0x10]),
    first.subarray(4, 10),
    comment,
    first.subarray(10),
  ]);
  expect(grown.length).toBe(65_536);
  const { lines, object } = await replayOne('a.log.gz', Buffer.concat([grown, gzipSync(`${record(2)}\n`)]));
  expect(lines.map(([, text]) => text)).toEqual([record(1), record(2)]);
  expect(object.condition).toBe('intact');
});

test('no bytes, a gzip of nothing, a header alone and blanks are empty', async () => {
  const nothing = {
    'a.log.gz': '',
    'b.log.gz': gzipSync(''),
    'c.log': `${header}\n`,
    'd.log': '\n \r\n',
    'e.log.gz': gzipSync(header),
  };
  const corpus = await replay(nothing);
  expect(corpus.objects.map(({ condition }) => condition)).toEqual(Array(5).fill('empty'));
  expect(corpus.lineCount).toBe(0);
});

test('a cut gzip is damaged and its lines are the whole ones before the cut', async () => {
  const generated = openCorpus({ records: 5000, maxRecords: 5000 });
  const body = Buffer.from(await generated.body(generated.objects[0]!));
  const whole = gunzipSync(body).toString().split('\n').slice(1, -1);
  for (const share of [0.001, 0.3, 0.9, 1]) {
    const cut = body.subarray(0, Math.floor((body.length - 1) * share));
    const { lines, object } = await replayOne('a.log.gz', cut);
    // What the standard decoder makes of the same bytes in one go, told that more may follow.
    const known = gunzipSync(cut, { finishFlush: 2 }).toString().split('\n').slice(1, -1);
    expect(object.condition).toBe('damaged');
    expect(object.lineCount).toBe(lines.length);
    expect(lines.map(([, text]) => text)).toEqual(known);
    expect(whole.slice(0, lines.length)).toEqual(known);
  }
});

test('a corrupt gzip is damaged and yields all that comes before the error', async () => {
  const generated = openCorpus({ records: 5000, maxRecords: 5000 });
  const body = Buffer.from(await generated.body(generated.objects[0]!));
  const whole = gunzipSync(body).toString().split('\n').slice(1, -1);
  const checksum = Buffer.from(body);
  checksum[body.length - 6]! ^= 0xff;
  const broken = await replayOne('a.log.gz', checksum);
  expect([broken.object.condition, broken.lines.length]).toEqual(['damaged', 5000]);
  // A stored block cannot follow here: its two lengths do not agree.
  const middle = Buffer.concat([gzipSync(`${header}\n${record(1)}\n`), Buffer.from('garbage')]);
  const garbage = await replayOne('a.log.gz', middle);
  expect([garbage.object.condition, garbage.lines.map(([, text]) => text)]).toEqual(['damaged', [record(1)]]);
  const flipped = Buffer.from(body);
  flipped.fill(0xff, 60_000, 60_016);
  const torn = await replayOne('a.log.gz', flipped);
  expect(torn.object.condition).toBe('damaged');
  expect(torn.lines.length).toBeGreaterThan(1000);
  expect(torn.lines.slice(0, 1000).map(([, text]) => text)).toEqual(whole.slice(0, 1000));
});

test('any flipped or missing byte is judged, never thrown', async () => {
  const body = gzipSync(`${header}\n${Array.from({ length: 200 }, (_, i) => record(i)).join('\n')}\n`);
  await fc.assert(
    fc.asyncProperty(
      fc.nat(body.length - 1),
      fc.integer({ min: 1, max: 255 }),
      fc.nat(body.length),
      async (at, mask, length) => {
        const bytes = Buffer.from(body.subarray(0, length));
        if (at < length) bytes[at]! ^= mask;
        const { lines, object, counts } = await replayOne('a.log.gz', bytes);
        expect(counts.data).toBe(lines.length);
        expect(object.lineCount).toBe(lines.length);
        if (length === 0) expect(object.condition).toBe('empty');
      },
    ),
    { seed: 11, numRuns: 150 },
  );
});

test('plain text under a gzip name is read as text, and a broken gzip head is damage', async () => {
  expect((await replayOne('a.log.gz', `${header}\n${record(1)}\n`)).lines).toEqual([[2, record(1)]]);
  const broken = gzipSync(`${record(1)}\n`);
  broken[0] = 0;
  expect((await replayOne('a.log.gz', broken)).object).toMatchObject({ condition: 'damaged', lineCount: 0 });
});

test('a name of the form of AWS gives the key and the slot, any other is kept behind the folder of its last window', async () => {
  const name = '111122223333_vpcflowlogs_eu-west-2_fl-0dcbf7c4c2483c6b6_20220221T2025Z_55a7d2af.log.gz';
  const corpus = await replay({
    [`/logs/${name}`]: gzipSync(`${record(1)}\n`),
    'C:\\logs\\my flows.log': `${header}\n${record(1)}\n`,
    'timeless.log': 'srcaddr\n10.0.0.1\n',
  });
  expect(corpus.objects.map(({ key, slotEndMs }) => [key, new Date(slotEndMs).toISOString()])).toEqual([
    [`AWSLogs/111122223333/vpcflowlogs/eu-west-2/2022/02/21/${name}`, '2022-02-21T20:30:00.000Z'],
    ['AWSLogs/123456789012/vpcflowlogs/us-east-1/2026/01/01/my flows.log', '2026-01-01T00:05:00.000Z'],
    ['AWSLogs/123456789012/vpcflowlogs/us-east-1/2026/01/01/timeless.log', '2026-01-01T00:05:00.000Z'],
  ]);
});

test('the last end of a file decides its slot, and an end in milliseconds does not', async () => {
  const skipped = '2 123456789012 eni-0b75ef2e991051311 - - - - - - - 1512564058000 1512564059000 - SKIPDATA';
  const { object } = await replayOne('a.log', `${record(1)}\n${skipped}\n`);
  expect(new Date(object.slotEndMs).toISOString()).toBe('2026-01-01T00:05:00.000Z');
});

test('files of one name get keys of their own', async () => {
  const corpus = await replay({ 'a/x.log': record(1), 'b/x.log': record(2), 'c/x.log': record(3) });
  const folder = 'AWSLogs/123456789012/vpcflowlogs/us-east-1/2026/01/01';
  expect(corpus.objects.map(({ key }) => key)).toEqual([`${folder}/x.log`, `${folder}/2/x.log`, `${folder}/3/x.log`]);
});

test('the fingerprint follows plain bytes and keys, not the compressor', async () => {
  const text = `${header}\n${record(1)}\n`;
  const of = async (name: string, content: string | Uint8Array): Promise<string> =>
    (await replay({ [name]: content })).fingerprint();
  const one = await of('a.log.gz', gzipSync(text, { level: 1 }));
  expect(await of('a.log.gz', gzipSync(text, { level: 9 }))).toBe(one);
  expect(await of('b.log.gz', gzipSync(text))).not.toBe(one);
  expect(await of('a.log.gz', gzipSync(`${text}\n`))).not.toBe(one);
});

test('a file that changes while it is replayed is an error, not another corpus', async () => {
  let content = record(1);
  const file: ReplayFile = { path: 'a.log', read: () => Promise.resolve(Buffer.from(content)) };
  const corpus = await replayedCorpus({ files: [file], fields: defaultFormat, startMs });
  content = record(2);
  await expect(corpus.body(corpus.objects[0]!)).rejects.toThrow(
    'a.log was changed while it was being replayed. Start the run again.',
  );
});

test('files that cannot be replayed are refused with their path', async () => {
  const file: ReplayFile = { path: 'gone.log', read: () => Promise.reject(new Error('ENOENT: no such file')) };
  await expect(replayedCorpus({ files: [file], fields: defaultFormat, startMs })).rejects.toMatchObject({
    code: 'file-missing',
    message: 'gone.log cannot be replayed, for it cannot be read: ENOENT: no such file',
  });
});
