// Requests as other clients than the SDK send them.

import { connect } from 'node:net';

import { expect, test } from 'vitest';

import { openClock } from '../../src/core/clock.ts';
import type { StoreRequest } from '../../src/core/model/trigger.ts';
import { openTestStore } from './open-test-store.ts';
import { codeOf, send } from './raw-request.ts';

test.for([
  'flow-logs.localhost',
  'flow-logs.s3.localhost:9',
  'flow-logs.s3.us-east-1.amazonaws.com',
  'flow-logs.s3.amazonaws.com',
  'flow-logs.s3.dualstack.us-west-2.amazonaws.com',
  'flow-logs.s3-fips.us-east-1.amazonaws.com',
])('the bucket may stand in the host %s', async (host) => {
  await using store = await openTestStore();
  await store.createBucket('flow-logs');
  await store.put('flow-logs', 'a//b', Buffer.from('text'));
  expect((await send(store, { target: '/a//b', headers: { host } })).body).toBe('text');
  const listing = await send(store, { target: '/?list-type=2', headers: { host } });
  expect(listing.body).toContain('<Key>a//b</Key>');
});

test.for([
  'localhost',
  '127.0.0.1:80',
  's3.localhost',
  's3.us-east-1.amazonaws.com',
  's3.dualstack.us-west-2.amazonaws.com',
])('the host %s holds no bucket', async (host) => {
  await using store = await openTestStore();
  await store.createBucket('flow-logs');
  await store.put('flow-logs', 'k', Buffer.from('text'));
  expect((await send(store, { target: '/flow-logs/k', headers: { host } })).body).toBe('text');
});

test('who opens the store sees each request with its answer', async () => {
  const seen: StoreRequest[] = [];
  await using store = await openTestStore({ onRequest: (request) => void seen.push(request) });
  await store.createBucket('flow-logs');
  await store.put('flow-logs', 'a b', Buffer.from('text'));
  await send(store, { target: '/flow-logs/a%20b' });
  await send(store, { target: '/other?list-type=2' });
  await send(store, { target: '/%ff' });
  expect(seen).toEqual([
    { operation: 'GetObject', bucket: 'flow-logs', key: 'a b', statusCode: 200 },
    { operation: 'ListObjectsV2', bucket: 'other', key: '', statusCode: 404, errorCode: 'NoSuchBucket' },
    { bucket: '', key: '', statusCode: 400, errorCode: 'InvalidURI' },
  ]);
});

test('a bare plus in a path is a space, as on AWS', async () => {
  await using store = await openTestStore();
  await store.createBucket('flow-logs');
  await store.put('flow-logs', 'a b', Buffer.from('space'));
  await store.put('flow-logs', 'a+b', Buffer.from('plus'));
  expect((await send(store, { target: '/flow-logs/a+b' })).body).toBe('space');
  expect((await send(store, { target: '/flow-logs/a%2Bb' })).body).toBe('plus');
});

test('what the rig puts has the type that S3 gives, and tells what its event needs', async () => {
  await using store = await openTestStore();
  await store.createBucket('flow-logs');
  const stored = await store.put('flow-logs', 'k', Buffer.from('text'));
  expect(stored).toEqual({
    bucket: 'flow-logs',
    key: 'k',
    sizeBytes: 4,
    etag: '1cb251ec0d568de6a929b520c4aed8d1',
    storedMs: expect.any(Number) as number,
    requestId: expect.stringMatching(/^[0-9A-Z]{16}$/) as string,
    hostId: expect.stringMatching(/^[0-9A-Za-z+/]{75}=$/) as string,
  });
  const { headers } = await send(store, { target: '/flow-logs/k' });
  expect(headers).toMatchObject({
    'content-type': 'binary/octet-stream',
    'content-length': '4',
    etag: '"1cb251ec0d568de6a929b520c4aed8d1"',
    'accept-ranges': 'bytes',
    server: 'AmazonS3',
  });
  expect(headers['x-amz-request-id']).not.toBe(stored.requestId);
});

test('the rig hears of a key or a bucket that cannot be', async () => {
  await using store = await openTestStore();
  await store.createBucket('flow-logs');
  await expect(store.put('other', 'k', Buffer.from(''))).rejects.toThrow(
    'There is no bucket "other" to put "k" into; create it first.',
  );
  await expect(store.put('flow-logs', '', Buffer.from(''))).rejects.toThrow(
    'The key "" has 0 bytes; S3 takes 1 to 1024.',
  );
});

test('Last-Modified follows the clock of the rig, and so do conditions', async () => {
  const clock = openClock();
  await using store = await openTestStore({ clock });
  await store.createBucket('flow-logs');
  clock.skipTo(Date.UTC(2031, 0, 1));
  await store.put('flow-logs', 'k', Buffer.from('text'));
  const { headers } = await send(store, { target: '/flow-logs/k' });
  expect(headers['last-modified']).toMatch(/^Wed, 01 Jan 2031 00:0\d:\d\d GMT$/);
  const later = { 'if-modified-since': 'Thu, 02 Jan 2031 00:00:00 GMT' };
  expect((await send(store, { target: '/flow-logs/k', headers: later })).status).toBe(304);
});

