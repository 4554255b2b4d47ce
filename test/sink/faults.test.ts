// Which requests a fault strikes, and when: by seed and content, sightings, conditions and the run's clock.

import { expect, test } from 'vitest';

import { openArchive } from '../../src/sink/archive.ts';
import { batch, identify, request } from './fault-rig.ts';
import { until } from '../until.ts';
import { openSinkRig, post } from './rig.ts';

test('a refusal keeps nothing, is worded by the receiver and tells Retry-After in whole seconds', async () => {
  const fired: string[] = [];
  await using rig = await openSinkRig({
    faults: [{ kind: 'sink.status', code: 429, retryAfterMs: 1500, nth: 1, headers: { 'x-limit': 'day' } }],
    onFault: (kind) => void fired.push(kind),
  });
  const { sink } = rig;
  const json = { 'content-type': 'application/json' };
  const otlp = '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"a"}}]}]}]}';
  const flat = [await post(sink.jsonUrl, batch('a')), await post(sink.jsonUrl, batch('a'))];
  const status = await post(sink.otlpUrl, otlp, json);
  await sink.idle();
  expect(flat.map((answer) => [answer.status, answer.body.toString()])).toEqual([
    [429, 'too many requests\n'],
    [200, ''],
  ]);
  expect([flat[0]!.headers['retry-after'], flat[0]!.headers['x-limit']]).toEqual(['2', 'day']);
  expect([status.status, status.body.toString()]).toEqual([429, '{"code":8, "message":"too many requests"}']);
  expect(rig.deliveries.map(({ acknowledgement, kept, fault }) => ({ acknowledgement, kept, fault }))).toEqual([
    { acknowledgement: 'refused', kept: false, fault: 'sink.status' },
    { acknowledgement: 'acknowledged', kept: true, fault: undefined },
    { acknowledgement: 'refused', kept: false, fault: 'sink.status' },
  ]);
  expect([...rig.records.keys()]).toEqual([2]);
  expect([sink.faultsFired(), fired]).toEqual([{ 'sink.status': 2 }, ['sink.status', 'sink.status']]);
});

test('a status below 300 keeps the request', async () => {
  await using rig = await openSinkRig({ faults: [{ kind: 'sink.status', code: 202, body: 'later' }] });
  const answer = await post(rig.sink.jsonUrl, batch('a'));
  await rig.sink.idle();
  expect([answer.status, answer.body.toString()]).toEqual([202, 'later']);
  expect(rig.deliveries.map(({ acknowledgement, kept }) => [acknowledgement, kept])).toEqual([['acknowledged', true]]);
  expect(rig.records.size).toBe(1);
});

test('a share strikes the same requests in any order of arrival, by the first record that has an identity', async () => {
  const names = Array.from({ length: 60 }, (_, i) => `record ${i}`);
  const refusedOf = async (order: readonly string[]): Promise<string[]> => {
    await using rig = await openSinkRig({ faults: [{ kind: 'sink.status', code: 503, share: 0.3 }], identify });
    const refused = await Promise.all(
      order.map(async (name) =>
        (await post(rig.sink.jsonUrl, batch('header', name, 'x'))).status === 503 ? [name] : [],
      ),
    );
    return refused.flat().toSorted();
  };
  const forwards = await refusedOf(names);
  expect(await refusedOf(names.toReversed())).toEqual(forwards);
  expect(forwards.length).toBeGreaterThan(5);
  expect(forwards.length).toBeLessThan(40);
});

test('nth counts sightings of one identity, not requests; without an identity the body is one', async () => {
  await using rig = await openSinkRig({ faults: [{ kind: 'sink.status', code: 500, nth: 2 }], identify });
  const statuses: number[] = [];
  for (const body of [
    batch('a'),
    batch('b'),
    batch('b', 'more'),
    batch('a'),
    batch('a'),
    batch('header'),
    batch('header'),
  ]) {
    statuses.push((await post(rig.sink.jsonUrl, body)).status);
  }
  expect(statuses).toEqual([200, 200, 500, 500, 200, 200, 500]);
});

test("from and for arm a fault by the run's clock, which may have skipped", async () => {
  await using rig = await openSinkRig({ faults: [{ kind: 'sink.status', code: 503, fromMs: 60_000, forMs: 60_000 }] });
  const startedMs = rig.clock.nowMs();
  const statuses: number[] = [];
  for (const atMs of [0, 70_000, 130_000]) {
    rig.clock.skipTo(startedMs + atMs);
    statuses.push((await post(rig.sink.jsonUrl, batch('a'))).status);
  }
  expect(statuses).toEqual([200, 503, 200]);
});

test('a request that the edition refuses anyway provokes no fault', async () => {
  await using rig = await openSinkRig({ faults: [{ kind: 'sink.status', code: 503 }] });
  expect((await post(rig.sink.jsonUrl, 'no json')).status).toBe(400);
  expect((await post(`${rig.sink.jsonUrl}/`, batch('a'))).status).toBe(404);
  expect(rig.sink.faultsFired()).toEqual({ 'sink.status': 0 });
});

test('a held-back answer is no open request but an event of the clock, and a skip releases it', async () => {
  await using rig = await openSinkRig({ faults: [{ kind: 'sink.delay', durationMs: 3_600_000 }] });
  const answer = post(rig.sink.jsonUrl, batch('a'));
  await until(() => rig.sink.nextDueMs() !== undefined);
  await rig.sink.idle();
  expect([rig.sink.openRequests(), rig.records.size, rig.deliveries.length]).toEqual([0, 1, 0]);
  const dueMs = rig.sink.nextDueMs()!;
  rig.clock.skipTo(dueMs);
  expect((await answer).status).toBe(200);
  await rig.sink.idle();
  const [delivery] = rig.deliveries;
  expect([delivery!.acknowledgement, delivery!.fault, delivery!.endedMs >= dueMs]).toEqual([
    'acknowledged',
    'sink.delay',
    true,
  ]);
  expect(delivery!.receivedMs).toBeLessThan(dueMs);
  expect(rig.sink.nextDueMs()).toBeUndefined();
});

test('a client that is gone before a held-back answer has lost the reply: the records are kept', async () => {
  await using rig = await openSinkRig({ faults: [{ kind: 'sink.delay', durationMs: 3_600_000 }] });
  const socket = await request(rig.sink.url, batch('a', 'b'));
  await until(() => rig.sink.nextDueMs() !== undefined);
  socket.end();
  await until(() => rig.deliveries.length === 1);
  const [delivery] = rig.deliveries;
  expect([delivery!.acknowledgement, delivery!.kept, delivery!.statusCode]).toEqual(['reply-lost', true, 200]);
  expect(rig.records.get(1)!.length).toBe(2);
  await until(() => rig.sink.openRequests() === 0);
  expect(rig.sink.nextDueMs()).toBeUndefined();
  expect(rig.sink.counts()).toMatchObject({ requests: 1, replyLost: 1, statusCounts: {} });
  const archive = await openArchive(rig.folder);
  expect(archive.deliveries).toMatchObject([{ acknowledgement: 'reply-lost', kept: true, fault: 'sink.delay' }]);
});

test('closing the sink ends the answers that it holds back', async () => {
  const rig = await openSinkRig({ faults: [{ kind: 'sink.delay', durationMs: 3_600_000 }] });
  const socket = await request(rig.sink.url, batch('a'));
  socket.resume();
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await until(() => rig.sink.nextDueMs() !== undefined);
  await rig[Symbol.asyncDispose]();
  await closed;
  expect(rig.deliveries.map(({ acknowledgement, kept }) => [acknowledgement, kept])).toEqual([['reply-lost', true]]);
});
