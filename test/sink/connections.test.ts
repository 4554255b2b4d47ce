import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, test } from 'vitest';

import { key, openSinkRig } from './rig.ts';
import { until } from '../until.ts';

const record = '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"a"}}]}]}]}';

function head(path: string, headers: string): string {
  return `POST ${path} HTTP/1.1\r\nHost: a\r\nsignoz-ingestion-key: ${key}\r\nContent-Type: application/json\r\n${headers}\r\n\r\n`;
}

/** Writes and reads until the server ends the connection. */
async function talk(url: string, bytes: string, onConnected?: (socket: Socket) => void): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let received = '';
  socket.on('data', (piece) => (received += piece.toString('latin1')));
  socket.write(bytes);
  onConnected?.(socket);
  await new Promise((resolve) => socket.once('close', resolve));
  return received;
}

function statusLines(received: string): string[] {
  return received.match(/HTTP\/1\.1 \d+ [A-Za-z -]+/g) ?? [];
}

test('garbage behind a request does not cut its answer short, also where a fault holds it back', async () => {
  await using rig = await openSinkRig({ edition: 'selfhost', faults: [{ kind: 'sink.delay', durationMs: 3_600_000 }] });
  const request = head('/v1/logs', `Content-Length: ${record.length}`) + record;
  const received = talk(rig.sink.otlpUrl, `${request}\x01\x02 garbage\r\n\r\n`);
  await until(() => rig.sink.nextDueMs() !== undefined);
  rig.clock.skipTo(rig.sink.nextDueMs()!);
  expect(statusLines(await received)).toEqual(['HTTP/1.1 200 OK', 'HTTP/1.1 400 Bad Request']);
  expect(rig.deliveries.map(({ acknowledgement, kept }) => [acknowledgement, kept])).toEqual([['acknowledged', true]]);
});

test('a body that the client holds back is not asked for where it would not be read: the refusal is a delivery', async () => {
  await using rig = await openSinkRig();
  const expectation = `Expect: 100-continue\r\nContent-Length: ${record.length}`;
  const refused = await talk(rig.sink.url, head('/logs/json/', expectation));
  expect(statusLines(refused)).toEqual(['HTTP/1.1 404 Not Found']);
  const taken = await talk(rig.sink.url, head('/v1/logs', `Connection: close\r\n${expectation}`), (socket) => {
    socket.once('data', () => socket.write(record));
  });
  expect(statusLines(taken)).toEqual(['HTTP/1.1 100 Continue', 'HTTP/1.1 200 OK']);
  await rig.sink.idle();
  expect(rig.deliveries.map(({ path, statusCode, sizeBytes }) => [path, statusCode, sizeBytes])).toEqual([
    ['/logs/json/', 404, 0],
    ['/v1/logs', 200, record.length],
  ]);
});

test.for(['HTTP/1.1', 'HTTP/1.0'])(
  'a client that closes its side behind its request gets its answer (%s)',
  async (version) => {
    await using rig = await openSinkRig();
    const socket = connect({ port: Number(new URL(rig.sink.otlpUrl).port), host: '127.0.0.1', allowHalfOpen: true });
    let received = '';
    socket.on('data', (piece) => (received += piece.toString('latin1')));
    socket.write(head('/v1/logs', `Content-Length: ${record.length}`).replace('HTTP/1.1', version));
    await until(() => rig.sink.openRequests() === 1);
    // After so long the sink looks whether its client is there before it answers, and sees the end of its side.
    rig.clock.skipTo(rig.clock.nowMs() + 1000);
    socket.end(record);
    await once(socket, 'end');
    socket.destroy();
    expect(received).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\n{"partialSuccess":{}}$/);
    await rig.sink.idle();
    expect(rig.sink.counts()).toMatchObject({ requests: 1, accepted: 1, replyLost: 0 });
  },
);

test('a client that closes its side while a fault holds its answer back has lost it, and its connection ends', async () => {
  await using rig = await openSinkRig({ faults: [{ kind: 'sink.delay', durationMs: 3_600_000 }] });
  const socket = connect({ port: Number(new URL(rig.sink.url).port), host: '127.0.0.1', allowHalfOpen: true });
  socket.end(head('/v1/logs', `Content-Length: ${record.length}`) + record);
  let received = '';
  for await (const piece of socket) received += String(piece);
  expect(received).toBe('');
  await rig.sink.idle();
  expect(rig.deliveries.map(({ acknowledgement, kept }) => [acknowledgement, kept])).toEqual([['reply-lost', true]]);
  await until(() => rig.sink.openRequests() === 0);
});

test.for(['', 'Connection: Upgrade\r\nUpgrade: h2c\r\n'])(
  'a body that its client breaks off is refused, and the connection ends (%j)',
  async (upgrade) => {
    await using rig = await openSinkRig();
    const request = head('/v1/logs', `${upgrade}Content-Length: 5000`) + record;
    const received = await talk(rig.sink.otlpUrl, request, (socket) => socket.end());
    expect(statusLines(received)).toEqual(['HTTP/1.1 400 Bad Request']);
    expect(rig.sink.openRequests()).toBe(0);
    expect(rig.deliveries).toEqual([]);
  },
);

test('what is no request is answered as the edition would, and is no delivery', async () => {
  await using selfhost = await openSinkRig({ edition: 'selfhost' });
  await using cloud = await openSinkRig();
  const garbage = 'hello\r\n\r\n';
  expect(await talk(selfhost.sink.url, garbage)).toMatch(/^HTTP\/1\.1 400 [^]*\r\n\r\n400 Bad Request$/);
  expect(await talk(cloud.sink.url, garbage)).toMatch(/^HTTP\/1\.1 400 [^]*<center>nginx<\/center>/);
  expect([selfhost.sink.counts().requests, cloud.sink.counts().requests]).toEqual([0, 0]);
});
