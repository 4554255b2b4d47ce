// The embedded S3 at its limits: the most parts of an upload, keys of every code point, and a disk that is full. Slow: by
// `npm run test:long`.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Pool } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { openClock } from '../../src/core/clock.ts';
import { randomSource } from '../../src/core/random.ts';
import { openEmbeddedStore } from '../../src/stores/embedded/index.ts';
import { requestIdSource } from '../../src/stores/embedded/request-ids.ts';
import { listenS3 } from '../../src/stores/embedded/server.ts';
import { openStorage } from '../../src/stores/embedded/storage/storage.ts';
import { openTestStore } from './open-test-store.ts';
import { codeOf, type RawAnswer } from './raw-request.ts';

interface Client extends AsyncDisposable {
  send(method: 'DELETE' | 'GET' | 'POST' | 'PUT', path: string, body?: string | Buffer): Promise<RawAnswer>;
}

function connectTo(origin: string): Client {
  const pool = new Pool(origin, { connections: 4 });
  return {
    async send(method, path, body) {
      const answer = await pool.request({ method, path, ...(body === undefined ? {} : { body }) });
      const text = await answer.body.text();
      return { status: answer.statusCode, headers: answer.headers as RawAnswer['headers'], body: text };
    },
    [Symbol.asyncDispose]: () => pool.close(),
  };
}

const textsOf = (xml: string, name: string): string[] =>
  [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, text]) => text!);

test('10,000 parts are listed in pages, completed and read across their borders, and one more is refused', async () => {
  const clock = openClock();
  const storage = openStorage({
    memoryBytes: 16_000_000,
    folder: '/nowhere',
    newId: () => 'upload'.padEnd(32, '0'),
    nowMs: () => clock.nowMs(),
  });
  storage.createBucket('bucket');
  const s3 = { storage, clock, region: 'us-east-1' };
  const server = await listenS3({ s3, nextIds: requestIdSource(randomSource(1)), host: '127.0.0.1', port: 0 });
  await using client = connectTo(`http://127.0.0.1:${server.port}`);
  const created = await client.send('POST', '/bucket/k?uploads');
  const upload = storage.uploads.find(textsOf(created.body, 'UploadId')[0]!)!;
  // 50 GB would not come over HTTP here: all parts but the last share one body of the least size that S3 takes.
  const writer = storage.openWriter();
  await writer.write(Buffer.alloc(5 * 1024 * 1024, 'a'));
  const body = await writer.finish();
  for (let number = 1; number < 10_000; number++) {
    if (number > 1) body.hold();
    await storage.uploads.putPart(upload, number, { body, etag: '0'.repeat(32), lastModifiedMs: 0 });
  }
  const of = `uploadId=${upload.uploadId}`;
  expect((await client.send('PUT', `/bucket/k?partNumber=10000&${of}`, 'last')).status).toBe(200);
  expect(codeOf(await client.send('PUT', `/bucket/k?partNumber=10001&${of}`, 'more'))).toBe('400 InvalidArgument');

  const parts: { number: string; etag: string }[] = [];
  let pageCount = 0;
  for (let marker = '0', isTruncated = true; isTruncated; pageCount++) {
    const { body: page } = await client.send('GET', `/bucket/k?part-number-marker=${marker}&${of}`);
    const etags = textsOf(page, 'ETag');
    parts.push(...textsOf(page, 'PartNumber').map((number, i) => ({ number, etag: etags[i]! })));
    [marker] = textsOf(page, 'NextPartNumberMarker') as [string];
    isTruncated = textsOf(page, 'IsTruncated')[0] === 'true';
  }
  expect([pageCount, parts.length, parts.at(-1)!.number]).toEqual([10, 10_000, '10000']);

  const complete = (named: typeof parts): Promise<RawAnswer> => {
    const list = named.map(({ number, etag }) => `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag></Part>`);
    return client.send(
      'POST',
      `/bucket/k?${of}`,
      `<CompleteMultipartUpload>${list.join('')}</CompleteMultipartUpload>`,
    );
  };
  expect(codeOf(await complete([...parts, { number: '10001', etag: parts[0]!.etag }]))).toBe('400 MalformedXML');
  expect(textsOf((await complete(parts)).body, 'ETag')[0]).toMatch(/^&quot;[0-9a-f]{32}-10000&quot;$/);

  const last = await client.send('GET', '/bucket/k?partNumber=10000');
  const sizeBytes = 9999 * 5 * 1024 * 1024 + 4;
  expect([last.body, last.headers['content-range'], last.headers['x-amz-mp-parts-count']]).toEqual([
    'last',
    `bytes ${sizeBytes - 4}-${sizeBytes - 1}/${sizeBytes}`,
    '10000',
  ]);
  await client.send('DELETE', '/bucket/k');
  expect(storage.memoryBytes()).toBe(0);
  await server.close();
  await storage.close();
});

