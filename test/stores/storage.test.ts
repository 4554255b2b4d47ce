// The storage without HTTP: its bound on memory, its files, and readers that outlive what they read.

import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import type { Body } from '../../src/stores/embedded/storage/body.ts';
import { openStorage, type Storage } from '../../src/stores/embedded/storage/storage.ts';

interface TestStorage extends Storage, AsyncDisposable {
  files(): Promise<string[]>;
  put(key: string, bytes: string): Promise<void>;
}

async function openTestStorage(memoryBytes: number): Promise<TestStorage> {
  const parent = await mkdtemp(join(tmpdir(), 'flowrig-storage-'));
  const folder = join(parent, 's3');
  const storage = openStorage({ memoryBytes, folder, newId: () => 'id', nowMs: () => 0 });
  storage.createBucket('bucket');
  return {
    ...storage,
    async files() {
      const entries = await readdir(parent, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
    },
    async put(key, bytes) {
      const writer = storage.openWriter();
      await writer.write(Buffer.from(bytes));
      const body = await writer.finish();
      await storage.bucket('bucket')!.put(key, { body, etag: '', lastModifiedMs: 0, headers: {} });
    },
    async [Symbol.asyncDispose]() {
      await storage.close();
      expect(await readdir(parent)).toEqual([]);
      await rm(parent, { recursive: true });
    },
  };
}

async function read(body: Body, start = 0, end = body.sizeBytes): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const group of body.read(start, end)) pieces.push(...group.map((piece) => Buffer.from(piece)));
  return Buffer.concat(pieces).toString();
}

test('bodies beyond the bound go to files, and memory is given back', async () => {
  await using storage = await openTestStorage(10);
  await storage.put('a', '123456');
  expect([storage.memoryBytes(), await storage.files()]).toEqual([6, []]);
  await storage.put('b', '12345');
  expect([storage.memoryBytes(), await storage.files()]).toEqual([6, ['0']]);
  await storage.put('c', '1234');
  expect([storage.memoryBytes(), await storage.files()]).toEqual([10, ['0']]);
  await storage.put('a', '');
  expect([storage.memoryBytes(), await storage.files()]).toEqual([4, ['0']]);
  await storage.bucket('bucket')!.delete('b');
  expect([storage.memoryBytes(), await storage.files()]).toEqual([4, []]);
});

test('the bound holds while a body arrives, and a body that is given up leaves nothing', async () => {
  await using storage = await openTestStorage(3_000_000);
  const writer = storage.openWriter();
  const chunk = Buffer.alloc(500_000);
  for (let i = 0; i < 20; i++) {
    await writer.write(chunk);
    expect(storage.memoryBytes()).toBeLessThanOrEqual(3_000_000);
  }
  expect(storage.memoryBytes()).toBe(0);
  expect(await storage.files()).toEqual(['0']);
  await writer.discard();
  expect([storage.memoryBytes(), await storage.files()]).toEqual([0, []]);
});

test('a body that is given up while it is written to its file leaves nothing', async () => {
  await using storage = await openTestStorage(0);
  const writer = storage.openWriter();
  const writing = writer.write(Buffer.alloc(2_000_000));
  await writer.discard();
  await writing;
  expect(await storage.files()).toEqual([]);
});

test.for([1000, 0])(
  'a reader keeps the bytes of what was overwritten and deleted (%i bytes in memory)',
  async (memory) => {
    await using storage = await openTestStorage(memory);
    await storage.put('k', 'first');
    const { body } = storage.bucket('bucket')!.get('k')!;
    body.hold();
    await storage.put('k', 'second');
    await storage.bucket('bucket')!.delete('k');
    expect(await read(body)).toBe('first');
    expect(storage.memoryBytes()).toBe(memory === 0 ? 0 : 5);
    await body.release();
    expect([storage.memoryBytes(), await storage.files()]).toEqual([0, []]);
  },
);

// As one piece of a body in signed chunks has several of them.
test('chunks that come while the ones before them are written follow them in the file', async () => {
  await using storage = await openTestStorage(0);
  const writer = storage.openWriter();
  const chunks = [1_500_000, 3, 1_200_000, 5].map((size, i) => Buffer.alloc(size, 'abcd'[i]));
  const writing = chunks.map((chunk) => writer.write(chunk));
  for (const each of writing) await each;
  const body = await writer.finish();
  expect((await read(body)) === Buffer.concat(chunks).toString()).toBe(true);
  await body.release();
});

test.for([10_000_000, 0])('any range of a body of many chunks reads right (%i bytes in memory)', async (memory) => {
  await using storage = await openTestStorage(memory);
  const writer = storage.openWriter();
  const chunks = [700_000, 1, 300_000, 12].map((size, i) => Buffer.alloc(size, 'abcd'[i]));
  for (const chunk of chunks) await writer.write(chunk);
  const body = await writer.finish();
  const whole = Buffer.concat(chunks).toString();
  for (const [start, end] of [
    [0, 1_000_013],
    [0, 1],
    [1_000_012, 1_000_013],
    [699_999, 700_002],
    [262_144, 524_288],
    [5, 5],
  ] as const) {
    expect(await read(body, start, end)).toBe(whole.slice(start, end));
  }
  await body.release();
});

test('a body that its precondition refuses is given back', async () => {
  await using storage = await openTestStorage(0);
  const writer = storage.openWriter();
  await writer.write(Buffer.from('text'));
  const entry = { body: await writer.finish(), etag: '', lastModifiedMs: 0, headers: {} };
  const refused = storage.bucket('bucket')!.put('k', entry, () => {
    throw new Error('refused');
  });
  await expect(refused).rejects.toThrow('refused');
  expect(await storage.files()).toEqual([]);
  expect(storage.bucket('bucket')!.get('k')).toBeUndefined();
});
