import { gzipSync } from 'node:zlib';
import { connect } from 'node:net';
import { expect, test } from 'vitest';

import { FlowrigError } from '../../src/core/errors.ts';
import { key, openSinkRig, post, sendRaw } from './rig.ts';
import { until } from '../until.ts';

const protobufRecord = Buffer.from('Cg0SCxIJKgcKBWhlbGxv', 'base64');
const protobuf = { 'content-type': 'application/x-protobuf' };
const json = { 'content-type': 'application/json' };
const otlpRecord = '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"hello"}}]}]}]}';
const flatRecord = '[{"message":"hello","srcport":443,"action":"ACCEPT"}]';

test('the cloud edition takes both routes on one port, which the URLs name completely', async () => {
  await using rig = await openSinkRig();
  const { sink } = rig;
  expect({ json: sink.jsonUrl, otlp: sink.otlpUrl }).toEqual({
    json: `${sink.url}/logs/json`,
    otlp: `${sink.url}/v1/logs`,
  });
  const answers = [
    await post(sink.jsonUrl, flatRecord),
    await post(sink.otlpUrl, protobufRecord, protobuf),
    await post(sink.otlpUrl, otlpRecord, json),
  ];
  await sink.idle();
  expect(answers.map(({ status, headers, body }) => [status, headers['content-type'], body.toString()])).toEqual([
    [200, undefined, ''],
    [200, 'application/x-protobuf', '\n\0'],
    [200, 'application/json', '{"partialSuccess":{}}'],
  ]);
  const bare = { resource: [], scope: [], attributes: [], body: 'hello', timestampMs: undefined };
  const flat = [
    { key: 'srcport', value: 443 },
    { key: 'action', value: 'ACCEPT' },
  ];
  expect([...rig.records]).toEqual([
    [1, [{ ...bare, attributes: flat }]],
    [2, [bare]],
    [3, [bare]],
  ]);
  expect(sink.counts()).toEqual({
    requests: 3,
    accepted: 3,
    refused: 0,
    replyLost: 0,
    bytesReceived: flatRecord.length + protobufRecord.length + otlpRecord.length,
    statusCounts: { 200: 3 },
  });
});

test('the self-hosted edition has the JSON receiver at / and OTLP on another port, closes after each JSON answer, and wants no key', async () => {
  await using rig = await openSinkRig({ edition: 'selfhost' });
  const { sink } = rig;
  expect(sink.jsonUrl).toBe(`${sink.url}/`);
  expect(new URL(sink.otlpUrl).port).not.toBe(new URL(sink.url).port);
  const noKey = { 'signoz-ingestion-key': '' };
  const answers = [
    await post(sink.jsonUrl, flatRecord, noKey),
    await post(sink.otlpUrl, protobufRecord, { ...noKey, ...protobuf }),
    await post(`${sink.url}/logs/json`, flatRecord, noKey),
  ];
  expect(answers.map(({ status, headers }) => [status, headers['connection']])).toEqual([
    [200, 'close'],
    [200, undefined],
    [404, 'close'],
  ]);
});

test('a slash behind the path is a 404 in the cloud, unless the switch lets it through', async () => {
  await using refusing = await openSinkRig();
  await using accepting = await openSinkRig({ trailingSlash: 'accept' });
  const refused = await post(`${refusing.sink.jsonUrl}/`, flatRecord);
  expect([refused.status, refused.body.toString()]).toEqual([404, '{"code":5,"message":"/logs/json/ path not found"}']);
  expect((await post(`${refusing.sink.otlpUrl}/`, protobufRecord, protobuf)).status).toBe(404);
  expect((await post(`${accepting.sink.jsonUrl}/`, flatRecord)).status).toBe(200);
  expect((await post(`${accepting.sink.otlpUrl}/`, protobufRecord, protobuf)).status).toBe(200);
  await accepting.sink.idle();
  expect([...accepting.records.values()].map((records) => records.length)).toEqual([1, 1]);
});