/** All scalar values of Unicode in order, 256 to a key: the longest is as long as a key may be. */
function* keysOfEveryCodePoint(): Iterable<string> {
  for (let first = 0; first < 0x110000; first += 256) {
    if (first >= 0xd800 && first < 0xe000) continue;
    yield String.fromCodePoint(...Array.from({ length: 256 }, (_, i) => first + i));
  }
}

test('keys of every code point are put, listed in the order of their UTF-8 bytes, read and deleted', async () => {
  await using store = await openTestStore();
  await using client = connectTo(store.address.endpoint);
  await store.createBucket('bucket');
  const keys = [...keysOfEveryCodePoint()];
  expect(keys.length).toBe((0x110000 - 0x800) / 256);
  const pathOf = (key: string): string => `/bucket/${encodeURIComponent(key)}`;
  // Not in order, and over HTTP: what is put is what a client can say.
  for (const [i] of keys.entries()) {
    const key = keys[(i * 1009) % keys.length]!;
    const { status, body } = await client.send('PUT', pathOf(key), key);
    expect(status, body).toBe(200);
  }
  async function list(query: string, decode: (text: string) => string): Promise<string[]> {
    const listed: string[] = [];
    for (let token = ''; ;) {
      const { body } = await client.send('GET', `/bucket?list-type=2${query}${token}`);
      listed.push(...textsOf(body, 'Key').map(decode));
      const [next] = textsOf(body, 'NextContinuationToken');
      if (next === undefined) return listed;
      token = `&continuation-token=${encodeURIComponent(unescapeXml(next))}`;
    }
  }
  const inOrder = keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const decodeUrl = (text: string): string => decodeURIComponent(unescapeXml(text).replaceAll('+', ' '));
  expect((await list('&encoding-type=url', decodeUrl)).join('') === inOrder.join('')).toBe(true);
  expect((await list('', unescapeXml)).join('') === inOrder.join('')).toBe(true);
  for (const key of keys) {
    expect((await client.send('GET', pathOf(key))).body === key).toBe(true);
    expect((await client.send('DELETE', pathOf(key))).status).toBe(204);
  }
  expect(await list('', unescapeXml)).toEqual([]);
});

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };

/** Leaves out what XML 1.0 forbids, as the SDKs' parsers do: they take a reference to any character. */
function unescapeXml(text: string): string {
  return text.replaceAll(/&(?:#(\d+)|(\w+));/g, (_, code: string | undefined, name: string) =>
    code === undefined ? named[name]! : String.fromCharCode(Number(code)),
  );
}

/** A file system of 8 MiB, where root may make one. */
const small = mkdtempSync(join(tmpdir(), 'flowrig-small-'));
const isMounted = mount();

function mount(): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'flowrig', small], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

beforeAll(() => {
  if (!isMounted) process.stderr.write('test/stores/extremes: skipped, a small file system cannot be mounted here\n');
});

afterAll(() => {
  if (isMounted) execFileSync('umount', [small]);
  rmSync(small, { recursive: true });
});

