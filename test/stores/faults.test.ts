// Faults of the store, one by one, as a client meets them; and which GETs they strike.

import { once } from 'node:events';
import { gzipSync, gunzipSync } from 'node:zlib';

import { expect, test } from 'vitest';

import { openClock, type Clock } from '../../src/core/clock.ts';
import type { StoredObject } from '../../src/core/model/trigger.ts';
import type { StoreFaultStrike } from '../../src/stores/faults/desk.ts';
import type { StoreFaultConfig } from '../../src/stores/faults/index.ts';
import { openTestStore, type TestStore } from './open-test-store.ts';
import { codeOf, send, startRequest } from './raw-request.ts';

interface FaultyStore extends TestStore {
  readonly strikes: StoreFaultStrike[];
  readonly overwritten: Omit<StoredObject, 'index'>[];
}

/** A store with 26 objects of 1,000 bytes, `a` to `z`. */
async function openFaulty(configs: readonly StoreFaultConfig[], clock: Clock = openClock()): Promise<FaultyStore> {
  const strikes: StoreFaultStrike[] = [];
  const overwritten: Omit<StoredObject, 'index'>[] = [];
  const store = await openTestStore({
    clock,
    faults: {
      configs,
      startedMs: clock.nowMs(),
      onStrike: (strike) => strikes.push(strike),
      onOverwrite: (stored) => overwritten.push(stored),
    },
  });
  await store.createBucket('bucket');
  for (const key of 'abcdefghijklmnopqrstuvwxyz') await store.put('bucket', key, Buffer.alloc(1000, key));
  return { ...store, strikes, overwritten };
}

const get = (store: FaultyStore, key: string, headers = {}): ReturnType<typeof send> =>
  send(store, { target: `/bucket/${key}`, headers });

const head = (store: FaultyStore, key: string): ReturnType<typeof send> =>
  send(store, { method: 'HEAD', target: `/bucket/${key}` });

/** What came of a body that may break: its bytes, and whether it ended as its length said. */
async function bodyOf(store: FaultyStore, key: string): Promise<{ bytes: string; how: string }> {
  const asking = startRequest(store, { target: `/bucket/${key}` })
    .on('error', () => undefined)
    .end();
  let bytes = '';
  try {
    const [answer] = (await once(asking, 'response')) as [AsyncIterable<Buffer>];
    for await (const chunk of answer) bytes += chunk.toString();
    return { bytes, how: 'whole' };
  } catch (error) {
    return { bytes, how: (error as NodeJS.ErrnoException).code ?? String(error) };
  }
}

test.for([
  ['store.missing', '404 NoSuchKey', 404, true],
  ['store.denied', '403 AccessDenied', 403, true],
  ['store.archived', '403 InvalidObjectState', 200, true],
  ['store.expired-token', '400 ExpiredToken', 400, false],
  ['store.slow-down', '503 SlowDown', 503, false],
  ['store.internal-error', '500 InternalError', 500, false],
  ['store.redirect', '301 PermanentRedirect', 301, false],
] as const)('%s answers %s, and each strike is told', async ([kind, code, headStatus, withholds]) => {
  await using store = await openFaulty([{ kind }]);
  expect(codeOf(await get(store, 'a'))).toBe(code);
  expect(codeOf(await get(store, 'a'))).toBe(code);
  expect((await head(store, 'a')).status).toBe(headStatus);
  expect(store.strikes[0]).toMatchObject({ kind, bucket: 'bucket', key: 'a', withholds });
  expect(store.strikes).toHaveLength(3);
});

test('what is not there, a listing and a PUT meet no fault', async () => {
  await using store = await openFaulty([{ kind: 'store.denied' }]);
  expect(codeOf(await get(store, 'nothing'))).toBe('404 NoSuchKey');
  expect((await send(store, { target: '/bucket?list-type=2' })).status).toBe(200);
  expect((await send(store, { method: 'PUT', target: '/bucket/new', headers: { 'content-length': 0 } })).status).toBe(
    200,
  );
  expect(store.strikes).toEqual([]);
});

test('nth strikes that GET of each object; a HEAD before it tells the same, and is no GET', async () => {
  await using store = await openFaulty([{ kind: 'store.denied', nth: 2 }]);
  expect((await head(store, 'a')).status).toBe(200);
  expect((await get(store, 'a')).status).toBe(200);
  expect((await head(store, 'a')).status).toBe(403);
  expect((await get(store, 'a')).status).toBe(403);
  expect((await get(store, 'a')).status).toBe(200);
  expect((await get(store, 'b')).status).toBe(200);
  expect(store.strikes.map(({ withholds }) => withholds)).toEqual([false, false]);
});

