// What the admin API tells of deliveries.

import { expect, test } from 'vitest';

import type { ArchiveEntry } from '../../src/sink/archive.ts';
import { deliveryLine } from '../../src/sink/admin/delivery-line.ts';
import { checkBody } from '../../src/sink/decode/index.ts';
import { linesOf, openAdminRig, type AdminRig } from './admin-rig.ts';
import { key, post } from './rig.ts';

/** Texts of all bodies in a delivery. */
function bodiesOf({ resourceLogs }: { readonly resourceLogs: readonly object[] }): string[] {
  return [...JSON.stringify(resourceLogs).matchAll(/"body":\{"stringValue":"([^"]*)"\}/g)].map((match) => match[1]!);
}

async function send(rig: AdminRig, ...bodies: string[]): Promise<void> {
  for (const body of bodies) await post(rig.sink.jsonUrl, JSON.stringify([{ body }]));
}

/** Sends a request whose answer a fault of an hour holds back. */
function sendHeld(rig: AdminRig): { isHeld: Promise<void>; release(): Promise<void> } {
  const answered = send(rig, 'held');
  const isHeld = (async () => {
    while (rig.sink.nextDueMs() === undefined) await new Promise(setImmediate);
  })();
  const release = (): Promise<void> => {
    rig.clock.skipTo(rig.sink.nextDueMs()!);
    return answered;
  };
  return { isHeld, release };
}

test('a client that has its answer finds its request among the deliveries, each on a line with what was handed on', async () => {
  await using rig = await openAdminRig();
  for (let sequence = 1; sequence <= 20; sequence++) {
    const beforeMs = Date.now();
    await post(rig.sink.jsonUrl, `[{"body":"number ${sequence}","dstport":443}]`);
    const found = await rig.deliveries();
    expect(found.map((delivery) => delivery.sequence)).toEqual(Array.from({ length: sequence }, (_, i) => i + 1));
    const last = found.at(-1)!;
    expect(last).toMatchObject({
      sequence,
      acknowledgement: 'acknowledged',
      statusCode: 200,
      method: 'POST',
      path: '/logs/json',
      headers: { 'signoz-ingestion-key': `${'*'.repeat(key.length - 4)}${key.slice(-4)}` },
      sizeBytes: 34 + String(sequence).length,
      kept: true,
      recordCount: 1,
    });
    expect(Math.abs(last.receivedMs - beforeMs)).toBeLessThan(60_000);
    expect(bodiesOf(last)).toEqual([`number ${sequence}`]);
    expect(JSON.stringify(last.resourceLogs)).toContain('{"key":"dstport","value":{"doubleValue":443}}');
  }
});

test('requests that were refused, and replies that were lost, are deliveries; only what was kept was handed on', async () => {
  await using rig = await openAdminRig();
  await post(rig.sink.jsonUrl, '[{"body":1}]');
  await post(rig.sink.jsonUrl, '[{"body":"a"}]', { 'signoz-ingestion-key': 'some-other-key' });
  await rig.setFaults([{ kind: 'sink.reset', at: 'before', nth: 1 }]);
  await expect(post(rig.sink.jsonUrl, '[{"body":"b"}]')).rejects.toThrow('fetch failed');
  await rig.setFaults([{ kind: 'sink.reset', at: 'after-commit', nth: 1 }]);
  await expect(post(rig.sink.jsonUrl, '[{"body":"c"}]')).rejects.toThrow('fetch failed');
  const found = await rig.deliveries();
  expect(found).toMatchObject([
    { acknowledgement: 'refused', statusCode: 400, decodeError: 'body must be a string', resourceLogs: [] },
    { acknowledgement: 'refused', statusCode: 404, resourceLogs: [] },
    { acknowledgement: 'reply-lost', statusCode: 0, fault: 'sink.reset', kept: false, resourceLogs: [] },
    { acknowledgement: 'reply-lost', statusCode: 0, fault: 'sink.reset', kept: true },
  ]);
  expect(bodiesOf(found[3]!)).toEqual(['c']);
});

test('records that SigNoz would drop for their age are told like any other', async () => {
  await using rig = await openAdminRig();
  await post(rig.sink.jsonUrl, '[{"timestamp":1000000000,"body":"of 2001"}]');
  const [delivery] = await rig.deliveries();
  expect([bodiesOf(delivery!), delivery]).toMatchObject([['of 2001'], { tooOld: [[0, 1]] }]);
});

test('?since leaves out what was seen before', async () => {
  await using rig = await openAdminRig();
  await send(rig, 'a', 'b', 'c');
  const after = async (since: number): Promise<string[]> =>
    (await rig.deliveries(`?since=${since}`)).flatMap((delivery) => bodiesOf(delivery));
  expect([await after(0), await after(2), await after(3)]).toEqual([['a', 'b', 'c'], ['c'], []]);
});

test('any other name of the query is an attribute, of record, scope or resource, that one record must hold with that text', async () => {
  await using rig = await openAdminRig();
  const value = (text: string) => ({ stringValue: text });
  const resourceLogs = [
    {
      resource: { attributes: [{ key: 'cloud.region', value: value('eu-central-1') }] },
      scopeLogs: [
        {
          scope: { attributes: [{ key: 'part', value: value('vpc') }] },
          logRecords: [
            {
              attributes: [
                { key: 'interface-id', value: value('eni-1') },
                { key: 'bytes', value: { intValue: '-9007199254740993' } },
              ],
            },
            {
              attributes: [
                { key: 'interface-id', value: value('eni-2') },
                { key: 'tcp', value: { boolValue: true } },
              ],
            },
          ],
        },
      ],
    },
  ];
  await post(rig.sink.otlpUrl, JSON.stringify({ resourceLogs }), { 'content-type': 'application/json' });
  await post(rig.sink.jsonUrl, '[{"body":"a","interface-id":"eni-1","packets":4.5}]');
  await post(rig.sink.jsonUrl, '[{"body":1,"interface-id":"eni-1"}]');
  const found = async (query: string): Promise<number[]> =>
    (await rig.deliveries(`?${query}`)).map((delivery) => delivery.sequence);
  expect(await found('interface-id=eni-1')).toEqual([1, 2]);
  expect(await found('interface-id=eni-1&since=1')).toEqual([2]);
  expect(await found('interface-id=eni-1&cloud.region=eu-central-1&part=vpc')).toEqual([1]);
  expect(await found('bytes=-9007199254740993')).toEqual([1]);
  expect(await found('packets=4.5')).toEqual([2]);
  expect(await found('tcp=true&interface-id=eni-2')).toEqual([1]);
  expect(await found('tcp=true&interface-id=eni-1')).toEqual([]);
  expect(await found('interface-id=eni-1&interface-id=eni-2')).toEqual([]);
  expect(await found('interface=eni-1')).toEqual([]);
});

test('?follow=1 tells what there is, then each delivery as it ends, also one whose answer was held back beyond later ones', async () => {
  await using rig = await openAdminRig();
  await send(rig, 'a');
  await rig.setFaults([{ kind: 'sink.delay', duration: '1h', nth: 1 }]);
  const response = await fetch(`${rig.url}/deliveries?follow=1`);
  const lines = response.body!.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
  const held = sendHeld(rig);
  let text = '';
  const until = async (count: number): Promise<string[]> => {
    while (linesOf(text).length < count) text += (await lines.next()).value!;
    return linesOf(text).flatMap((delivery) => bodiesOf(delivery));
  };
  expect(await until(1)).toEqual(['a']);
  await held.isHeld;
  await rig.setFaults([]);
  await send(rig, 'b', 'c');
  expect(await until(3)).toEqual(['a', 'b', 'c']);
  await held.release();
  expect(await until(4)).toEqual(['a', 'b', 'c', 'held']);
  expect((await rig.deliveries()).flatMap((delivery) => bodiesOf(delivery))).toEqual(['a', 'held', 'b', 'c']);
  await fetch(`${rig.url}/deliveries`, { method: 'DELETE' });
  await send(rig, 'd');
  expect((await until(5)).at(-1)).toBe('d');
});

test('who follows before anything came is connected at once, and may leave', async () => {
  await using rig = await openAdminRig();
  const leaving = new AbortController();
  const response = await fetch(`${rig.url}/deliveries?follow=1`, { signal: leaving.signal });
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/x-ndjson']);
  leaving.abort();
  await send(rig, 'a');
  expect((await rig.deliveries()).map((delivery) => bodiesOf(delivery))).toEqual([['a']]);
});

test('DELETE forgets what has ended, gives the disk back, and lets the sequence go on', async () => {
  await using rig = await openAdminRig();
  await send(rig, 'x'.repeat(100_000), 'y');
  expect(await rig.archiveBytes()).toBeGreaterThan(100_000);
  const { status } = await fetch(`${rig.url}/deliveries`, { method: 'DELETE' });
  expect([status, await rig.archiveBytes(), await rig.deliveries()]).toEqual([204, 0, []]);
  await send(rig, 'z');
  expect((await rig.deliveries()).map(({ sequence, ...rest }) => [sequence, bodiesOf(rest)])).toEqual([[3, ['z']]]);
});

test('a request that is still open when all is forgotten is told once it has ended', async () => {
  await using rig = await openAdminRig();
  await rig.setFaults([{ kind: 'sink.delay', duration: '1h', nth: 1 }]);
  const held = sendHeld(rig);
  await held.isHeld;
  await fetch(`${rig.url}/deliveries`, { method: 'DELETE' });
  expect(await rig.deliveries()).toEqual([]);
  await held.release();
  expect((await rig.deliveries()).flatMap((delivery) => bodiesOf(delivery))).toEqual(['held']);
});

test('of a partial success only the records that were kept are told', () => {
  const record = (name: string) => ({ body: { stringValue: name } });
  const scopes = (...names: string[]) => [{ logRecords: names.map((name) => record(name)) }];
  const body = { resourceLogs: [{ scopeLogs: scopes('a', 'b') }, { scopeLogs: scopes('c', 'd') }] };
  const decoded = checkBody('otlp-json', Buffer.from(JSON.stringify(body)));
  const told = (rejectedCount: number): string[] => {
    const entry = { kept: true, recordCount: 4, rejectedCount } as ArchiveEntry;
    return bodiesOf(linesOf([...deliveryLine({ entry, decoded })].join(''))[0]!);
  };
  expect([told(0), told(1), told(2), told(3)]).toEqual([['a', 'b', 'c', 'd'], ['a', 'b', 'c'], ['a', 'b'], ['a']]);
});

test('a body of many records is one line', async () => {
  await using rig = await openAdminRig();
  const record = '{"body":{"stringValue":"a flow"}}';
  const count = 50_000;
  const body = `{"resourceLogs":[{"scopeLogs":[{"logRecords":[${Array.from({ length: count }, () => record).join(',')}]}]}]}`;
  const { status } = await post(rig.sink.otlpUrl, body, { 'content-type': 'application/json' });
  expect(status).toBe(200);
  const [delivery] = await rig.deliveries();
  expect(bodiesOf(delivery!)).toHaveLength(count);
});