test.skipIf(!isMounted).for([true, false])(
  'an upload that finds the disk full leaves nothing, and the next one after room was made is taken (persistent: %s)',
  async (persistent) => {
    const folder = join(small, persistent ? 'data' : 'spool');
    const open = (): ReturnType<typeof openEmbeddedStore> =>
      openEmbeddedStore({ clock: openClock(), random: randomSource(1), folder, memoryBytes: 0, persistent });
    const put = (client: Client, key: string, sizeBytes: number): Promise<RawAnswer> =>
      client.send('PUT', `/bucket/${key}`, Buffer.alloc(sizeBytes, key));
    {
      await using store = await open();
      await using client = connectTo(store.address.endpoint);
      await store.createBucket('bucket');
      expect((await put(client, 'a', 5_000_000)).status).toBe(200);
      const refused = await put(client, 'b', 5_000_000);
      expect(codeOf(refused)).toBe('500 InternalError');
      expect(refused.body).toContain('no space left on device');
      expect(codeOf(await client.send('GET', '/bucket/b'))).toBe('404 NoSuchKey');
      expect(await readdir(join(folder, 'incoming'))).toEqual([]);
      // What stood there before is whole, and overwriting it needs room beside it.
      expect(codeOf(await put(client, 'a', 4_000_000))).toBe('500 InternalError');
      expect((await client.send('GET', '/bucket/a')).body.length).toBe(5_000_000);
      expect((await client.send('DELETE', '/bucket/a')).status).toBe(204);
      expect((await put(client, 'b', 5_000_000)).status).toBe(200);
      expect((await client.send('GET', '/bucket/b')).body.length).toBe(5_000_000);
    }
    if (!persistent) return;
    {
      await using again = await open();
      await using client = connectTo(again.address.endpoint);
      expect(textsOf((await client.send('GET', '/bucket?list-type=2')).body, 'Key')).toEqual(['b']);
      expect((await client.send('GET', '/bucket/b')).body.length).toBe(5_000_000);
    }
    rmSync(folder, { recursive: true });
  },
);

test.skipIf(!isMounted)(
  'a journal for which there is no room refuses the change, and goes on when there is',
  async () => {
    const folder = join(small, 'journal');
    const options = { clock: openClock(), random: randomSource(1), folder, memoryBytes: 0, persistent: true };
    {
      await using store = await openEmbeddedStore(options);
      await using client = connectTo(store.address.endpoint);
      await store.createBucket('bucket');
      expect((await client.send('PUT', '/bucket/kept', 'text')).status).toBe(200);
      // All but some pages of 4 KiB, which lines fill.
      for (let size = 4_194_304; size >= 4096; size /= 2) {
        while (tryToWrite(join(small, `filler-${size}-${fillers++}`), size));
      }
      let answer = await client.send('PUT', '/bucket/kept?tagging', tags);
      while (answer.status === 200) answer = await client.send('PUT', '/bucket/kept?tagging', tags);
      expect(codeOf(answer)).toBe('500 InternalError');
      expect(answer.body).toContain('no space left on device');
      expect((await client.send('GET', '/bucket/kept')).body).toBe('text');
    }
    await expect(openEmbeddedStore(options)).rejects.toThrow('Make room there, or choose another folder.');
    for (const name of await readdir(small)) if (name.startsWith('filler')) rmSync(join(small, name));
    await using again = await openEmbeddedStore(options);
    await using client = connectTo(again.address.endpoint);
    expect((await client.send('GET', '/bucket/kept')).body).toBe('text');
    expect((await client.send('GET', '/bucket/kept?tagging')).body).toContain('<Key>k</Key>');
    expect((await client.send('PUT', '/bucket/new', 'text')).status).toBe(200);
  },
);

let fillers = 0;

/** False, and nothing there, where there is no room. */
function tryToWrite(path: string, sizeBytes: number): boolean {
  try {
    writeFileSync(path, Buffer.alloc(sizeBytes));
    return true;
  } catch {
    rmSync(path);
    return false;
  }
}

const tags = `<Tagging><TagSet><Tag><Key>k</Key><Value>${'v'.repeat(200)}</Value></Tag></TagSet></Tagging>`;