test('a share of what lasts is one of objects, each at all its GETs, and the same whatever the order', async () => {
  const denied = async (keys: string): Promise<string[]> => {
    await using store = await openFaulty([{ kind: 'store.denied', share: 0.5 }]);
    const statuses = new Map<string, Set<number>>();
    for (const key of keys + keys) {
      const seen = statuses.get(key) ?? new Set();
      statuses.set(key, seen.add((await get(store, key)).status));
    }
    expect([...statuses.values()].every(({ size }) => size === 1)).toBe(true);
    return [...statuses].flatMap(([key, seen]) => (seen.has(403) ? [key] : [])).toSorted();
  };
  const keys = 'abcdefghijklmnopqrstuvwxyz';
  const first = await denied(keys);
  expect(first.length).toBeGreaterThan(5);
  expect(first.length).toBeLessThan(21);
  expect(await denied(keys.split('').toReversed().join(''))).toEqual(first);
});

test('a share of what passes is drawn for each GET', async () => {
  await using store = await openFaulty([{ kind: 'store.slow-down', share: 0.5 }]);
  const statuses: number[] = [];
  for (let i = 0; i < 20; i++) statuses.push((await get(store, 'a')).status);
  expect(new Set(statuses)).toEqual(new Set([200, 503]));
  expect(store.strikes).toHaveLength(statuses.filter((status) => status === 503).length);
});

test('from and for arm a fault by the clock, and what has an end withholds nothing', async () => {
  const clock = openClock();
  await using store = await openFaulty([{ kind: 'store.missing', fromMs: 60_000, forMs: 60_000 }], clock);
  expect((await get(store, 'a')).status).toBe(200);
  clock.skipTo(clock.nowMs() + 61_000);
  expect((await get(store, 'a')).status).toBe(404);
  clock.skipTo(clock.nowMs() + 60_000);
  expect((await get(store, 'a')).status).toBe(200);
  expect(store.strikes).toMatchObject([{ withholds: false }]);
});

test('a redirect names the region, and who signs for it gets the object', async () => {
  await using store = await openFaulty([{ kind: 'store.redirect', region: 'eu-west-1' }]);
  const signed = (region: string): object => ({
    authorization: `AWS4-HMAC-SHA256 Credential=AKIA/20260101/${region}/s3/aws4_request, SignedHeaders=host, Signature=00`,
  });
  const refused = await get(store, 'a', signed('us-east-1'));
  expect([refused.status, refused.headers['x-amz-bucket-region']]).toEqual([301, 'eu-west-1']);
  expect((await get(store, 'a', signed('eu-west-1'))).status).toBe(200);
  const query = 'X-Amz-Credential=AKIA%2F20260101%2Feu-west-1%2Fs3%2Faws4_request';
  expect((await send(store, { target: `/bucket/a?${query}` })).status).toBe(200);
});

test('an archived object shows its class in its head', async () => {
  await using store = await openFaulty([{ kind: 'store.archived' }]);
  expect((await head(store, 'a')).headers['x-amz-storage-class']).toBe('GLACIER');
});

test.for([
  ['store.reset', 'ECONNRESET'],
  ['store.short', 'ECONNRESET'],
] as const)('%s breaks the body at its byte, or in its middle', async ([kind, how]) => {
  await using store = await openFaulty([
    { kind, atBytes: 10, nth: 1 },
    { kind, nth: 2 },
    { kind, atBytes: 0, nth: 3 },
    { kind, atBytes: 1000, nth: 4 },
  ]);
  const bytes: number[] = [];
  for (let i = 0; i < 3; i++) {
    const body = await bodyOf(store, 'a');
    expect(body.how).toBe(how);
    bytes.push(body.bytes.length);
  }
  // A reset overtakes what the client has not read yet.
  if (kind === 'store.short') expect(bytes).toEqual([10, 500, 0]);
  else expect(bytes.map((size, i) => size <= [10, 500, 0][i]!)).toEqual([true, true, true]);
  expect(await bodyOf(store, 'a')).toMatchObject({ how: 'whole' });
  // The last would have broken behind the end: it never struck.
  expect(store.strikes).toHaveLength(3);
});

