import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, test } from 'vitest';

import { key, openSinkRig, type SinkRig } from './rig.ts';
import { readVectors, requestBytes, type Vector } from './vector.ts';
import { until } from '../until.ts';

/** A connection, and all that came over it until it ended or, where it stays open, so far. */
interface Client {
  readonly socket: Socket;
  readonly received: () => string;
  readonly closed: Promise<unknown>;
}

async function connectTo(url: string): Promise<Client> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let received = '';
  socket.on('data', (piece) => (received += piece.toString('latin1')));
  socket.on('error', () => undefined);
  const closed = once(socket, 'close');
  await once(socket, 'connect');
  return { socket, received: () => received, closed };
}

function skip(rig: SinkRig, durationMs: number): void {
  rig.clock.skipTo(rig.clock.nowMs() + durationMs);
}

const receivers = [
  { file: 'json-receiver.jsonl', url: 'jsonUrl' },
  { file: 'otlp-http.jsonl', url: 'otlpUrl' },
] as const;

const timed = receivers.flatMap(({ file, url }) =>
  readVectors(file)
    .filter(({ group }) => group === 'timing')
    .map((vector) => ({ vector, url })),
);

/** What the real collector took real time for, on a clock that is skipped. */
test('a body that comes late, and an answer that takes long, end as with the real collector', async () => {
  for (const { vector, url } of timed) {
    const pauseMs = vector.request.pauseBeforeBodyMs;
    const holdMs = vector.id === 'timing-slow-next-hop' ? (url === 'jsonUrl' ? 21_500 : 31_500) : undefined;
    if (pauseMs === undefined && holdMs === undefined) continue;
    await using rig = await openSinkRig({
      edition: 'selfhost',
      faults: holdMs === undefined ? [] : [{ kind: 'sink.delay', durationMs: holdMs }],
    });
    const client = await connectTo(rig.sink[url]);
    const { head, body } = requestBytes(vector);
    client.socket.write(head);
    await until(() => rig.sink.openRequests() > 0);
    if (pauseMs !== undefined) skip(rig, pauseMs);
    client.socket.write(body);
    if (holdMs !== undefined) {
      await until(() => rig.sink.nextDueMs() !== undefined);
      skip(rig, holdMs);
    }
    await until(() => rig.deliveries.length === 1);
    await (vector.response.aborted ? client.closed : until(() => client.received() !== ''));
    expect([vector.id, ...outcomeOf(rig, client)]).toEqual([vector.id, ...expectedOutcome(vector)]);
    client.socket.destroy();
  }
});

function outcomeOf(rig: SinkRig, client: Client): unknown[] {
  const [{ kept, acknowledgement }] = rig.deliveries as [(typeof rig.deliveries)[0]];
  return [client.received().slice(9, 12), kept, acknowledgement];
}

function expectedOutcome({ response }: Vector): unknown[] {
  return response.aborted ? ['', true, 'reply-lost'] : [String(response.status), true, 'acknowledged'];
}

test('a client that sends no head is cut off without a word after 20 s by the JSON receiver, and never by OTLP', async () => {
  await using rig = await openSinkRig({ edition: 'selfhost' });
  const silent = await connectTo(rig.sink.jsonUrl);
  const slow = await connectTo(rig.sink.jsonUrl);
  slow.socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-');
  const other = await connectTo(rig.sink.otlpUrl);
  skip(rig, 19_000);
  const late = await connectTo(rig.sink.jsonUrl);
  skip(rig, 1000);
  await Promise.all([silent.closed, slow.closed]);
  expect([silent.received(), slow.received()]).toEqual(['', '']);
  skip(rig, 18_000);
  late.socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n[]');
  other.socket.write(
    'POST /v1/logs HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}',
  );
  await until(() => late.received() !== '' && other.received() !== '');
  expect([late.received().slice(0, 15), other.received().slice(0, 15)]).toEqual(['HTTP/1.1 200 OK', 'HTTP/1.1 200 OK']);
  other.socket.destroy();
});

test('the cloud sends 408 to a client that keeps it waiting for its body, and counts no request', async () => {
  await using rig = await openSinkRig();
  const client = await connectTo(rig.sink.jsonUrl);
  client.socket.write(
    `POST /logs/json HTTP/1.1\r\nHost: a\r\nsignoz-ingestion-key: ${key}\r\nContent-Length: 4\r\n\r\n[`,
  );
  await until(() => rig.sink.openRequests() > 0);
  skip(rig, 59_000);
  await until(() => rig.sink.openRequests() === 0);
  client.socket.write('{');
  await until(() => rig.sink.openRequests() > 0);
  skip(rig, 59_000);
  expect(client.received()).toBe('');
  skip(rig, 1000);
  await client.closed;
  expect(client.received()).toContain('408 Request Time-out');
  expect([rig.sink.counts().requests, rig.sink.openRequests()]).toEqual([0, 0]);
});

test('connections that were used are closed by a jump past the idle limit of their server: 60 s for OTLP, 75 s in the cloud', async () => {
  for (const [edition, url, limitMs] of [
    ['selfhost', 'otlpUrl', 60_000],
    ['cloud', 'jsonUrl', 75_000],
  ] as const) {
    await using rig = await openSinkRig({ edition });
    const client = await connectTo(rig.sink[url]);
    client.socket.write('GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n');
    await until(() => client.received() !== '');
    rig.sink.closeIdleConnections(limitMs - 1);
    client.socket.write('GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n');
    await until(() => client.received().split('HTTP/1.1 404').length === 3);
    rig.sink.closeIdleConnections(limitMs);
    await client.closed;
  }
});
