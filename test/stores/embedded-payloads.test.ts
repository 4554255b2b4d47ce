// Bodies: the framings in which SDKs send them, and every way in which one can be wrong. What is wrong is never stored.

import { createHash } from 'node:crypto';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';

import { expect, test } from 'vitest';

import { openTestStore, type TestStore } from './open-test-store.ts';
import { codeOf, send, startRequest, type RawAnswer } from './raw-request.ts';

const crc = (text: string): string => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(text));
  return bytes.toString('base64');
};
const signature = ';chunk-signature='.padEnd(81, '0');

async function openBucket(): Promise<TestStore> {
  const store = await openTestStore();
  await store.createBucket('bucket');
  return store;
}

function put(store: TestStore, headers: Record<string, string | number>, body: string): Promise<RawAnswer> {
  return send(store, { method: 'PUT', target: '/bucket/k', headers, body });
}

/** The object's bytes, or undefined where there is none. */
async function stored(store: TestStore): Promise<string | undefined> {
  const { status, body } = await send(store, { target: '/bucket/k' });
  return status === 404 ? undefined : body;
}

const unsigned = (decodedBytes: number): Record<string, string | number> => ({
  'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
  'x-amz-decoded-content-length': decodedBytes,
  'x-amz-trailer': 'x-amz-checksum-crc32',
});
const signed = (decodedBytes: number): Record<string, string | number> => ({
  'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  'x-amz-decoded-content-length': decodedBytes,
});

test('an unsigned body with its checksum in the trailer is unframed and verified', async () => {
  await using store = await openBucket();
  const body = `5\r\nhello\r\n6\r\n world\r\n0\r\nx-amz-checksum-crc32:${crc('hello world')}\r\n\r\n`;
  const answer = await put(store, { ...unsigned(11), 'content-encoding': 'gzip,aws-chunked' }, body);
  expect(answer.headers['x-amz-checksum-crc32']).toBe(crc('hello world'));
  const { headers, body: text } = await send(store, { target: '/bucket/k' });
  expect(text).toBe('hello world');
  expect(headers['content-encoding']).toBe('gzip');
});

test('a signed body is unframed, with or without a trailer', async () => {
  await using store = await openBucket();
  const chunks = `5${signature}\r\nhello\r\n0${signature}\r\n`;
  expect((await put(store, signed(5), `${chunks}\r\n`)).status).toBe(200);
  expect(await stored(store)).toBe('hello');
  const trailer = `x-amz-checksum-crc32:${crc('hello')}\r\nx-amz-trailer-signature:${'0'.repeat(64)}\r\n\r\n`;
  const headers = { ...unsigned(5), 'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER' };
  expect((await put(store, headers, chunks + trailer)).status).toBe(200);
  expect(await stored(store)).toBe('hello');
});

test('a framed body may come in pieces of one byte', async () => {
  await using store = await openBucket();
  const body = `5\r\nhello\r\n0\r\nx-amz-checksum-crc32:${crc('hello')}\r\n\r\n`;
  const status = await new Promise<number>((resolve, reject) => {
    const sending = startRequest(store, {
      method: 'PUT',
      target: '/bucket/k',
      headers: { ...unsigned(5), 'transfer-encoding': 'chunked' },
    });
    sending.on('error', reject).on('response', (response) => resolve(response.resume().statusCode!));
    for (const letter of body) sending.write(letter);
    sending.end();
  });
  expect(status).toBe(200);
  expect(await stored(store)).toBe('hello');
});

const trailer = `x-amz-checksum-crc32:${crc('hello')}\r\n\r\n`;
test.for([
  ['no chunk size', 'hello', '400 IncompleteBody'],
  ['a size that is no number', `five\r\nhello\r\n0\r\n${trailer}`, '400 IncompleteBody'],
  ['a negative size', `-5\r\nhello\r\n0\r\n${trailer}`, '400 IncompleteBody'],
  ['a size beyond all measure', `fffffffffff\r\nhello\r\n0\r\n${trailer}`, '400 IncompleteBody'],
  ['a chunk longer than its size', `4\r\nhello\r\n0\r\n${trailer}`, '400 IncompleteBody'],
  ['a chunk shorter than its size', `6\r\nhello\r\n0\r\n${trailer}`, '400 IncompleteBody'],
  ['no last chunk', '5\r\nhello\r\n', '400 IncompleteBody'],
  ['an endless line', `5;${'x'.repeat(5000)}`, '400 IncompleteBody'],
  ['bytes after the end', `5\r\nhello\r\n0\r\n${trailer}more`, '400 IncompleteBody'],
  ['fewer bytes than announced', `4\r\nhell\r\n0\r\nx-amz-checksum-crc32:${crc('hell')}\r\n\r\n`, '400 IncompleteBody'],
  [
    'more bytes than announced',
    `6\r\nhello!\r\n0\r\nx-amz-checksum-crc32:${crc('hello!')}\r\n\r\n`,
    '400 IncompleteBody',
  ],
  ['no trailer', '5\r\nhello\r\n0\r\n\r\n', '400 MalformedTrailerError'],
  ['a trailer without a colon', '5\r\nhello\r\n0\r\nchecksum\r\n\r\n', '400 MalformedTrailerError'],
  ['a trailer of other bytes', `5\r\nhello\r\n0\r\nx-amz-checksum-crc32:${crc('other')}\r\n\r\n`, '400 BadDigest'],
  ['a trailer that is no checksum', '5\r\nhello\r\n0\r\nx-amz-checksum-crc32:!\r\n\r\n', '400 InvalidRequest'],
] as const)('a framed body with %s is refused', async ([, body, code]) => {
  await using store = await openBucket();
  expect(codeOf(await put(store, unsigned(5), body))).toBe(code);
  expect(await stored(store)).toBeUndefined();
});

