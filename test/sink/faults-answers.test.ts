// Faults that answer in the edition's place: what a client reads, and what was kept and booked behind it.

import { Agent, request as httpRequest } from 'node:http';
import { gzipSync } from 'node:zlib';

import { request as undiciRequest } from 'undici';
import { expect, test } from 'vitest';

import { batch, booked, identify, keptBodies, match, otlpJson, otlpProtobuf } from './fault-rig.ts';
import { key, openSinkRig, post } from './rig.ts';

const json = { 'content-type': 'application/json' };
const protobuf = { 'content-type': 'application/x-protobuf' };

test('commit-then keeps the request and answers with an error: to the client the reply is lost', async () => {
  await using rig = await openSinkRig({ faults: [{ kind: 'sink.commit-then', nth: 1 }], identify });
  const statuses = [await post(rig.sink.jsonUrl, batch('a')), await post(rig.sink.jsonUrl, batch('a'))];
  await rig.sink.idle();
  expect(statuses.map(({ status, body }) => [status, body.toString()])).toEqual([
    [503, 'service unavailable\n'],
    [200, ''],
  ]);
  expect(rig.deliveries.map(booked)).toEqual([
    { acknowledgement: 'reply-lost', kept: true, statusCode: 503, fault: 'sink.commit-then', falsified: true },
    { acknowledgement: 'acknowledged', kept: true, statusCode: 200 },
  ]);
  expect(keptBodies(rig)).toEqual(['a', 'a']);
  expect(rig.sink.counts()).toMatchObject({ accepted: 1, replyLost: 1, statusCounts: { 503: 1, 200: 1 } });
});

test('blackhole answers 200 in the words of each receiver and keeps nothing', async () => {
  await using rig = await openSinkRig({ faults: [{ kind: 'sink.blackhole' }] });
  const { sink } = rig;
  const answers = [
    await post(sink.jsonUrl, batch('a')),
    await post(sink.otlpUrl, otlpJson('a'), json),
    await post(sink.otlpUrl, otlpProtobuf('a'), protobuf),
  ];
  await sink.idle();
  expect(answers.map(({ status, body }) => [status, body.toString('latin1')])).toEqual([
    [200, ''],
    [200, '{"partialSuccess":{}}'],
    [200, '\n\0'],
  ]);
  const entry = {
    acknowledgement: 'acknowledged',
    kept: false,
    statusCode: 200,
    fault: 'sink.blackhole',
    falsified: true,
  };
  expect(rig.deliveries.map(booked)).toEqual([entry, entry, entry]);
  expect(keptBodies(rig)).toEqual([]);
});

