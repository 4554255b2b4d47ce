// Faults switched while the sink runs.

import { expect, test } from 'vitest';

import { openAdminRig, type AdminRig } from './admin-rig.ts';
import { post } from './rig.ts';

const line = (srcaddr: string): string =>
  `2 123456789010 eni-1235b8ca123456789 ${srcaddr} 172.31.16.21 20641 443 6 20 4249 1418530010 1418530070 ACCEPT OK`;

async function statusOf(rig: AdminRig, srcaddr = '172.31.16.139'): Promise<number> {
  return (await post(rig.sink.jsonUrl, JSON.stringify([{ body: line(srcaddr) }]))).status;
}

async function faultsOf(rig: AdminRig): Promise<unknown> {
  return (await fetch(`${rig.url}/faults`)).json();
}

test('faults are set in the words of a scenario, shown with how often each struck, and taken away', async () => {
  await using rig = await openAdminRig();
  expect(await faultsOf(rig)).toEqual([]);
  const faults = [
    { kind: 'sink.status', code: 429, retryAfter: '2s', nth: 1 },
    { kind: 'sink.status', code: 503, nth: 2 },
  ];
  const response = await rig.setFaults(faults);
  expect([response.status, await response.json()]).toEqual([200, faults.map((fault) => ({ ...fault, fired: 0 }))]);
  expect([await statusOf(rig), await statusOf(rig), await statusOf(rig)]).toEqual([429, 503, 200]);
  expect(await faultsOf(rig)).toEqual(faults.map((fault) => ({ ...fault, fired: 1 })));
  expect((await fetch(`${rig.url}/faults`, { method: 'DELETE' })).status).toBe(204);
  expect(await faultsOf(rig)).toEqual([]);
  expect(await statusOf(rig, '10.0.0.1')).toBe(200);
});

test('setting faults begins anew: the same request is seen for the first time again, and what GET showed can be put back', async () => {
  await using rig = await openAdminRig();
  await rig.setFaults([{ kind: 'sink.status', code: 429, nth: 1 }]);
  expect([await statusOf(rig), await statusOf(rig)]).toEqual([429, 200]);
  const again = await rig.setFaults(await faultsOf(rig));
  expect(await again.json()).toEqual([{ kind: 'sink.status', code: 429, nth: 1, fired: 0 }]);
  expect([await statusOf(rig), await statusOf(rig)]).toEqual([429, 200]);
});

test('from and for of a fault count from the request that set it', async () => {
  await using rig = await openAdminRig();
  rig.clock.skipTo(rig.clock.nowMs() + 3_600_000);
  await rig.setFaults([{ kind: 'sink.status', code: 503, from: '10m', for: '10m' }]);
  expect(await statusOf(rig)).toBe(200);
  rig.clock.skipTo(rig.clock.nowMs() + 600_000);
  expect(await statusOf(rig)).toBe(503);
  rig.clock.skipTo(rig.clock.nowMs() + 600_000);
  expect(await statusOf(rig)).toBe(200);
});

test('a condition picks requests by their records', async () => {
  await using rig = await openAdminRig();
  await rig.setFaults([{ kind: 'sink.status', code: 500, match: 'srcaddr = 10.0.0.1' }]);
  expect([await statusOf(rig, '10.0.0.2'), await statusOf(rig, '10.0.0.1')]).toEqual([200, 500]);
});

test('every mistake is told with its place and the nearest right word, and leaves the faults that are at work', async () => {
  await using rig = await openAdminRig();
  await rig.setFaults([{ kind: 'sink.status', code: 429 }]);
  const response = await rig.setFaults([
    { kind: 'sink.statsu', code: 429 },
    { kind: 'sink.status', code: 42 },
    { kind: 'sink.delay', duration: '5', nht: 1 },
    { kind: 'sink.status', code: 500, match: 'dtsport = 443' },
    'sink.status',
    { kind: 'net.tls', problem: 'expired' },
  ]);
  expect(response.status).toBe(400);
  const { message, problems } = (await response.json()) as {
    message: string;
    problems: { place: string; message: string }[];
  };
  expect(message).toBe('There are 7 mistakes in the faults. Those that were at work still are.');
  expect(problems.map(({ place, message: text }) => `${place}: ${text}`).toSorted()).toEqual([
    'faults.0.kind: "sink.statsu" is not a known kind of fault. Did you mean "sink.status"?',
    'faults.1.code: faults.code: 42 must be >= 200. Example: 429.',
    'faults.2.duration: faults.duration: "5" is not a duration. Write it like 250ms, 5s, 2m.',
    'faults.2.nht: "nht" is not a known key. Did you mean "nth"?',
    expect.stringMatching(/^faults\.3\.match: .*Did you mean "dstport"\?$/),
    'faults.4: A fault must be a mapping with a kind, not "sink.status".',
    expect.stringMatching(/^faults\.5\.kind: "net\.tls" is not a known fault of the sink\. /),
  ]);
  expect(await statusOf(rig)).toBe(429);
});

test('a body that is no list, or no JSON, is refused with a sentence', async () => {
  await using rig = await openAdminRig();
  const put = async (body: string): Promise<unknown[]> => {
    const response = await fetch(`${rig.url}/faults`, { method: 'PUT', body });
    return [response.status, ((await response.json()) as { message: string }).message];
  };
  expect(await put('{"kind":"sink.status"}')).toEqual([
    400,
    'There is a mistake in the faults. Those that were at work still are.',
  ]);
  expect(await put('')).toEqual([400, 'There is a mistake in the faults. Those that were at work still are.']);
  expect(await put('[{')).toEqual([400, expect.stringMatching(/^The body is not JSON: /)]);
});