test('keys: the set one passes in every header that SigNoz reads, another is unknown, none or a broken one is unauthorized', async () => {
  await using rig = await openSinkRig({ key: 'k' });
  const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
  const send = async (headers: Record<string, string>): Promise<number> =>
    (await post(rig.sink.jsonUrl, flatRecord, { 'signoz-ingestion-key': '', ...headers })).status;
  expect(await send({ 'signoz-ingestion-key': 'k' })).toBe(200);
  expect(await send({ 'signoz-access-token': 'k' })).toBe(200);
  expect(await send({ 'signoz-access-token': 'Bearer k' })).toBe(200);
  expect(await send({ authorization: 'Bearer k' })).toBe(200);
  expect(await send({ authorization: basic('k:') })).toBe(200);
  expect(await send({ authorization: basic('user:k') })).toBe(200);
  expect(await send({})).toBe(401);
  expect(await send({ 'signoz-ingestion-key': '<your key>' })).toBe(401);
  expect(await send({ 'signoz-ingestion-key': 'another-well-formed-key' })).toBe(404);
  const otlp = await post(rig.sink.otlpUrl, otlpRecord, { ...json, 'signoz-ingestion-key': '' });
  expect([otlp.status, otlp.body.toString()]).toEqual([401, '{"code":16, "message":"missing ingestion key"}']);
  await using open = await openSinkRig({ key: undefined } as object);
  expect((await post(open.sink.jsonUrl, flatRecord, { 'signoz-ingestion-key': 'any-well-formed-key' })).status).toBe(
    200,
  );
  expect((await post(open.sink.jsonUrl, flatRecord, { 'signoz-ingestion-key': 'short' })).status).toBe(401);
});

test('a sink that takes any key takes a placeholder too, and still asks for one', async () => {
  await using rig = await openSinkRig({ takesAnyKey: true });
  expect((await post(rig.sink.jsonUrl, flatRecord, { 'signoz-ingestion-key': '<your key>' })).status).toBe(200);
  expect((await post(rig.sink.jsonUrl, flatRecord, { 'signoz-ingestion-key': '' })).status).toBe(401);
});

test('bodies over the limit are told so after they were read: 413 in the cloud, 400 in the self-hosted edition', async () => {
  await using cloud = await openSinkRig();
  await using selfhost = await openSinkRig({ edition: 'selfhost' });
  const spaces = (sizeBytes: number): Buffer => Buffer.concat([Buffer.alloc(sizeBytes - 2, ' '), Buffer.from('[]')]);
  expect((await post(cloud.sink.jsonUrl, spaces(16_000_000))).status).toBe(200);
  const over = await post(cloud.sink.jsonUrl, spaces(16_000_001));
  expect([over.status, over.headers['content-type']]).toEqual([413, 'text/html']);
  expect((await post(selfhost.sink.jsonUrl, spaces(20 * 1024 * 1024))).status).toBe(200);
  const refused = await post(selfhost.sink.jsonUrl, spaces(20 * 1024 * 1024 + 1));
  expect([refused.status, refused.body.toString()]).toEqual([400, 'http: request body too large\n']);
  const bomb = gzipSync(Buffer.alloc(20 * 1024 * 1024 + 1, ' '));
  const inflated = await post(cloud.sink.otlpUrl, bomb, { ...json, 'content-encoding': 'gzip' });
  expect([inflated.status, inflated.body.toString()]).toEqual([
    400,
    '{"code":3, "message":"http: request body too large"}',
  ]);
  await cloud.sink.idle();
  expect(cloud.deliveries.map(({ statusCode, sizeBytes }) => [statusCode, sizeBytes])).toEqual([
    [200, 16_000_000],
    [413, 16_000_001],
    [400, bomb.length],
  ]);
});

test('a compressed body is opened, several gzip members are one, and unknown encodings are refused by name', async () => {
  await using rig = await openSinkRig();
  const half = gzipSync(flatRecord.slice(0, 17));
  const members = Buffer.concat([half, gzipSync(flatRecord.slice(17))]);
  const send = async (body: Uint8Array, encoding: string): Promise<[number, string]> => {
    const answer = await post(rig.sink.jsonUrl, body, { 'content-encoding': encoding });
    return [answer.status, answer.body.toString()];
  };
  expect(await send(members, 'gzip')).toEqual([200, '']);
  expect(await send(half, 'gzip')).toEqual([
    400,
    'error unmarshalling data:json: string unexpected end of JSON input\n',
  ]);
  expect(await send(half.subarray(0, -3), 'gzip')).toEqual([400, 'unexpected EOF\n']);
  expect(await send(members, 'br')).toEqual([400, 'unsupported Content-Encoding: br\n']);
  await rig.sink.idle();
  expect(rig.deliveries.map(({ kept, recordCount, decodeError }) => ({ kept, recordCount, decodeError }))).toEqual([
    { kept: true, recordCount: 1, decodeError: undefined },
    { kept: false, recordCount: 0, decodeError: 'error unmarshalling data:json: string unexpected end of JSON input' },
    { kept: false, recordCount: 0, decodeError: 'unexpected EOF' },
    { kept: false, recordCount: 0, decodeError: 'unsupported Content-Encoding: br' },
  ]);
});

test('one bad record refuses its whole request: nothing of it is handed on', async () => {
  await using rig = await openSinkRig();
  const answer = await post(rig.sink.jsonUrl, '[{"body":"fine"},{"timestamp":"2026-01-01T00:00:00Z"}]');
  await rig.sink.idle();
  expect([answer.status, answer.body.toString()]).toEqual([
    400,
    'timestamp must be a uint64 nanoseconds since Unix epoch\n',
  ]);
  expect(rig.records.size).toBe(0);
});

