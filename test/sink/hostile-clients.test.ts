// Clients that mean no good, or died: however many there are, others are served and memory stays bounded.

import { connect, type Socket } from 'node:net';
import { gzipSync, zstdCompressSync } from 'node:zlib';

import { expect, test } from 'vitest';

import { key, openSinkRig, post } from './rig.ts';
import { until } from '../until.ts';

const mib = 1024 ** 2;

test('two thousand idle connections keep nobody from being served, and hold little memory', async () => {
  await using rig = await openSinkRig();
  const beforeBytes = process.memoryUsage.rss();
  await using idle = await openConnections(rig.sink.url, 2000, '');
  expect((await post(rig.sink.jsonUrl, '[{"body":"a"}]')).status).toBe(200);
  expect([idle.sockets.length, rig.sink.openRequests()]).toEqual([2000, 0]);
  expect(process.memoryUsage.rss() - beforeBytes).toBeLessThan(200 * mib);
});

test('bodies that are announced and never sent hold little memory, are no open requests for long, and count nowhere', async () => {
  await using rig = await openSinkRig();
  const beforeBytes = process.memoryUsage.rss();
  const head = `POST /logs/json HTTP/1.1\r\nHost: x\r\nsignoz-ingestion-key: ${key}\r\nContent-Length: 15000000\r\n\r\n[`;
  {
    await using _stalled = await openConnections(rig.sink.url, 500, head);
    expect((await post(rig.sink.jsonUrl, '[{"body":"a"}]')).status).toBe(200);
    await until(() => rig.sink.openRequests() === 0);
    expect(process.memoryUsage.rss() - beforeBytes).toBeLessThan(200 * mib);
  }
  expect((await post(rig.sink.jsonUrl, '[{"body":"b"}]')).status).toBe(200);
  await rig.sink.idle();
  expect(rig.sink.counts()).toMatchObject({ requests: 2, accepted: 2 });
});

test('a client that sends its body byte by byte is waited for, and served when it is done', async () => {
  await using rig = await openSinkRig();
  const body = '[{"body":"slow"}]';
  await using slow = await openConnections(
    rig.sink.url,
    1,
    `POST /logs/json HTTP/1.1\r\nHost: x\r\nsignoz-ingestion-key: ${key}\r\nContent-Length: ${body.length}\r\n\r\n`,
  );
  const [socket] = slow.sockets as [Socket];
  const answered = new Promise<string>((resolve) => socket.once('data', (bytes) => resolve(bytes.toString())));
  socket.setNoDelay(true);
  for (const byte of body) await new Promise((resolve) => socket.write(byte, resolve));
  expect(await answered).toMatch(/^HTTP\/1\.1 200 /);
  await rig.sink.idle();
  expect([...rig.records.values()].flat().map((record) => record.body)).toEqual(['slow']);
});

test.for([
  ['gzip', gzipSync(Buffer.alloc(512 * mib))],
  ['zstd', zstdCompressSync(Buffer.alloc(512 * mib))],
] as const)('a %s bomb is refused as too large, and the sink is the same afterwards', async ([encoding, bomb]) => {
  await using rig = await openSinkRig();
  const beforeBytes = process.memoryUsage.rss();
  for (let i = 0; i < 5; i++) {
    const answer = await post(rig.sink.jsonUrl, bomb, { 'content-encoding': encoding });
    expect([answer.status, answer.body.toString()]).toEqual([400, 'http: request body too large\n']);
  }
  expect(process.memoryUsage.rss() - beforeBytes).toBeLessThan(300 * mib);
  expect((await post(rig.sink.jsonUrl, '[{"body":"a"}]')).status).toBe(200);
  await rig.sink.idle();
  expect(rig.deliveries.filter(({ decodeError }) => decodeError === 'http: request body too large').length).toBe(5);
});

test('a body of a million empty records is taken without a tree of them in memory', async () => {
  await using rig = await openSinkRig({ onRecords: (_, show) => show(() => undefined) });
  const beforeBytes = process.memoryUsage.rss();
  const body = gzipSync(`[${'{},'.repeat(1_000_000)}{}]`);
  expect((await post(rig.sink.jsonUrl, body, { 'content-encoding': 'gzip' })).status).toBe(200);
  await rig.sink.idle();
  expect(rig.deliveries.map(({ recordCount }) => recordCount)).toEqual([1_000_001]);
  // A tree of five million of them took 558 MB.
  expect(process.memoryUsage.rss() - beforeBytes).toBeLessThan(64 * mib);
});

const deep = 100_000;

test.for([
  ['/logs/json', 'application/json', `[{"a":${'['.repeat(deep)}${']'.repeat(deep)}}]`],
  ['/logs/json', 'application/json', `[{"a":${'{"b":'.repeat(deep)}1${'}'.repeat(deep)}}]`],
  ['/logs/json', 'application/json', '['.repeat(deep)],
  ['/v1/logs', 'application/json', `{"resourceLogs":[{"x":${'['.repeat(deep)}${']'.repeat(deep)}}]}`],
  ['/v1/logs', 'application/json', `{"a":`.repeat(deep)],
  ['/v1/logs', 'application/json', logWithBody('{"arrayValue":{"values":['.repeat(deep))],
] as const)('nesting of 100,000 ends in an answer (%s)', async ([path, type, body]) => {
  await using rig = await openSinkRig();
  const answer = await post(rig.sink.url + path, body, { 'content-type': type });
  expect(answer.status).toBeGreaterThanOrEqual(200);
  expect(answer.status).toBeLessThan(500);
  expect((await post(rig.sink.jsonUrl, '[{"body":"a"}]')).status).toBe(200);
  rig.sink.checkHealth();
});

function logWithBody(value: string): string {
  return `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":${value}`;
}

async function openConnections(
  url: string,
  count: number,
  text: string,
): Promise<{ sockets: readonly Socket[] } & AsyncDisposable> {
  const { hostname, port } = new URL(url);
  const open = (): Promise<Socket> =>
    new Promise((resolve, reject) => {
      const socket: Socket = connect(Number(port), hostname, () => (text === '' ? resolve(socket) : send()));
      const send = (): void => void socket.write(text, () => resolve(socket));
      socket.once('error', reject);
    });
  const sockets: Socket[] = [];
  while (sockets.length < count)
    sockets.push(...(await Promise.all(Array.from({ length: Math.min(100, count) }, open))));
  return {
    sockets,
    async [Symbol.asyncDispose]() {
      await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve).destroy())));
    },
  };
}
