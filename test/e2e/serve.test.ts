// `flowrig serve` as a supervisor or a test starts it: a process of its own.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Client, credentials, type ChannelCredentials } from '@grpc/grpc-js';
import { Agent, fetch as fetchOver, ProxyAgent } from 'undici';
import { expect, test } from 'vitest';

import { openScope } from '../../src/core/scope.ts';
import { openArchive } from '../../src/sink/archive.ts';
import { testFolder } from '../cli/test-host.ts';
import { isListening, startFlowrig, until, type RigProcess } from './rig-process.ts';

interface Ready {
  readonly sink?: string;
  readonly otlp?: string;
  readonly grpc?: string;
  readonly s3?: string;
  readonly admin?: string;
  readonly proxy?: string;
  readonly caFile?: string;
}

/** Starts it and waits for its line. */
async function startServe(cwd: string, ...argv: string[]): Promise<{ rig: RigProcess; ready: Ready }> {
  const rig = startFlowrig(cwd, ['serve', ...argv, '--ready-json']);
  const gone = rig.ended.then(({ stderr }) => {
    throw new Error(`It ended before it was ready: ${stderr}`);
  });
  const text = await Promise.race([gone, until('it is ready', () => /^(.*)\n/.exec(rig.stdout())?.[1])]);
  return { rig, ready: JSON.parse(text) as Ready };
}

async function send(url: string, body: string, key = 'some-key-0123'): Promise<number> {
  const response = await fetch(url, { method: 'POST', body, headers: { 'signoz-ingestion-key': key } });
  return response.status;
}

async function deliveriesOf(ready: Ready): Promise<{ sequence: number; path: string }[]> {
  const text = await (await fetch(`${ready.admin}/deliveries`)).text();
  const lines = text.split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as { sequence: number; path: string });
}

async function sequencesOf(ready: Ready): Promise<number[]> {
  return (await deliveriesOf(ready)).map(({ sequence }) => sequence);
}

/** A client of OTLP/gRPC that sends bytes as they are. */
function grpcClient(
  host: string,
  how: ChannelCredentials,
): Disposable & { exportLogs(message: Uint8Array): Promise<void> } {
  const client = new Client(host, how, { 'grpc.ssl_target_name_override': 'localhost' });
  const asIs = (bytes: Buffer): Buffer => bytes;
  return {
    exportLogs: (message) =>
      new Promise((resolve, reject) => {
        const path = '/opentelemetry.proto.collector.logs.v1.LogsService/Export';
        client.makeUnaryRequest(path, asIs, asIs, Buffer.from(message), (error) => (error ? reject(error) : resolve()));
      }),
    [Symbol.dispose]: () => client.close(),
  };
}

const url = expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/);

test('serve opens the cloud sink and its admin API, says where on one line, and ends with 0 at SIGTERM with nothing left', async () => {
  await using folder = testFolder();
  const temporary = mkdtempSync(join(tmpdir(), 'flowrig-test-'));
  await using rig = startFlowrig(folder.path, ['serve', '--ready-json'], { env: { TMPDIR: temporary } });
  const line = await until('it is ready', () => /^(.*)\n/.exec(rig.stdout())?.[1]);
  const ready = JSON.parse(line) as Ready;
  expect(ready).toEqual({ sink: url, otlp: ready.sink, grpc: url, admin: url });
  expect(await send(`${ready.sink}/logs/json`, '[{"body":"a"}]')).toBe(200);
  expect(await send(`${ready.otlp}/v1/logs`, '{}')).toBe(415);
  expect(await sequencesOf(ready)).toEqual([1, 2]);
  expect(readdirSync(temporary)).toEqual([expect.stringMatching(/^flowrig-serve-/)]);
  rig.signal('SIGTERM');
  const { exitCode, stdout, stderr } = await rig.ended;
  expect([exitCode, stdout, stderr]).toEqual([0, `${line}\n`, '']);
  expect(await Promise.all([ready.sink, ready.grpc, ready.admin].map((address) => isListening(address!)))).toEqual([
    false,
    false,
    false,
  ]);
  expect(readdirSync(temporary)).toEqual([]);
  rmSync(temporary, { recursive: true });
});