test('a request whose body never ended counts nowhere', async () => {
  await using rig = await openSinkRig();
  const { hostname, port } = new URL(rig.sink.url);
  const socket = connect(Number(port), hostname);
  const head = `POST /logs/json HTTP/1.1\r\nHost: x\r\nsignoz-ingestion-key: ${key}\r\nContent-Length: 100\r\n\r\n[{`;
  await new Promise<void>((resolve) => socket.write(head, () => resolve()));
  await until(() => rig.sink.openRequests() === 1);
  socket.destroy();
  await until(() => rig.sink.openRequests() === 0);
  await post(rig.sink.jsonUrl, flatRecord);
  await rig.sink.idle();
  expect(rig.sink.counts().requests).toBe(1);
  expect(rig.deliveries.map((delivery) => delivery.sequence)).toEqual([1]);
});

test('a request that stopped moving is no longer open after 50 ms of the machine, and goes on when it moves again', async () => {
  await using rig = await openSinkRig();
  const { hostname, port } = new URL(rig.sink.url);
  const socket = connect(Number(port), hostname);
  const rest = '{}]';
  socket.write(`POST /logs/json HTTP/1.1\r\nHost: x\r\nsignoz-ingestion-key: ${key}\r\nContent-Length: 4\r\n\r\n[`);
  await until(() => rig.sink.openRequests() === 1);
  await until(() => rig.sink.openRequests() === 0);
  socket.write(rest);
  const answer = await new Promise<string>((resolve) => socket.once('data', (piece) => resolve(piece.toString())));
  expect(answer.split('\r\n')[0]).toBe('HTTP/1.1 200 OK');
  socket.destroy();
});

test('methods and types: only POST is taken, and each receiver says so in its own way', async () => {
  await using rig = await openSinkRig();
  const head = (method: string, path: string): Buffer =>
    Buffer.from(`${method} ${path} HTTP/1.1\r\nHost: x\r\nsignoz-ingestion-key: ${key}\r\nContent-Length: 0\r\n\r\n`);
  for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND']) {
    const flat = await sendRaw(rig.sink.url, head(method, '/logs/json'));
    const otlp = await sendRaw(rig.sink.url, head(method, '/v1/logs'));
    expect([flat.status, flat.body.toString()]).toEqual([200, '']);
    expect([otlp.status, otlp.body.toString()]).toEqual([405, '405 method not allowed, supported: [POST]']);
  }
  const typed = await post(rig.sink.otlpUrl, otlpRecord, { 'content-type': 'text/plain' });
  expect([typed.status, typed.body.toString()]).toEqual([
    415,
    '415 unsupported media type, supported: [application/json, application/x-protobuf]',
  ]);
  await rig.sink.idle();
  expect(rig.records.size).toBe(0);
  expect(rig.deliveries.filter((delivery) => delivery.kept)).toEqual([]);
});

test('empty requests are taken: no records, but an answered delivery', async () => {
  await using rig = await openSinkRig();
  const statuses = [
    await post(rig.sink.jsonUrl, '[]'),
    await post(rig.sink.otlpUrl, '', protobuf),
    await post(rig.sink.otlpUrl, '{}', json),
    await post(rig.sink.otlpUrl, '', json),
  ].map((answer) => answer.status);
  await rig.sink.idle();
  expect(statuses).toEqual([200, 200, 200, 400]);
  expect(rig.deliveries.map(({ kept, recordCount }) => [kept, recordCount])).toEqual([
    [true, 0],
    [true, 0],
    [true, 0],
    [false, 0],
  ]);
});

test('a taken port and a used archive folder are errors that say what to do', async () => {
  await using rig = await openSinkRig();
  const port = Number(new URL(rig.sink.url).port);
  await expect(openSinkRig({ port })).rejects.toThrow(
    new FlowrigError(
      'port-taken',
      `The sink cannot listen on 127.0.0.1:${port} (EADDRINUSE). Choose another port, or 0 for any free one.`,
    ),
  );
  await expect(openSinkRig({ folder: rig.folder })).rejects.toThrow(
    new FlowrigError(
      'folder-not-empty',
      `The archive folder ${rig.folder} holds an archive already. Give another folder, or remove it.`,
    ),
  );
});

test('closing does not wait for connections that are kept alive', async () => {
  const rig = await openSinkRig();
  const { hostname, port } = new URL(rig.sink.url);
  const socket = connect(Number(port), hostname);
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await rig[Symbol.asyncDispose]();
  await closed;
});
