import { createServer } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import { expect, test } from 'vitest';

import { openTestStore } from '../stores/open-test-store.ts';
import { dialProxy, openEgressRig, openTunnel, readToEnd, runNode, secure } from './egress-rig.ts';
import { key } from './rig.ts';

const post = (host: string): string =>
  `POST /logs/json HTTP/1.1\r\nHost: ${host}\r\nsignoz-ingestion-key: ${key}\r\nContent-Length: 14\r\n\r\n[{"body":"a"}]`;

test.for([
  'ingest.us.signoz.cloud',
  'ingest.us2.signoz.cloud',
  'ingest.eu.signoz.cloud',
  'ingest.in2.signoz.cloud',
  'ingest.a-region-to-come.signoz.cloud',
  'INGEST.EU2.SigNoz.Cloud.',
  'ingest.signoz.io',
  'ingest-in.signoz.io',
  'ingest-eu.signoz.io',
])('a tunnel to %s leads to the sink, under a certificate for that host', async (host) => {
  await using opened = await openEgressRig();
  const { egress, rig } = opened;
  const name = host.toLowerCase().replace(/\.$/, '');
  const secured = await secure(egress, await openTunnel(egress, `${host}:443`), name);
  expect(secured.getPeerCertificate().subjectaltname).toBe(`DNS:${name}`);
  secured.write(post(host));
  const [answer] = (await once(secured, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  secured.destroy();
  await rig.sink.idle();
  expect(rig.records.get(1)).toMatchObject([{ body: 'a' }]);
  expect(opened.refused).toEqual([]);
});

test.for([
  ['example.com:443', 'example.com:443'],
  ['signoz.cloud:443', 'signoz.cloud:443'],
  ['api.us.signoz.cloud:443', 'api.us.signoz.cloud:443'],
  ['ingest.us.signoz.cloud:4317', 'ingest.us.signoz.cloud:4317'],
  ['ingest.us.signoz.cloud.example.com:443', 'ingest.us.signoz.cloud.example.com:443'],
  ['amazonaws.com.example.com:443', 'amazonaws.com.example.com:443'],
  ['s3.amazonaws.com:80', 's3.amazonaws.com:80'],
  ['s3.amazonaws.com:443', 's3.amazonaws.com:443'],
  ['169.254.169.254:80', '169.254.169.254:80'],
  ['[2001:DB8::1]:443', '2001:db8::1:443'],
] as const)('a tunnel to %s is refused with a sentence, and recorded', async ([authority, recorded]) => {
  await using opened = await openEgressRig();
  const answer = await readToEnd(await dialProxy(opened.egress, `CONNECT ${authority} HTTP/1.1\r\nHost: x\r\n\r\n`));
  expect(answer).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/);
  expect(answer).toContain(`${recorded} is neither SigNoz nor AWS over HTTPS`);
  expect(opened.refused).toEqual([recorded]);
});

test('a plain request to any host is refused and recorded in the same way', async () => {
  await using opened = await openEgressRig();
  const request = 'POST http://example.com/a?b HTTP/1.1\r\nHost: example.com\r\nContent-Length: 3\r\n\r\nabc';
  const answer = await readToEnd(await dialProxy(opened.egress, request));
  expect(answer).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n[^]*example\.com:80 is neither SigNoz nor AWS over HTTPS/);
  expect(opened.refused).toEqual(['example.com:80']);
});

test('what names no other host is told so, and is no attempt to leave', async () => {
  await using opened = await openEgressRig();
  for (const [request, sentence] of [
    ['GET / HTTP/1.1\r\nHost: a\r\n\r\n', 'This is a proxy for HTTPS'],
    ['GET http://127.0.0.1:1/k HTTP/1.1\r\nHost: a\r\n\r\n', 'This is a proxy for HTTPS'],
    ['CONNECT / HTTP/1.1\r\nHost: a\r\n\r\n', 'CONNECT needs a host and a port'],
    ['CONNECT ingest.us.signoz.cloud:99999 HTTP/1.1\r\nHost: a\r\n\r\n', 'CONNECT needs a host and a port'],
  ] as const) {
    const answer = await readToEnd(await dialProxy(opened.egress, request));
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(answer).toContain(sentence);
  }
  expect(opened.refused).toEqual([]);
});