test('Ctrl-C is how it ends, also while a request is open and a client follows', async () => {
  await using folder = testFolder();
  const { rig, ready } = await startServe(folder.path);
  await using _ = rig;
  const faults = [{ kind: 'sink.delay', duration: '1h' }];
  await fetch(`${ready.admin}/faults`, { method: 'PUT', body: JSON.stringify(faults) });
  const lost = expect(send(`${ready.sink}/logs/json`, '[{"body":"a"}]')).rejects.toThrow('fetch failed');
  const following = await fetch(`${ready.admin}/deliveries?follow=1`);
  await until('the answer is held back', async () =>
    (await (await fetch(`${ready.admin}/metrics`)).text()).includes('fired_total{kind="sink.delay"} 1'),
  );
  rig.signal('SIGINT');
  expect((await rig.ended).exitCode).toBe(0);
  await lost;
  await expect(following.text()).rejects.toThrow('terminated');
});

test('selfhost has a port for each receiver', async () => {
  await using folder = testFolder();
  const { rig, ready } = await startServe(folder.path, 'sink', '--edition', 'selfhost');
  await using _ = rig;
  expect(ready).toEqual({ sink: url, otlp: url, grpc: url, admin: url });
  expect(new Set(Object.values(ready)).size).toBe(4);
  expect(await send(`${ready.sink}/`, '[{"body":"a"}]')).toBe(200);
  expect(await send(`${ready.otlp}/`, '{}')).toBe(404);
});

test('all opens the S3 as well, and a proxy under whose real names both are reached; s3 opens only that', async () => {
  await using folder = testFolder();
  const { rig, ready } = await startServe(folder.path, 'all');
  await using _ = rig;
  expect(ready).toEqual({
    sink: url,
    otlp: url,
    grpc: url,
    s3: url,
    admin: url,
    proxy: url,
    caFile: expect.any(String),
  });
  const ca = readFileSync(ready.caFile!, 'utf8');
  await using scope = openScope();
  const proxy = new ProxyAgent({ uri: ready.proxy!, requestTls: { ca } });
  scope.defer(() => proxy.destroy());
  const through = async (target: string, init: object): Promise<number> =>
    (await fetchOver(target, { ...init, dispatcher: proxy })).status;
  const headers = { 'signoz-ingestion-key': 'some-key-0123' };
  const post = { method: 'POST', body: '[{"body":"a"}]', headers };
  expect(await through('https://ingest.us.signoz.cloud/logs/json', post)).toBe(200);
  expect(await through('https://my-logs.s3.us-east-1.amazonaws.com/', { method: 'PUT' })).toBe(200);
  await expect(through('https://example.com/', {})).rejects.toThrow('fetch failed');
  await until(
    'it is told what was refused',
    () => rig.stderr() === 'A client wanted example.com:443; the proxy lets nothing out.\n',
  );
  expect(await sequencesOf(ready)).toEqual([1]);
  expect((await fetch(`${ready.s3}/some-bucket`, { method: 'PUT' })).status).toBe(200);
  expect((await fetch(`${ready.s3}/some-bucket/a/key`, { method: 'PUT', body: 'text' })).status).toBe(200);
  expect(await (await fetch(`${ready.s3}/some-bucket/a/key`)).text()).toBe('text');
  const { rig: other, ready: alone } = await startServe(folder.path, 's3');
  await using _other = other;
  expect(alone).toEqual({ s3: url });
});

test('--tls speaks TLS on every port of the sink, with a certificate of the authority whose file it names', async () => {
  await using folder = testFolder();
  const { rig, ready } = await startServe(folder.path, '--tls', '--edition', 'selfhost');
  await using _ = rig;
  const secure = expect.stringMatching(/^https:\/\/127\.0\.0\.1:\d+$/);
  expect(ready).toEqual({
    sink: secure,
    otlp: secure,
    grpc: secure,
    admin: url,
    proxy: url,
    caFile: expect.any(String),
  });
  const ca = readFileSync(ready.caFile!);
  await using scope = openScope();
  const trusting = new Agent({ connect: { ca } });
  scope.defer(() => trusting.destroy());
  const statusOf = async (target: string, body: string, type: string): Promise<number> =>
    (await fetchOver(target, { method: 'POST', body, headers: { 'content-type': type }, dispatcher: trusting })).status;
  expect(await statusOf(`${ready.sink}/`, '[{"body":"a"}]', 'text/plain')).toBe(200);
  expect(await statusOf(`${ready.otlp}/v1/logs`, '{"resourceLogs":[]}', 'application/json')).toBe(200);
  await expect(send(`${ready.sink}/`, '[]')).rejects.toThrow('fetch failed');
  const { host } = new URL(ready.grpc!);
  using client = grpcClient(host, credentials.createSsl(ca));
  await client.exportLogs(new Uint8Array(0));
  const paths = (await deliveriesOf(ready)).map(({ path }) => path);
  expect(paths).toEqual(['/', '/v1/logs', '/opentelemetry.proto.collector.logs.v1.LogsService/Export']);
});

