// Clients that freeze or vanish, and a store that closes under them. Machine time stands still here unless a test moves it.

import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { connect } from 'node:net';

import { expect, test } from 'vitest';

import { openClock, type Clock } from '../../src/core/clock.ts';
import { openTestStore, type TestStore } from './open-test-store.ts';
import { send, startRequest } from './raw-request.ts';
import { until } from '../until.ts';

interface StillClock extends Clock {
  /** Lets machine time pass. */
  pass(durationMs: number): void;
}

function stillClock(): StillClock {
  let machineMs = 0;
  return {
    ...openClock(),
    machineNowMs: () => machineMs,
    pass(durationMs) {
      machineMs += durationMs;
    },
  };
}

async function openBucket(options: { clock?: Clock; memoryBytes?: number }): Promise<TestStore> {
  const store = await openTestStore(options);
  await store.createBucket('bucket');
  return store;
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

test('an upload counts as open until its client moved no byte for 50 ms, and again when it goes on', async () => {
  const clock = stillClock();
  await using store = await openBucket({ clock });
  expect(store.openRequests()).toBe(0);
  const sending = startRequest(store, { method: 'PUT', target: '/bucket/k', headers: { 'content-length': 6 } });
  const answered = once(sending, 'response');
  sending.write('one');
  await until(() => store.openRequests() === 1);
  clock.pass(49);
  expect(store.openRequests()).toBe(1);
  clock.pass(1);
  expect(store.openRequests()).toBe(0);
  sending.write('tw');
  await until(() => store.openRequests() === 1);
  sending.end('o');
  await answered;
  await until(() => store.openRequests() === 0);
  expect((await send(store, { target: '/bucket/k' })).body).toBe('onetwo');
});

test('an answer that its client stopped reading counts as open for 50 ms, and comes whole when it reads on', async () => {
  const clock = stillClock();
  await using store = await openBucket({ clock });
  await store.put('bucket', 'k', Buffer.alloc(30_000_000, 'x'));
  const asking = startRequest(store, { target: '/bucket/k' }).end();
  const [response] = (await once(asking, 'response')) as [AsyncIterable<Buffer>];
  expect(store.openRequests()).toBe(1);
  // Each look lets time pass, so the count falls only once the socket's buffers are full and nothing moves any more.
  await until(() => {
    clock.pass(1);
    return store.openRequests() === 0;
  });
  let sizeBytes = 0;
  for await (const chunk of response) sizeBytes += chunk.length;
  expect(sizeBytes).toBe(30_000_000);
  await until(() => store.openRequests() === 0);
});

test.for([1_000_000_000, 0])(
  'a client that vanishes while it uploads leaves nothing (%i bytes in memory)',
  async (memoryBytes) => {
    await using store = await openBucket({ memoryBytes });
    await store.put('bucket', 'k', Buffer.from('before'));
    const before = await filesBelow(store.folder);
    const sending = startRequest(store, {
      method: 'PUT',
      target: '/bucket/k',
      headers: { 'content-length': 9_000_000 },
    });
    sending.on('error', () => undefined);
    sending.write(Buffer.alloc(4_000_000));
    await until(
      async () => store.openRequests() === 1 && (memoryBytes > 0 || (await filesBelow(store.folder)).length === 2),
    );
    sending.destroy();
    await until(async () => (await filesBelow(store.folder)).length === before.length);
    expect((await send(store, { target: '/bucket/k' })).body).toBe('before');
    await until(() => store.openRequests() === 0);
  },
);

test('a client that vanishes while it downloads lets go of the bytes', async () => {
  await using store = await openBucket({ memoryBytes: 0 });
  await store.put('bucket', 'k', Buffer.alloc(30_000_000));
  const asking = startRequest(store, { target: '/bucket/k' }).end();
  await once(asking, 'response');
  expect((await send(store, { method: 'DELETE', target: '/bucket/k' })).status).toBe(204);
  expect(await filesBelow(store.folder)).toHaveLength(1);
  asking.destroy();
  await until(async () => (await filesBelow(store.folder)).length === 0);
});

test('the store closes though connections idle, upload and download, and takes its files along', async () => {
  const store = await openBucket({ memoryBytes: 0 });
  await store.put('bucket', 'k', Buffer.alloc(30_000_000));
  const { port } = new URL(store.address.endpoint);
  const ends: Promise<unknown>[] = [];
  const idle = connect(Number(port), '127.0.0.1');
  const halfHead = connect(Number(port), '127.0.0.1').on('error', () => undefined);
  halfHead.write('GET /bucket/k HTTP/1.1\r\nhost:');
  const upload = startRequest(store, { method: 'PUT', target: '/bucket/u', headers: { 'content-length': 9_000_000 } });
  upload.on('error', () => undefined).write(Buffer.alloc(4_000_000));
  const download = startRequest(store, { target: '/bucket/k' })
    .on('error', () => undefined)
    .end();
  const [answer] = (await once(download, 'response')) as [NodeJS.ReadableStream];
  answer.on('error', () => undefined);
  for (const socket of [idle, halfHead]) ends.push(once(socket.resume(), 'close'));
  await until(async () => (await filesBelow(store.folder)).length === 2);
  await store[Symbol.asyncDispose]();
  await Promise.all(ends);
  expect(await filesBelow(store.folder)).toEqual([]);
  const refused = connect(Number(port), '127.0.0.1');
  expect(((await once(refused, 'error')) as [NodeJS.ErrnoException])[0].code).toBe('ECONNREFUSED');
});

test('a put that is under way when the store closes leaves no file', async () => {
  const store = await openBucket({ memoryBytes: 0 });
  const putting = store.put('bucket', 'k', Buffer.alloc(20_000_000));
  await store[Symbol.asyncDispose]();
  await putting;
  expect(await filesBelow(store.folder)).toEqual([]);
});

test('a port that is taken is the reader’s to solve', async () => {
  await using store = await openBucket({});
  const port = Number(new URL(store.address.endpoint).port);
  await expect(openTestStore({ port })).rejects.toThrow(
    `The embedded S3 could not listen on 127.0.0.1:${port}. Choose another port, or 0 for any free one.`,
  );
});

test('a client that vanishes with two GETs open leaves nothing open', async () => {
  const clock = stillClock();
  const store = await openBucket({ clock, memoryBytes: 0 });
  await store.put('bucket', 'k', Buffer.alloc(30_000_000));
  const socket = connect(Number(new URL(store.address.endpoint).port), '127.0.0.1');
  const ask = 'GET /bucket/k HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n';
  socket.write(ask + ask);
  await until(() => store.openRequests() === 2);
  socket.destroy();
  await until(() => store.openRequests() === 0);
  await store[Symbol.asyncDispose]();
});

test('two GETs sent at once on one connection are answered one after the other', async () => {
  await using store = await openBucket({});
  const body = Buffer.alloc(20 * 262_144 + 60_000, 'x');
  await store.put('bucket', 'k', body);
  const { port } = new URL(store.address.endpoint);
  const socket = connect(Number(port), '127.0.0.1');
  const ask = 'GET /bucket/k HTTP/1.1\r\nhost: 127.0.0.1\r\n';
  socket.write(`${ask}\r\n${ask}connection: close\r\n\r\n`);
  const chunks: Buffer[] = [];
  for await (const chunk of socket as AsyncIterable<Buffer>) chunks.push(chunk);
  const answers = Buffer.concat(chunks).toString('latin1').split('HTTP/1.1 200 OK\r\n').slice(1);
  expect(answers.map((answer) => answer.slice(answer.indexOf('\r\n\r\n') + 4) === body.toString())).toEqual([
    true,
    true,
  ]);
});