test.for([
  [{ 'content-md5': 'XUFAKrxLKna5cZ2REBfFkg==' }, '200 no code'],
  [{ 'content-md5': 'AAAAAAAAAAAAAAAAAAAAAA==' }, '400 BadDigest'],
  [{ 'content-md5': 'short' }, '400 InvalidDigest'],
  [{ 'x-amz-checksum-crc32': crc('hello') }, '200 no code'],
  [{ 'x-amz-checksum-crc32': 'AAAAAA==' }, '400 BadDigest'],
  [{ 'x-amz-checksum-crc32': 'AAAA' }, '400 InvalidRequest'],
  [{ 'x-amz-checksum-crc32': crc('hello'), 'x-amz-checksum-crc32c': 'AAAAAA==' }, '400 InvalidRequest'],
  [{ 'x-amz-content-sha256': createHash('sha256').update('hello').digest('hex') }, '200 no code'],
  [{ 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }, '200 no code'],
  [{ 'x-amz-content-sha256': '0'.repeat(64) }, '400 XAmzContentSHA256Mismatch'],
  [{ 'x-amz-content-sha256': 'garbage' }, '400 InvalidArgument'],
  [{ 'x-amz-content-sha256': 'STREAMING-OTHER' }, '400 InvalidArgument'],
  [{ 'x-amz-trailer': 'x-other' }, '400 InvalidRequest'],
  [{ 'transfer-encoding': 'chunked' }, '501 NotImplemented'],
] as const)('a body with %j is answered %s', async ([headers, code]) => {
  await using store = await openBucket();
  expect(codeOf(await put(store, headers, 'hello'))).toBe(code);
  expect(await stored(store)).toBe(code.startsWith('200') ? 'hello' : undefined);
});

test('a body without a length, or longer than 5 GiB, is refused before it comes', async () => {
  await using store = await openBucket();
  const noLength = { 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' };
  expect(codeOf(await put(store, noLength, 'hello'))).toBe('411 MissingContentLength');
  const tooLong = { ...unsigned(5 * 1024 ** 3 + 1) };
  expect(codeOf(await put(store, tooLong, '0\r\n\r\n'))).toBe('400 EntityTooLarge');
});

test('a body that its headers describe and that never comes is answered', async () => {
  await using store = await openBucket();
  const socket = connect(Number(new URL(store.address.endpoint).port), '127.0.0.1');
  const streaming = 'x-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER\r\nx-amz-decoded-content-length: 5';
  socket.write(`PUT /bucket/k HTTP/1.1\r\nhost: 127.0.0.1\r\n${streaming}\r\nconnection: close\r\n\r\n`);
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 [^]*<Code>IncompleteBody<\/Code>/);
  expect(await stored(store)).toBeUndefined();
});

test('a connection goes on after a body that was refused', async () => {
  await using store = await openBucket();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const { port } = new URL(store.address.endpoint);
  const statuses: number[] = [];
  const ports = new Set<number | undefined>();
  for (const md5 of ['AAAAAAAAAAAAAAAAAAAAAA==', 'short']) {
    const body = Buffer.alloc(1_000_000);
    const status = await new Promise<number>((resolve, reject) => {
      request({ host: '127.0.0.1', port, agent, method: 'PUT', path: '/bucket/k', headers: { 'content-md5': md5 } })
        .on('error', reject)
        .on('response', (response) => response.resume().on('end', () => resolve(response.statusCode!)))
        .on('socket', (socket) => ports.add(socket.localPort))
        .end(body);
    });
    statuses.push(status);
  }
  agent.destroy();
  expect(statuses).toEqual([400, 400]);
  expect(ports.size).toBe(1);
});
