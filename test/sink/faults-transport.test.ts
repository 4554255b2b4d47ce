// Faults of the connection: resets, silence and slowness, as raw sockets and keep-alive agents see them, and what was kept.

import { Agent, request as httpRequest } from 'node:http';

import { expect, test } from 'vitest';

import { batch, booked, ending, identify, keptBodies, request, skipUntil } from './fault-rig.ts';
import { until } from '../until.ts';
import { key, openSinkRig, post } from './rig.ts';

/** What a keep-alive client saw of one POST: the status and whether its connection had been used before, or the error's code. */
function send(url: string, agent: Agent, body: string): Promise<[number | string, boolean]> {
  return new Promise((resolve) => {
    const headers = { 'signoz-ingestion-key': key };
    const sent = httpRequest(url, { method: 'POST', agent, headers }, (response) => {
      response.resume().on('end', () => resolve([response.statusCode!, sent.reusedSocket]));
    });
    sent.on('error', (error: NodeJS.ErrnoException) => resolve([error.code!, sent.reusedSocket]));
    sent.end(body);
  });
}

test.each([
  ['before', false],
  ['after-commit', true],
])('a reset %s leaves the client without an answer; the request is kept: %s', async (at, kept) => {
  await using rig = await openSinkRig({ faults: [{ kind: 'sink.reset', at, nth: 1 }], identify });
  const end = await ending(await request(rig.sink.url, batch('a', 'b')));
  expect(end).toEqual({ text: '', code: 'ECONNRESET' });
  expect((await post(rig.sink.jsonUrl, batch('a', 'b'))).status).toBe(200);
  await rig.sink.idle();
  expect(rig.deliveries.map(booked)).toEqual([
    { acknowledgement: 'reply-lost', kept, statusCode: 0, fault: 'sink.reset' },
    { acknowledgement: 'acknowledged', kept: true, statusCode: 200 },
  ]);
  expect(keptBodies(rig)).toEqual(kept ? ['a', 'b', 'a', 'b'] : ['a', 'b']);
  expect([rig.sink.faultsFired(), rig.sink.openRequests()]).toEqual([{ 'sink.reset': 1 }, 0]);
});

test('a reset in the middle comes while the client still sends; a request that never ended counts nowhere', async () => {
  await using rig = await openSinkRig({ faults: [{ kind: 'sink.reset', at: 'mid', nth: 1 }], identify });
  const whole = batch('a', 'b'.repeat(2_000_000));
  const [first, rest] = [whole.slice(0, 1_200_000), whole.slice(1_200_000)];
  const socket = await request(rig.sink.url, first, rest);
  expect(await ending(socket)).toEqual({ text: '', code: 'ECONNRESET' });
  await until(() => rig.sink.openRequests() === 0);
  expect([rig.deliveries, rig.sink.counts().requests, rig.sink.faultsFired()]).toEqual([[], 0, { 'sink.reset': 1 }]);
  expect((await post(rig.sink.jsonUrl, whole)).status).toBe(200);
});

test('a body of unknown length is reset as soon as it names itself', async () => {
  await using rig = await openSinkRig({ faults: [{ kind: 'sink.reset', at: 'mid' }], identify });
  async function* pieces(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('[{"body":"a"},');
    await new Promise(() => undefined);
  }
  const headers = { 'signoz-ingestion-key': key };
  const sent = fetch(rig.sink.jsonUrl, { method: 'POST', headers, body: pieces(), duplex: 'half' } as RequestInit);
  await expect(sent).rejects.toMatchObject({ cause: { code: expect.stringMatching(/ECONNRESET|UND_ERR_SOCKET/) } });
  expect([rig.deliveries, rig.sink.faultsFired()]).toEqual([[], { 'sink.reset': 1 }]);
});

test('an outage may reset every connection', async () => {
  await using rig = await openSinkRig({ faults: [{ kind: 'sink.outage', as: 'reset', forMs: 60_000 }] });
  expect(await ending(await request(rig.sink.url, batch('a')))).toEqual({ text: '', code: 'ECONNRESET' });
  rig.clock.skipTo(rig.clock.nowMs() + 60_000);
  expect((await post(rig.sink.jsonUrl, batch('a'))).status).toBe(200);
  await rig.sink.idle();
  expect(rig.deliveries.map(({ kept }) => kept)).toEqual([false, true]);
});

test('of a client that gives up while its body is read slowly nothing is kept, though all of it came', async () => {
  await using rig = await openSinkRig({ faults: [{ kind: 'sink.slow-read', perSecondBytes: 1 }], identify });
  const socket = await request(rig.sink.url, batch('a'));
  await until(() => rig.sink.nextDueMs() !== undefined);
  socket.destroy();
  await until(() => rig.sink.nextDueMs() === undefined && rig.sink.openRequests() === 0);
  expect([rig.deliveries, rig.sink.counts().requests]).toEqual([[], 0]);
});

