import { Client, credentials, Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';

import { openArchive } from '../../src/sink/archive.ts';
import { encodeOtlp } from './otlp-encoder.ts';
import { key, openSinkRig } from './rig.ts';
import { seenRecord, type SeenRecord } from './seen-record.ts';
import { until } from '../until.ts';

const exportPath = '/opentelemetry.proto.collector.logs.v1.LogsService/Export';
const records = [
  { body: 'hello', attributes: [] },
  { body: 'again', attributes: [] },
];
const logs = Buffer.from(encodeOtlp([{ attributes: [], scopes: [{ attributes: [], records }] }]));
const gzip = { 'grpc.default_compression_algorithm': 2 };

interface Call {
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly deadlineMs?: number;
  readonly channel?: Readonly<Record<string, number>>;
}

type Reply = { code: number; details: string; retryInfo?: string; trailers: Metadata } | { message: string };

/** One call by a client of its own: the message in base64, or the status. */
async function exportLogs(url: string, message: Buffer, call: Call = {}): Promise<Reply> {
  const client = new Client(new URL(url).host, credentials.createInsecure(), call.channel ?? {});
  const metadata = new Metadata();
  for (const [name, value] of Object.entries({ 'signoz-ingestion-key': key, ...call.headers }))
    metadata.set(name, value);
  const options = call.deadlineMs === undefined ? {} : { deadline: Date.now() + call.deadlineMs };
  const asIs = (bytes: Buffer): Buffer => bytes;
  try {
    return await new Promise((resolve) => {
      const path = call.path ?? exportPath;
      client.makeUnaryRequest(path, asIs, asIs, message, metadata, options, (error, reply) => {
        resolve(error ? statusOf(error) : { message: reply!.toString('base64') });
      });
    });
  } finally {
    client.close();
  }
}

function statusOf({ code, details, metadata }: ServiceError): Reply {
  const [info] = metadata.get('grpc-status-details-bin');
  return { code, details, trailers: metadata, ...(info ? { retryInfo: info.toString('base64') } : {}) };
}

test('OTLP/gRPC is taken in both editions, plain and gzip, and read again from the archive', async () => {
  for (const edition of ['cloud', 'selfhost'] as const) {
    await using rig = await openSinkRig({ edition });
    const replies = [
      await exportLogs(rig.sink.grpcUrl, logs),
      await exportLogs(rig.sink.grpcUrl, logs, { channel: gzip }),
      await exportLogs(rig.sink.grpcUrl, Buffer.alloc(0)),
    ];
    await rig.sink.idle();
    expect(replies).toEqual(Array.from({ length: 3 }, () => ({ message: 'CgA=' })));
    expect(rig.deliveries[1]).toMatchObject({
      acknowledgement: 'acknowledged',
      kept: true,
      statusCode: 200,
      method: 'POST',
      path: exportPath,
      recordCount: 2,
      sizeBytes: logs.length,
    });
    expect(rig.deliveries[1]!.headers['content-type']).toBe('application/grpc');
    expect(rig.records.get(1)!.map(({ body }) => body)).toEqual(['hello', 'again']);
    const archive = await openArchive(rig.folder);
    const seen: SeenRecord[] = [];
    await archive.visit(2, (view) => void seen.push(seenRecord(view)));
    expect(seen).toEqual(rig.records.get(2));
  }
});

// Recorded from the collector's otlp receiver v0.144.0 over gRPC, with `max_recv_msg_size_mib: 16`.
test('what the collector refuses over gRPC is refused with its status and text', async () => {
  await using rig = await openSinkRig({ edition: 'selfhost' });
  const limit = 16 * 1024 * 1024;
  const refuse = (message: Buffer, call?: Call): Promise<Reply> => exportLogs(rig.sink.grpcUrl, message, call);
  expect([
    await refuse(Buffer.from([0xff, 0xff])),
    await refuse(Buffer.from('hello')),
    await refuse(Buffer.alloc(limit + 1)),
    await refuse(Buffer.alloc(limit + 1), { channel: gzip }),
  ]).toMatchObject([
    { code: status.INTERNAL, details: 'grpc: error unmarshalling request: unexpected EOF' },
    { code: status.INTERNAL, details: 'grpc: error unmarshalling request: proto: unexpected end of group' },
    { code: status.RESOURCE_EXHAUSTED, details: `grpc: received message larger than max (${limit + 1} vs. ${limit})` },
    { code: status.RESOURCE_EXHAUSTED },
  ]);
  await rig.sink.idle();
  expect(rig.deliveries.map(({ statusCode, acknowledgement, kept }) => [statusCode, acknowledgement, kept])).toEqual([
    [500, 'refused', false],
    [500, 'refused', false],
    [413, 'refused', false],
    [413, 'refused', false],
  ]);
  const unknown = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
  expect(await refuse(logs, { path: unknown })).toMatchObject({ code: status.UNIMPLEMENTED });
});

test('in the cloud a call needs the key: none is unauthenticated, another one is not found', async () => {
  await using rig = await openSinkRig();
  const call = (headers: Record<string, string>): Promise<Reply> => exportLogs(rig.sink.grpcUrl, logs, { headers });
  expect([
    await call({ 'signoz-ingestion-key': '' }),
    await call({ 'signoz-ingestion-key': 'another-key-0123' }),
    await call({ 'signoz-ingestion-key': '', authorization: `Bearer ${key}` }),
  ]).toMatchObject([{ code: status.UNAUTHENTICATED }, { code: status.NOT_FOUND }, { message: 'CgA=' }]);
});

test('hosted by oneself a call needs the key where the collector asks for it', async () => {
  await using rig = await openSinkRig({ edition: 'selfhost', auth: 'bearer' });
  const call = (given: string): Promise<Reply> =>
    exportLogs(rig.sink.grpcUrl, logs, { headers: { 'signoz-ingestion-key': given } });
  expect([await call('another'), await call(key)]).toMatchObject([
    { code: status.UNAUTHENTICATED, details: 'scheme or token does not match: another' },
    { message: 'CgA=' },
  ]);
});

test('a status fault becomes the code that stands for it, and Retry-After a RetryInfo', async () => {
  await using rig = await openSinkRig({
    faults: [{ kind: 'sink.status', code: 429, retryAfterMs: 2000, headers: { 'x-limit': 'day' } }],
  });
  const reply = (await exportLogs(rig.sink.grpcUrl, logs)) as Extract<Reply, { code: number }>;
  rig.sink.setFaults([{ kind: 'sink.status', code: 503 }]);
  const unavailable = await exportLogs(rig.sink.grpcUrl, logs);
  expect(reply).toMatchObject({ code: status.RESOURCE_EXHAUSTED, details: 'too many requests' });
  expect(reply.trailers.get('x-limit')).toEqual(['day']);
  // google.rpc.Status { code: 8, message: "too many requests", details: [RetryInfo { retry_delay: 2 s }] }.
  const any = Buffer.concat([
    Buffer.from('\x0a\x28type.googleapis.com/google.rpc.RetryInfo\x12\x04', 'latin1'),
    Buffer.from([0x0a, 2, 8, 2]),
  ]);
  expect(Buffer.from(reply.retryInfo!, 'base64')).toEqual(
    Buffer.concat([Buffer.from('\x08\x08\x12\x11too many requests\x1a', 'latin1'), Buffer.from([any.length]), any]),
  );
  expect(unavailable).toMatchObject({ code: status.UNAVAILABLE, details: 'service unavailable' });
  expect(unavailable).not.toHaveProperty('retryInfo');
  await rig.sink.idle();
  expect(rig.deliveries.map(({ statusCode, fault }) => [statusCode, fault])).toEqual([
    [429, 'sink.status'],
    [503, 'sink.status'],
  ]);
});

test('a reset and a client that does not wait for a held answer are lost replies', async () => {
  await using rig = await openSinkRig({ faults: [{ kind: 'sink.reset', at: 'after-commit' }] });
  expect(await exportLogs(rig.sink.grpcUrl, logs)).toMatchObject({ code: status.UNAVAILABLE });
  rig.sink.setFaults([{ kind: 'sink.delay', durationMs: 3_600_000 }]);
  expect(await exportLogs(rig.sink.grpcUrl, logs, { deadlineMs: 300 })).toMatchObject({
    code: status.DEADLINE_EXCEEDED,
  });
  await until(() => rig.deliveries.length >= 2);
  expect(rig.deliveries.map(({ acknowledgement, kept }) => [acknowledgement, kept])).toEqual([
    ['reply-lost', true],
    ['reply-lost', true],
  ]);
});

test('a connection that came another way is served too', async () => {
  await using rig = await openSinkRig();
  const front = createServer((connection) => rig.sink.acceptGrpc(connection));
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  const { port } = front.address() as { port: number };
  expect(await exportLogs(`http://127.0.0.1:${port}`, logs)).toEqual({ message: 'CgA=' });
  front.close();
});

test('faults speak to gRPC in its own words: partial success, a poison record, a commit with an error behind it', async () => {
  const through = async (fault: object): Promise<[Reply, unknown]> => {
    await using rig = await openSinkRig({ faults: [{ kind: '', ...fault }], match: () => () => true });
    const reply = await exportLogs(rig.sink.grpcUrl, logs);
    await rig.sink.idle();
    const { acknowledgement, kept, rejectedCount } = rig.deliveries[0]!;
    return [reply, [acknowledgement, kept, rejectedCount, rig.records.get(1)?.length]];
  };
  const [partly, partlyBooked] = await through({ kind: 'sink.partial-success', rejected: 1, message: 'no' });
  // Field 1 of 6 bytes: rejected_log_records 1, error_message "no".
  expect(partly).toEqual({ message: Buffer.from('\x0a\x06\x08\x01\x12\x02no', 'latin1').toString('base64') });
  expect(partlyBooked).toEqual(['acknowledged', true, 1, 1]);
  const [poisoned, poisonedBooked] = await through({ kind: 'sink.poison', match: 'bad' });
  expect(poisoned).toMatchObject({ code: status.INVALID_ARGUMENT, details: 'unmarshal: invalid TraceID length' });
  expect(poisonedBooked).toEqual(['refused', false, undefined, undefined]);
  const [failed, failedBooked] = await through({ kind: 'sink.commit-then' });
  expect(failed).toMatchObject({ code: status.UNAVAILABLE });
  expect(failedBooked).toEqual(['reply-lost', true, undefined, 2]);
  const [large] = await through({ kind: 'sink.max-body', limitBytes: 10 });
  expect(large).toMatchObject({ code: status.RESOURCE_EXHAUSTED });
  const [late, lateBooked] = await through({ kind: 'sink.stall', durationMs: 1 });
  expect(late).toEqual({ message: 'CgA=' });
  expect(lateBooked).toEqual(['acknowledged', true, undefined, 2]);
});