test('keys that are given are the only ones', async () => {
  await using folder = testFolder();
  const { rig, ready } = await startServe(folder.path, '--key', 'a', '--key', 'b');
  await using _ = rig;
  const statuses = await Promise.all(
    ['a', 'b', 'some-key-0123'].map((key) => send(`${ready.sink}/logs/json`, '[]', key)),
  );
  expect(statuses).toEqual([200, 200, 404]);
});

test('--data keeps the archive, readable also when the process was killed; a later start has one of its own', async () => {
  await using folder = testFolder();
  const { rig, ready } = await startServe(folder.path, '--data', 'kept');
  await using _ = rig;
  for (const body of ['a', 'b', 'c'])
    expect(await send(`${ready.sink}/logs/json`, JSON.stringify([{ body }]))).toBe(200);
  rig.signal('SIGKILL');
  expect((await rig.ended).signal).toBe('SIGKILL');
  const archive = await openArchive(join(folder.path, 'kept/archive'));
  const counts = await Promise.all([1, 2, 3].map((sequence) => archive.visit(sequence, () => undefined)));
  expect([archive.complete, counts]).toEqual([true, Array.from({ length: 3 }, () => ({ recordCount: 1 }))]);
  const { rig: second, ready: again } = await startServe(folder.path, '--data', 'kept');
  await using _second = second;
  expect(await send(`${again.sink}/logs/json`, '[]')).toBe(200);
  second.signal('SIGTERM');
  await second.ended;
  expect((await openArchive(join(folder.path, 'kept/archive-2'))).deliveries).toHaveLength(1);
});

test('without --ready-json it says in words what listens where', async () => {
  await using folder = testFolder();
  await using rig = startFlowrig(folder.path, ['serve', 'all', '--edition', 'selfhost', '--data', 'kept']);
  const text = await until('it is ready', () => /^[^]*Ctrl-C ends it\.\n/.exec(rig.stdout())?.[0]);
  const address = String.raw`http://127\.0\.0\.1:\d+`;
  expect(text).toMatch(
    new RegExp(
      String.raw`^SigNoz \(selfhost\) +${address}\nOTLP/HTTP +${address}\nOTLP/gRPC +${address}\nS3 +${address}\nadmin API +${address}\nHTTPS_PROXY +${address}\nits authority +${folder.path}/kept/ca\.pem\nkept in +${folder.path}/kept\n`,
    ),
  );
});

test('a port that is taken ends it with 4 and a sentence, and leaves nothing', async () => {
  await using folder = testFolder();
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };
  for (const option of ['--port', '--grpc-port', '--admin-port']) {
    const told = await folder.flowrig('serve', option, String(port));
    expect([option, told.exitCode, told.stdout]).toEqual([option, 4, '']);
    expect(told.stderr).toContain(`127.0.0.1:${port}`);
  }
  const s3 = await folder.flowrig('serve', 's3', '--s3-port', String(port));
  expect([s3.exitCode, s3.stderr.trim()]).toEqual([
    4,
    `The embedded S3 could not listen on 127.0.0.1:${port}. Choose another port, or 0 for any free one.`,
  ]);
  taken.close();
});

test('words that it does not know end it with 3 and the nearest right one', async () => {
  await using folder = testFolder();
  const told = async (...argv: string[]) => {
    const { exitCode, stderr } = await folder.flowrig('serve', ...argv);
    return [exitCode, stderr.trim()];
  };
  expect(await told('sinc')).toEqual([3, '"sinc" is not a known part. Did you mean "sink"?']);
  expect(await told('--edition', 'cluod')).toEqual([
    3,
    '--edition: "cluod" is not a known edition. Did you mean "cloud"?',
  ]);
  expect(await told('--port', '70000')).toEqual([
    3,
    '70000 is no port: a whole number up to 65535, or 0 for any free one.',
  ]);
  expect(existsSync(join(folder.path, 'archive'))).toBe(false);
});