test('slow-read takes a body at its rate on the rig’s clock, an event that a skip may reach', async () => {
  await using rig = await openSinkRig({ faults: [{ kind: 'sink.slow-read', perSecondBytes: 1000 }], identify });
  const startedMs = rig.clock.nowMs();
  let answered = false;
  const answer = post(rig.sink.jsonUrl, batch('a', 'b'.repeat(500_000))).then((seen) => {
    answered = true;
    return seen.status;
  });
  await skipUntil(rig, () => answered);
  expect(await answer).toBe(200);
  expect(rig.clock.nowMs() - startedMs).toBeGreaterThan(500_000);
  await rig.sink.idle();
  expect([rig.deliveries.length, rig.sink.faultsFired()]).toEqual([1, { 'sink.slow-read': 1 }]);
});

test('stall sends the head and then nothing; a client that gives up has lost the reply', async () => {
  await using rig = await openSinkRig({ faults: [{ kind: 'sink.stall', durationMs: 3_600_000 }], identify });
  const socket = await request(rig.sink.url, batch('a'));
  let text = '';
  socket.on('data', (piece: Buffer) => (text += piece.toString()));
  await until(() => text.endsWith('\r\n\r\n') && rig.sink.nextDueMs() !== undefined);
  expect(text).toMatch(/^HTTP\/1.1 200 OK\r\n/);
  expect([rig.deliveries.length, rig.sink.openRequests()]).toEqual([0, 0]);
  socket.destroy();
  await until(() => rig.deliveries.length === 1);
  expect(booked(rig.deliveries[0]!)).toEqual({
    acknowledgement: 'reply-lost',
    kept: true,
    statusCode: 200,
    fault: 'sink.stall',
  });

  const patient = post(rig.sink.jsonUrl, batch('b'));
  await until(() => rig.sink.nextDueMs() !== undefined);
  rig.clock.skipTo(rig.sink.nextDueMs()!);
  expect((await patient).status).toBe(200);
  await rig.sink.idle();
  expect(rig.deliveries[1]!.acknowledgement).toBe('acknowledged');
});

test('slow-write lets the answer trickle, its end too', async () => {
  await using rig = await openSinkRig({ faults: [{ kind: 'sink.slow-write', perSecondBytes: 1 }] });
  const startedMs = rig.clock.nowMs();
  let answered = false;
  const headers = { 'content-type': 'application/json' };
  const body = '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{}]}]}]}';
  const answer = post(rig.sink.otlpUrl, body, headers).then((seen) => {
    answered = true;
    return seen.body.toString();
  });
  await skipUntil(rig, () => answered);
  const expected = '{"partialSuccess":{}}';
  expect(await answer).toBe(expected);
  expect(rig.clock.nowMs() - startedMs).toBeGreaterThanOrEqual(expected.length * 1000);
});

test('idle-close ends a kept-alive connection behind its answer, and spares one that is used again', async () => {
  await using rig = await openSinkRig({ faults: [{ kind: 'sink.idle-close', afterMs: 60_000 }] });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const startedMs = rig.clock.nowMs();
  const seen = [await send(rig.sink.jsonUrl, agent, batch('a'))];
  rig.clock.skipTo(startedMs + 40_000);
  seen.push(await send(rig.sink.jsonUrl, agent, batch('b')));
  // The first limit is over, but the second request came before it.
  rig.clock.skipTo(startedMs + 70_000);
  seen.push(await send(rig.sink.jsonUrl, agent, batch('c')));
  const [idle] = Object.values(agent.freeSockets).flat();
  rig.clock.skipTo(startedMs + 140_000);
  await new Promise((resolve) => idle!.once('close', resolve));
  seen.push(await send(rig.sink.jsonUrl, agent, batch('d')));
  expect(seen).toEqual([
    [200, false],
    [200, true],
    [200, true],
    [200, false],
  ]);
  agent.destroy();
});

test('a jump closes a connection whose limit it passes before anything can be sent on it again', async () => {
  await using rig = await openSinkRig({ faults: [{ kind: 'sink.idle-close', afterMs: 60_000 }] });
  const socket = await request(rig.sink.url, batch('a'));
  const ended = ending(socket);
  await until(() => rig.deliveries.length === 1);
  rig.sink.closeIdleConnections(59_000);
  expect(socket.destroyed).toBe(false);
  rig.sink.closeIdleConnections(61_000);
  expect((await ended).text).toMatch(/^HTTP\/1.1 200 OK/);
});
