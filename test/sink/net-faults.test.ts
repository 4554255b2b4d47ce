import { expect, test } from 'vitest';

import { randomSource } from '../../src/core/random.ts';
import { openNetFaultDesk } from '../../src/sink/net-faults/index.ts';
import { dialProxy, openEgressRig, openTunnel, readToEnd, secure } from './egress-rig.ts';

const host = 'ingest.us.signoz.cloud';

test.for([
  ['expired', 'CERT_HAS_EXPIRED'],
  ['wrong-host', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ['self-signed', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
] as const)('a certificate that is %s has nothing else wrong with it', async ([problem, code]) => {
  await using opened = await openEgressRig({ faults: [{ kind: 'net.tls', problem, nth: 1 }] });
  const { egress } = opened;
  await expect(secure(egress, await openTunnel(egress, `${host}:443`), host)).rejects.toMatchObject({ code });
  (await secure(egress, await openTunnel(egress, `${host}:443`), host)).destroy();
  expect(opened.struck).toEqual(['net.tls']);
  expect(egress.faultsFired()).toEqual({ 'net.tls': 1 });
});

test('a handshake that stalls ends with the fault, by the clock of the rig', async () => {
  await using opened = await openEgressRig({ faults: [{ kind: 'net.tls', problem: 'stalled', forMs: 3_600_000 }] });
  const tunnel = await openTunnel(opened.egress, `${host}:443`);
  tunnel.write('a hello that nobody reads');
  const closed = new Promise((resolve) => tunnel.on('error', () => undefined).once('close', resolve));
  tunnel.resume();
  opened.rig.clock.skipTo(opened.rig.clock.nowMs() + 3_600_000);
  await closed;
  (await secure(opened.egress, await openTunnel(opened.egress, `${host}:443`), host)).destroy();
});

test('a handshake that stalls for ever ends when the client gives up, and no jump of the clock waits for it', async () => {
  await using opened = await openEgressRig({ faults: [{ kind: 'net.tls', problem: 'stalled' }] });
  const tunnel = await openTunnel(opened.egress, `${host}:443`);
  expect([opened.rig.sink.openRequests(), opened.rig.sink.nextDueMs()]).toEqual([0, undefined]);
  tunnel.end();
  expect(await readToEnd(tunnel)).toBe('');
});

test.for([
  ['ENOTFOUND', 'NXDOMAIN'],
  ['EAI_AGAIN', 'SERVFAIL'],
] as const)('a name that cannot be resolved, %s, is a 502 of the proxy', async ([error, rcode]) => {
  await using opened = await openEgressRig({ faults: [{ kind: 'net.dns', error, nth: 1 }] });
  const { egress } = opened;
  const connect = `CONNECT ${host}:443 HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
  const answer = await readToEnd(await dialProxy(egress, connect));
  expect(answer).toMatch(/^HTTP\/1\.1 502 Bad Gateway\r\n/);
  expect(answer).toContain(`\r\nproxy-status: flowrig; error=dns_error; rcode="${rcode}"\r\n`);
  expect(answer).toContain(`\r\n\r\ngetaddrinfo ${error} ${host}\n`);
  (await openTunnel(egress, `${host}:443`)).destroy();
  expect(opened.struck).toEqual(['net.dns']);
});

test('faults of the network strike SigNoz alone, and one connection fails in one way', async () => {
  const faults = [
    { kind: 'net.dns', error: 'ENOTFOUND' },
    { kind: 'net.tls', problem: 'expired' },
  ];
  await using opened = await openEgressRig({ faults });
  await readToEnd(await dialProxy(opened.egress, `CONNECT ${host}:443 HTTP/1.1\r\nHost: ${host}\r\n\r\n`));
  await readToEnd(await dialProxy(opened.egress, 'CONNECT example.com:443 HTTP/1.1\r\nHost: a\r\n\r\n'));
  expect(opened.egress.faultsFired()).toEqual({ 'net.dns': 1, 'net.tls': 0 });
});

test('nth counts the connections to one host, and a share is decided by seed, host and count', () => {
  const decisions = (order: readonly string[], fault: object): string[] => {
    const desk = openNetFaultDesk([{ kind: 'net.dns', error: 'ENOTFOUND', ...fault }], randomSource(3));
    const counts = new Map<string, number>();
    return order.flatMap((name) => {
      counts.set(name, (counts.get(name) ?? 0) + 1);
      return desk.decide(name, 0) ? [`${name} ${counts.get(name)}`] : [];
    });
  };
  expect(decisions(['a', 'b', 'a', 'a', 'b'], { nth: 2 })).toEqual(['a 2', 'b 2']);
  const calls = Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? 'a' : 'b'));
  const struck = decisions(calls, { share: 0.3 });
  expect(decisions(calls.toSorted(), { share: 0.3 }).toSorted()).toEqual(struck.toSorted());
  expect(struck.length).toBeGreaterThan(30);
  expect(struck.length).toBeLessThan(90);
});

test("from and for arm a fault by the run's clock", () => {
  const desk = openNetFaultDesk([{ kind: 'net.tls', problem: 'stalled', fromMs: 1000, forMs: 500 }], randomSource(1));
  expect([999, 1000, 1499, 1500].map((atMs) => desk.decide('a', atMs)?.disarmedMs)).toEqual([
    undefined,
    1500,
    1500,
    undefined,
  ]);
});