test('If-Range gives a part of the same object only', async () => {
  await using store = await openTestStore();
  await store.createBucket('flow-logs');
  const { etag } = await store.put('flow-logs', 'k', Buffer.from('0123456789'));
  const part = (ifRange: string): Promise<{ status: number; body: string }> =>
    send(store, { target: '/flow-logs/k', headers: { range: 'bytes=2-3', 'if-range': ifRange } });
  expect(await part(`"${etag}"`)).toMatchObject({ status: 206, body: '23' });
  expect(await part('"other"')).toMatchObject({ status: 200, body: '0123456789' });
});

test.for(['bytes=', 'bytes=a-b', 'bytes=3-2', 'bytes=0-1,4-5', 'lines=0-1'])(
  'the range %s is ignored',
  async (range) => {
    await using store = await openTestStore();
    await store.createBucket('flow-logs');
    await store.put('flow-logs', 'k', Buffer.from('0123456789'));
    expect(await send(store, { target: '/flow-logs/k', headers: { range } })).toMatchObject({
      status: 200,
      body: '0123456789',
    });
  },
);

test('a type that is no type is kept as it is', async () => {
  await using store = await openTestStore();
  await store.createBucket('flow-logs');
  await send(store, {
    method: 'PUT',
    target: '/flow-logs/k',
    headers: { 'content-type': 'no type; at all' },
    body: 'text',
  });
  expect((await send(store, { target: '/flow-logs/k' })).headers['content-type']).toBe('no type; at all');
});

test('a GET may replace headers of its answer', async () => {
  await using store = await openTestStore();
  await store.createBucket('flow-logs');
  await store.put('flow-logs', 'k', Buffer.from('text'));
  const target = '/flow-logs/k?response-content-type=text%2Fplain&response-cache-control=no-store';
  const { headers } = await send(store, { target });
  expect(headers).toMatchObject({ 'content-type': 'text/plain', 'cache-control': 'no-store' });
  const name = 'attachment; filename="caf\u00e9.log"';
  const disposed = await send(store, {
    target: `/flow-logs/k?response-content-disposition=${encodeURIComponent(name)}`,
  });
  expect([disposed.status, disposed.headers['content-disposition'], disposed.body]).toEqual([200, name, 'text']);
});

test('an answer says what becomes of its connection only where that does not go without saying', async () => {
  await using store = await openTestStore();
  const socket = connect(Number(new URL(store.address.endpoint).port), '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n');
  socket.write('GET / HTTP/1.0\r\nconnection: keep-alive\r\n\r\n');
  socket.write('GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n');
  const chunks: Buffer[] = [];
  for await (const chunk of socket as AsyncIterable<Buffer>) chunks.push(chunk);
  const answers = Buffer.concat(chunks).toString().split('HTTP/1.1 200 OK\r\n').slice(1);
  expect(answers.map((answer) => /^connection: (.*)\r$/im.exec(answer)?.[1])).toEqual([
    undefined,
    'keep-alive',
    'close',
  ]);
});

test('one seed gives the same request ids', async () => {
  const ids: string[] = [];
  for (let i = 0; i < 2; i++) {
    await using store = await openTestStore();
    await store.createBucket('flow-logs');
    ids.push((await store.put('flow-logs', 'k', Buffer.from('text'))).requestId);
  }
  expect(ids[0]).toBe(ids[1]);
});

test.for([
  ['what is no HTTP', '\0\0 garbage\r\n\r\n', '400 BadRequest'],
  ['a request without a host', 'GET /flow-logs HTTP/1.1\r\nconnection: close\r\n\r\n', '400 BadRequest'],
  ['a tunnel', 'CONNECT s3:443 HTTP/1.1\r\nhost: s3:443\r\n\r\n', '405 MethodNotAllowed'],
  [
    'two lengths',
    'PUT /flow-logs/k HTTP/1.1\r\nhost: s3\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab',
    '400 BadRequest',
  ],
  [
    'a head of more than 64 KiB',
    `GET /flow-logs HTTP/1.1\r\nhost: s3\r\nx: ${'y'.repeat(70_000)}\r\n\r\n`,
    '400 RequestHeaderSectionTooLarge',
  ],
] as const)('%s is refused as S3 does, and the store serves on', async ([, sent, code]) => {
  await using store = await openTestStore();
  await store.createBucket('flow-logs');
  const socket = connect(Number(new URL(store.address.endpoint).port), '127.0.0.1');
  socket.write(sent);
  const chunks: Buffer[] = [];
  for await (const chunk of socket as AsyncIterable<Buffer>) chunks.push(chunk);
  const answer = Buffer.concat(chunks).toString();
  expect(codeOf({ status: Number(answer.slice(9, 12)), headers: {}, body: answer })).toBe(code);
  expect((await send(store, { method: 'HEAD', target: '/flow-logs' })).status).toBe(200);
});