test("AWS's hosts lead to the store, by path and by virtual host", async () => {
  await using store = await openTestStore();
  await store.createBucket('flow-logs');
  await store.put('flow-logs', 'a//b', Buffer.from('text'));
  await using opened = await openEgressRig({ storeEndpoint: store.address.endpoint });
  const { stdout, stderr } = await runNode(
    opened.egress,
    `for (const url of [
      'https://flow-logs.s3.amazonaws.com/a//b',
      'https://flow-logs.s3.us-east-1.amazonaws.com/a//b',
      'https://flow-logs.s3.dualstack.eu-west-1.amazonaws.com/a//b',
      'https://s3.us-east-1.amazonaws.com/flow-logs/a//b',
      'https://s3.dualstack.eu-west-1.amazonaws.com/flow-logs/a//b',
    ]) console.log(await (await fetch(url)).text());`,
  );
  expect([stdout, stderr]).toEqual(['text\n'.repeat(5), '']);
  expect(opened.refused).toEqual([]);
});

test('an AWS client that goes by the proxy finds the store by its real name', async () => {
  await using store = await openTestStore();
  await store.createBucket('flow-logs');
  await using opened = await openEgressRig({ storeEndpoint: store.address.endpoint });
  const { stdout, stderr } = await runNode(
    opened.egress,
    `import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
     import { Agent } from 'node:https';
     const s3 = new S3Client({ requestHandler: { httpsAgent: new Agent({ proxyEnv: process.env }) } });
     await s3.send(new PutObjectCommand({ Bucket: 'flow-logs', Key: 'k', Body: 'bytes' }));
     const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'flow-logs', Key: 'k' }));
     console.log(await Body.transformToString());`,
    { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
  );
  expect([stdout, stderr]).toEqual(['bytes\n', '']);
});

test('loopback passes through, and a port where nobody listens is a 502', async () => {
  await using opened = await openEgressRig();
  const server = createServer((_request, response) => void response.end('mine')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const tunnel = await openTunnel(opened.egress, `127.0.0.1:${port}`);
  tunnel.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  expect(await readToEnd(tunnel)).toMatch(/mine/);
  await new Promise((resolve) => server.close(resolve));
  const answer = await readToEnd(
    await dialProxy(opened.egress, `CONNECT 127.0.0.1:${port} HTTP/1.1\r\nHost: a\r\n\r\n`),
  );
  expect(answer).toMatch(/^HTTP\/1\.1 502 Bad Gateway\r\n[^]*ECONNREFUSED/);
  expect(opened.refused).toEqual([]);
});

test('a client that speaks HTTP/2 and nothing else is handed to whoever takes it; others speak HTTP/1.1', async () => {
  const http2: string[] = [];
  await using opened = await openEgressRig({
    acceptHttp2(socket) {
      http2.push('came');
      socket.end();
    },
  });
  for (const [protocols, agreed] of [
    [['h2'], 'h2'],
    [['h2', 'http/1.1'], 'http/1.1'],
    [undefined, false],
  ] as const) {
    const host = 'ingest.us.signoz.cloud';
    const secured = await secure(
      opened.egress,
      await openTunnel(opened.egress, `${host}:443`),
      host,
      protocols && [...protocols],
    );
    expect(secured.alpnProtocol).toBe(agreed);
    if (agreed === 'h2') await readToEnd(secured);
    secured.destroy();
  }
  expect(http2).toEqual(['came']);
});

test('OTLP/gRPC is taken under the real name', async () => {
  await using opened = await openEgressRig({ acceptHttp2: (socket) => opened.rig.sink.acceptGrpc(socket) });
  const host = 'ingest.us.signoz.cloud';
  const secured = await secure(opened.egress, await openTunnel(opened.egress, `${host}:443`), host, ['h2']);
  const session = connectHttp2(`https://${host}`, { createConnection: () => secured });
  const call = session.request({
    ':method': 'POST',
    ':path': '/opentelemetry.proto.collector.logs.v1.LogsService/Export',
    'content-type': 'application/grpc',
    te: 'trailers',
    'signoz-ingestion-key': key,
  });
  // A message of no bytes: not compressed, length 0.
  call.end(Buffer.alloc(5));
  call.resume();
  const [trailers] = (await once(call, 'trailers')) as [Record<string, string>];
  expect(trailers['grpc-status']).toBe('0');
  session.destroy();
  await opened.rig.sink.idle();
  expect(opened.rig.deliveries.map(({ path, acknowledgement }) => [path, acknowledgement])).toEqual([
    ['/opentelemetry.proto.collector.logs.v1.LogsService/Export', 'acknowledged'],
  ]);
});

test('a reset of the sink reaches the client as a reset, through TLS', async () => {
  await using opened = await openEgressRig({}, { faults: [{ kind: 'sink.reset' }] });
  const host = 'ingest.us.signoz.cloud';
  const secured = await secure(opened.egress, await openTunnel(opened.egress, `${host}:443`), host);
  secured.write(post(host));
  const [error] = (await once(secured, 'error')) as [NodeJS.ErrnoException];
  expect(error.code).toBe('ECONNRESET');
});

test('garbage, half-open connections and broken handshakes end the connection, and the proxy serves on', async () => {
  await using opened = await openEgressRig();
  const { egress } = opened;
  const garbage = await dialProxy(egress, '\x16\x03\x01 no HTTP\r\n\r\n');
  expect(await readToEnd(garbage)).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
  const silent = await dialProxy(egress, '');
  silent.end();
  expect(await readToEnd(silent)).toBe('');
  const noHandshake = await openTunnel(egress, 'ingest.us.signoz.cloud:443');
  noHandshake.write('GET / HTTP/1.1\r\n\r\n');
  await readToEnd(noHandshake);
  const gone = await openTunnel(egress, 'ingest.us.signoz.cloud:443');
  gone.end();
  await readToEnd(gone);
  const distrusting = await openTunnel(egress, 'ingest.us.signoz.cloud:443');
  await expect(
    secure({ ...egress, authority: { ...egress.authority, certificatePem: '' } }, distrusting, 'x'),
  ).rejects.toThrow();
  const host = 'ingest.us.signoz.cloud';
  (await secure(egress, await openTunnel(egress, `${host}:443`), host)).destroy();
});

test('whoever never says where it wants to go, or never begins its handshake, is cut off by the clock of the rig', async () => {
  await using opened = await openEgressRig();
  const { egress, rig } = opened;
  const silent = await dialProxy(egress, 'CONNECT ingest.us');
  const stalled = await openTunnel(egress, 'ingest.us.signoz.cloud:443');
  rig.clock.skipTo(rig.clock.nowMs() + 60_000);
  expect(await readToEnd(silent)).toBe('');
  expect(await readToEnd(stalled)).toBe('');
});

test("credentials in the proxy's URL are ignored", async () => {
  await using opened = await openEgressRig();
  const { stdout } = await runNode(
    opened.egress,
    `const answer = await fetch('https://ingest.us.signoz.cloud/logs/json', { method: 'POST', body: '[]', headers: { 'signoz-ingestion-key': '${key}' } });
     console.log(answer.status);`,
    { HTTPS_PROXY: opened.egress.proxyUrl.replace('http://', 'http://user:secret@') },
  );
  expect(stdout).toBe('200\n');
});