test('a body hangs for its time on the rig’s clock, and is an event that the clock may jump to', async () => {
  const clock = openClock();
  await using store = await openFaulty([{ kind: 'store.hang', atBytes: 100, durationMs: 3_600_000 }], clock);
  const asking = startRequest(store, { target: '/bucket/a' }).end();
  const [answer] = (await once(asking, 'response')) as [AsyncIterable<Buffer>];
  while (clock.nextDueMs() === undefined) await clock.machineSleep(1);
  expect(clock.nextDueMs()! - clock.nowMs()).toBeGreaterThan(3_500_000);
  clock.skipTo(clock.nextDueMs()!);
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk);
  expect(Buffer.concat(chunks)).toHaveLength(1000);
});

test('a body that hangs for good counts as open for 50 ms, and no longer than its client is there', async () => {
  let machineMs = 0;
  const clock = { ...openClock(), machineNowMs: () => machineMs };
  await using store = await openFaulty([{ kind: 'store.hang' }], clock);
  const asking = startRequest(store, { target: '/bucket/a' }).end();
  const [answer] = (await once(asking, 'response')) as [NodeJS.ReadableStream];
  answer.on('error', () => undefined).resume();
  while (store.strikes.length === 0) await clock.machineSleep(1);
  expect(store.openRequests()).toBe(1);
  machineMs += 50;
  expect(store.openRequests()).toBe(0);
  asking.destroy();
});

test('a slow body takes its time', async () => {
  const clock = openClock();
  const waits: number[] = [];
  const counting = { ...clock, sleep: (ms: number) => Promise.resolve(void waits.push(ms)) };
  await using store = await openFaulty([{ kind: 'store.slow', perSecondBytes: 200 }], counting);
  expect(await bodyOf(store, 'a')).toEqual({ bytes: 'a'.repeat(1000), how: 'whole' });
  expect(waits).toHaveLength(100);
  expect(waits.reduce((sum, wait) => sum + wait, 0)).toBe(5000);
  expect(store.strikes).toHaveLength(1);
});

test('a body in pieces is the same body', async () => {
  await using store = await openFaulty([{ kind: 'store.chunks', sizes: [1, 2, 300] }]);
  expect(await bodyOf(store, 'a')).toEqual({ bytes: 'a'.repeat(1000), how: 'whole' });
  expect((await get(store, 'a', { range: 'bytes=990-' })).body).toBe('a'.repeat(10));
});

test('a wrong Content-Encoding comes with the right bytes', async () => {
  await using store = await openFaulty([{ kind: 'store.encoding' }]);
  const { headers, body } = await get(store, 'a');
  expect([headers['content-encoding'], body]).toEqual(['gzip', 'a'.repeat(1000)]);
});

test('a swapped object holds the same in other bytes, is swapped once, and its event is due', async () => {
  await using store = await openFaulty([{ kind: 'store.swap' }]);
  const bytes = gzipSync('line\n');
  const { etag } = await store.put('bucket', 'gz', bytes);
  const asking = startRequest(store, { target: '/bucket/gz', headers: { 'if-match': `"${etag}"` } }).end();
  expect(((await once(asking, 'response')) as [{ statusCode: number }])[0].statusCode).toBe(412);
  const [stored] = store.overwritten;
  expect(stored).toMatchObject({ bucket: 'bucket', key: 'gz', sizeBytes: bytes.length });
  expect(stored!.etag).not.toBe(etag);
  const second = startRequest(store, { target: '/bucket/gz', headers: { 'if-match': stored!.etag } }).end();
  const [answer] = (await once(second, 'response')) as [AsyncIterable<Buffer>];
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk);
  expect(gunzipSync(Buffer.concat(chunks)).toString()).toBe('line\n');
  expect((await get(store, 'a')).body).toBe(`${'a'.repeat(1000)}\n`);
  expect(store.overwritten).toHaveLength(2);
  expect(store.strikes).toMatchObject([{ withholds: true }, { withholds: true }]);
});

test('behind a refusal no other fault strikes, and of two that do the same only the first', async () => {
  await using store = await openFaulty([
    { kind: 'store.chunks', sizes: [7] },
    { kind: 'store.slow-down', nth: 1 },
    { kind: 'store.denied', nth: 1 },
    { kind: 'store.encoding', value: 'br' },
  ]);
  expect(codeOf(await get(store, 'a'))).toBe('503 SlowDown');
  expect(store.strikes.map(({ kind }) => kind)).toEqual(['store.slow-down']);
  expect((await get(store, 'a')).headers['content-encoding']).toBe('br');
  expect(store.strikes.map(({ kind }) => kind)).toEqual(['store.slow-down', 'store.chunks', 'store.encoding']);
});