test('a web page with 200 is no word of SigNoz: nothing is kept and nothing acknowledged', async () => {
  await using rig = await openSinkRig({ faults: [{ kind: 'sink.html' }] });
  const { statusCode, headers, body } = await undiciRequest(rig.sink.jsonUrl, {
    method: 'POST',
    headers: { 'signoz-ingestion-key': key },
    body: batch('a'),
  });
  expect([statusCode, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  expect(await body.text()).toMatch(/^<!DOCTYPE html>/);
  await rig.sink.idle();
  expect(rig.deliveries.map(booked)).toEqual([
    { acknowledgement: 'refused', kept: false, statusCode: 200, fault: 'sink.html' },
  ]);
});

test('a redirect names the path that was asked, and a client that follows 301 as GET loses what it sent', async () => {
  await using rig = await openSinkRig({ faults: [{ kind: 'sink.redirect' }], edition: 'selfhost' });
  const refused = await post(rig.sink.jsonUrl, batch('a'));
  expect([refused.status, refused.headers['location'], refused.body.length]).toEqual([301, '/', 0]);
  expect(refused.headers['content-type']).toBeUndefined();
  const followed = await fetch(rig.sink.jsonUrl, { method: 'POST', body: batch('a') });
  expect([followed.status, followed.redirected]).toEqual([200, true]);
  await rig.sink.idle();
  expect(rig.deliveries.map(({ method, kept, statusCode }) => [method, kept, statusCode])).toEqual([
    ['POST', false, 301],
    ['POST', false, 301],
    ['GET', false, 200],
  ]);
});

test.each([302, 303, 307, 308])('a redirect by %i goes where it is told to', async (code) => {
  await using rig = await openSinkRig({ faults: [{ kind: 'sink.redirect', code, location: '/elsewhere' }] });
  const answer = await post(rig.sink.jsonUrl, batch('a'));
  expect([answer.status, answer.headers['location']]).toEqual([code, '/elsewhere']);
});

test('partial success rejects the last records, says so in JSON and protobuf, and spares the JSON receiver', async () => {
  await using rig = await openSinkRig({
    faults: [{ kind: 'sink.partial-success', rejected: 2, message: 'too old' }],
  });
  const { sink } = rig;
  const flat = await post(sink.jsonUrl, batch('a', 'b', 'c'));
  const answers = [
    await post(sink.otlpUrl, otlpJson('d', 'e', 'f'), json),
    await post(sink.otlpUrl, otlpProtobuf('g', 'h', 'i'), protobuf),
    await post(sink.otlpUrl, otlpJson('j'), json),
  ];
  await sink.idle();
  expect([flat.status, flat.body.length]).toEqual([200, 0]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(JSON.parse(answers[0]!.body.toString())).toEqual({
    partialSuccess: { rejectedLogRecords: '2', errorMessage: 'too old' },
  });
  // Field 1 of 11 bytes: rejected_log_records 2, error_message of 7 bytes.
  expect(answers[1]!.body.toString('latin1')).toBe('\x0a\x0b\x08\x02\x12\x07too old');
  expect(JSON.parse(answers[2]!.body.toString())).toMatchObject({ partialSuccess: { rejectedLogRecords: '1' } });
  expect(keptBodies(rig)).toEqual(['a', 'b', 'c', 'd', 'g']);
  expect(
    rig.deliveries.map(({ acknowledgement, recordCount, rejectedCount }) => [
      acknowledgement,
      recordCount,
      rejectedCount,
    ]),
  ).toEqual([
    ['acknowledged', 3, undefined],
    ['acknowledged', 3, 2],
    ['acknowledged', 3, 2],
    ['acknowledged', 1, 1],
  ]);
  expect(sink.faultsFired()).toEqual({ 'sink.partial-success': 3 });
});

test('max-body refuses what is over its limit as each edition does, on the wire or decoded', async () => {
  const body = batch('a'.repeat(5000));
  const zipped = gzipSync(body);
  const gzip = { 'content-encoding': 'gzip' };
  const statuses = async (edition: 'cloud' | 'selfhost', of: 'wire' | 'decoded'): Promise<unknown[]> => {
    const faults = [{ kind: 'sink.max-body', limitBytes: 1000, of }];
    await using rig = await openSinkRig({ edition, faults });
    const small = await post(rig.sink.jsonUrl, batch('a'));
    const large = await post(rig.sink.jsonUrl, body);
    const packed = await post(rig.sink.jsonUrl, zipped, gzip);
    await rig.sink.idle();
    expect(large.body.toString()).toMatch(edition === 'cloud' ? /<title>413/ : /^http: request body too large\n$/);
    expect(rig.deliveries.map(({ kept }) => kept)).toEqual([true, false, of === 'wire']);
    return [small.status, large.status, packed.status];
  };
  expect(await statuses('cloud', 'wire')).toEqual([200, 413, 200]);
  expect(await statuses('cloud', 'decoded')).toEqual([200, 413, 413]);
  expect(await statuses('selfhost', 'wire')).toEqual([200, 400, 200]);
  expect(await statuses('selfhost', 'decoded')).toEqual([200, 400, 400]);
});

test('a poison record fails every request that holds it, in the receiver’s own words; without it the rest passes', async () => {
  await using rig = await openSinkRig({ faults: [{ kind: 'sink.poison', match: 'bad' }], identify, match });
  const { sink } = rig;
  const answers = [
    await post(sink.jsonUrl, batch('a', 'bad', 'b')),
    await post(sink.otlpUrl, otlpJson('a', 'bad', 'b'), json),
    await post(sink.otlpUrl, otlpProtobuf('bad'), protobuf),
    await post(sink.jsonUrl, batch('a', 'b')),
    await post(sink.jsonUrl, batch('bad')),
  ];
  await sink.idle();
  expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 200, 400]);
  expect(answers[0]!.body.toString()).toBe('trace_id must be a hex string\n');
  expect(JSON.parse(answers[1]!.body.toString())).toMatchObject({ code: 3 });
  expect(answers[2]!.body.subarray(4).toString()).toBe('unmarshal: invalid TraceID length');
  expect(keptBodies(rig)).toEqual(['a', 'b']);
  expect(rig.deliveries.map(({ acknowledgement }) => acknowledgement)).toEqual([
    'refused',
    'refused',
    'refused',
    'acknowledged',
    'refused',
  ]);
});

test('a share of records is poison: the same ones alone, in company, again and in any order', async () => {
  const names = Array.from({ length: 100 }, (_, i) => `record ${i}`);
  await using rig = await openSinkRig({ faults: [{ kind: 'sink.poison', share: 0.1 }], identify });
  const passes = async (some: readonly string[]): Promise<boolean> =>
    (await post(rig.sink.jsonUrl, batch(...some))).status === 200;
  const bad: string[] = [];
  for (const name of names) if (!(await passes([name]))) bad.push(name);
  expect(bad.length).toBeGreaterThan(2);
  expect(bad.length).toBeLessThan(30);
  const good = names.filter((name) => !bad.includes(name));
  expect(await passes(good.toReversed())).toBe(true);
  for (const name of bad) expect(await passes([...good, name])).toBe(false);
});

test('a quota refuses until what was taken is paid off by the rig’s clock, and says when that is', async () => {
  await using rig = await openSinkRig({ faults: [{ kind: 'sink.quota', sizeBytes: 1, retryAfter: true }] });
  const send = () => post(rig.sink.jsonUrl, batch('a'.repeat(100_000)));
  const [first, second] = [await send(), await send()];
  const waitS = Number(second.headers['retry-after']);
  expect([first.status, first.headers['retry-after'], second.status]).toEqual([200, undefined, 429]);
  expect(waitS).toBeGreaterThan(99_000);
  rig.clock.skipTo(rig.clock.nowMs() + waitS * 1000);
  expect((await send()).status).toBe(200);
  expect(rig.sink.faultsFired()).toEqual({ 'sink.quota': 1 });
});

test('a quota of records is paid off by those behind a large batch; one that drops answers 200', async () => {
  await using rig = await openSinkRig({ faults: [{ kind: 'sink.quota', records: 10, answer: 'drop' }] });
  const many = batch(...Array.from({ length: 50 }, (_, i) => `record ${i}`));
  const startedMs = rig.clock.nowMs();
  const kept: boolean[] = [];
  for (const atMs of [0, 1000, 6000]) {
    rig.clock.skipTo(startedMs + atMs);
    expect((await post(rig.sink.jsonUrl, many)).status).toBe(200);
    kept.push(rig.deliveries.at(-1)!.kept);
  }
  expect(kept).toEqual([true, false, true]);
  expect(rig.deliveries.map(booked)[1]).toEqual({
    acknowledgement: 'acknowledged',
    kept: false,
    statusCode: 200,
    fault: 'sink.quota',
    falsified: true,
  });
});

test('a daily quota is new at midnight, UTC', async () => {
  await using rig = await openSinkRig({
    faults: [{ kind: 'sink.quota', sizeBytes: 20, per: 'day', answer: 500 }],
  });
  const dayMs = 24 * 3600 * 1000;
  const midnightMs = Math.ceil(rig.clock.nowMs() / dayMs) * dayMs;
  const statuses: number[] = [];
  for (const atMs of [midnightMs + 1000, midnightMs + 2000, midnightMs + 3000, midnightMs + dayMs]) {
    rig.clock.skipTo(atMs);
    statuses.push((await post(rig.sink.jsonUrl, batch('abc'))).status);
  }
  expect(statuses).toEqual([200, 200, 500, 200]);
});

test('an outage of hours ends when the clock says so', async () => {
  const hourMs = 3_600_000;
  await using rig = await openSinkRig({ faults: [{ kind: 'sink.outage', fromMs: hourMs, forMs: 6 * hourMs }] });
  const startedMs = rig.clock.nowMs();
  const statuses: number[] = [];
  for (const hours of [0, 1, 6.9, 7]) {
    rig.clock.skipTo(startedMs + hours * hourMs);
    statuses.push((await post(rig.sink.jsonUrl, batch('a'))).status);
  }
  expect(statuses).toEqual([200, 503, 503, 200]);
});

test('connections beyond the limit are refused, and the others are not', async () => {
  await using rig = await openSinkRig({ faults: [{ kind: 'sink.max-connections', limit: 2 }] });
  const agents = [1, 2, 3].map(() => new Agent({ keepAlive: true, maxSockets: 1 }));
  const send = (agent: Agent): Promise<number> =>
    new Promise((resolve, reject) => {
      const headers = { 'signoz-ingestion-key': key };
      const sent = httpRequest(rig.sink.jsonUrl, { method: 'POST', agent, headers }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode!));
      });
      sent.on('error', reject);
      sent.end(batch('a'));
    });
  const statuses: number[] = [];
  for (const agent of [...agents, ...agents]) statuses.push(await send(agent));
  expect(statuses).toEqual([200, 200, 503, 200, 200, 503]);
  for (const agent of agents) agent.destroy();
});
