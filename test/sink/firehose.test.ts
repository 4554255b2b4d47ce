import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

import { openArchive } from '../../src/sink/archive.ts';
import { key, openSinkRig, post, type RawAnswer, type SinkRig } from './rig.ts';
import { seenRecord, type SeenRecord } from './seen-record.ts';

const id = 'ed4acda5-034f-9f42-bba1-f29aea6d7d8f';

interface Envelope {
  readonly messageType?: string;
  readonly owner: string;
  readonly logGroup: string;
  readonly logStream: string;
  readonly logEvents: readonly unknown[];
}

function envelope(logStream: string, ...messages: string[]): Envelope {
  const logEvents = messages.map((message, i) => ({ id: `${i}`, timestamp: 1_767_225_600_000 + i, message }));
  return { messageType: 'DATA_MESSAGE', owner: '123456789012', logGroup: '/vpc/flow', logStream, logEvents };
}

/** A record as Firehose sends it: base64 of gzip of envelopes, one a line. */
function data(...envelopes: readonly unknown[]): { data: string } {
  const lines = envelopes.map((each) => JSON.stringify(each)).join('\n');
  return { data: gzipSync(lines).toString('base64') };
}

function send(
  rig: SinkRig,
  records: readonly unknown[],
  headers: Readonly<Record<string, string>> = {},
  requestId: unknown = id,
): Promise<RawAnswer> {
  const body = JSON.stringify({ requestId, timestamp: 1_767_225_600_000, records });
  return post(`${rig.sink.url}/awsfirehose/cwlogs`, body, {
    'signoz-ingestion-key': '',
    'x-amz-firehose-access-key': key,
    'x-amz-firehose-request-id': id,
    ...headers,
  });
}

function told({ status, body }: RawAnswer): unknown[] {
  const { requestId, errorMessage } = JSON.parse(body.toString()) as { requestId: string; errorMessage?: string };
  return [status, requestId, errorMessage];
}

test('CloudWatch logs from Firehose become records of their log stream, and are read again from the archive', async () => {
  await using rig = await openSinkRig();
  const common = JSON.stringify({ commonAttributes: { env: 'test', 'cloud.account.id': 'not this' } });
  const answer = await send(
    rig,
    [
      data(envelope('eni-1', 'first line', 'second line'), envelope('eni-2', 'third line')),
      data(envelope('eni-1', 'fourth')),
    ],
    { 'x-amz-firehose-common-attributes': common },
  );
  await rig.sink.idle();
  const { timestamp, ...rest } = JSON.parse(answer.body.toString()) as { timestamp: number };
  expect([answer.status, answer.headers['content-type'], rest]).toEqual([200, 'application/json', { requestId: id }]);
  expect(timestamp).toBe(Math.floor(timestamp));
  expect(rig.clock.nowMs() - timestamp).toBeLessThan(60_000);
  const resource = (stream: string) => [
    { key: 'cloud.account.id', value: '123456789012' },
    { key: 'aws.cloudwatch.log_group_name', value: '/vpc/flow' },
    { key: 'aws.cloudwatch.log_stream_name', value: stream },
    { key: 'env', value: 'test' },
  ];
  const record = (stream: string, body: string, i: number): SeenRecord => ({
    resource: resource(stream),
    scope: [],
    attributes: [],
    body,
    timestampMs: 1_767_225_600_000 + i,
  });
  const expected = [
    record('eni-1', 'first line', 0),
    record('eni-1', 'second line', 1),
    record('eni-1', 'fourth', 0),
    record('eni-2', 'third line', 0),
  ];
  expect(rig.records.get(1)).toEqual(expected);
  const archive = await openArchive(rig.folder);
  const seen: SeenRecord[] = [];
  await archive.visit(1, (view) => void seen.push(seenRecord(view)));
  expect(seen).toEqual(expected);
});

test('bad records are left out beside good ones; without a good one the request is refused', async () => {
  await using rig = await openSinkRig();
  const control = {
    ...envelope('', 'CWL CONTROL MESSAGE: Checking health of destination Firehose.'),
    messageType: 'CONTROL_MESSAGE',
    logGroup: '',
  };
  const bad = [
    { data: Buffer.from('2 123456789012 eni-1 ...').toString('base64') },
    { data: '' },
    {},
    data('not an envelope', { owner: 'a' }, { ...envelope('eni-1', 'x'), logEvents: [{ timestamp: 'now' }] }),
    data(control),
  ];
  const answers = [
    await send(rig, [...bad, data(envelope('eni-1', 'good'))]),
    await send(rig, bad),
    await send(rig, []),
  ];
  await rig.sink.idle();
  expect(answers.map(told)).toEqual([
    [200, id, undefined],
    [400, id, 'record format invalid'],
    [400, id, 'record format invalid'],
  ]);
  expect([...rig.records.values()].map((records) => records.map(({ body }) => body))).toEqual([['good']]);
});

test('the request must be named in header and body alike, its data be base64, its key be right', async () => {
  await using rig = await openSinkRig();
  const good = [data(envelope('eni-1', 'x'))];
  expect([
    told(await send(rig, good, { 'x-amz-firehose-request-id': '' })),
    told(await send(rig, good, {}, '')),
    told(await send(rig, good, {}, 'another')),
    told(await send(rig, [{ data: 'a*b=' }])),
    told(await send(rig, good, { 'x-amz-firehose-access-key': '' })),
    told(await send(rig, good, { 'x-amz-firehose-access-key': 'another-key-0123' })),
  ]).toEqual([
    [400, '', 'missing request id in header'],
    [400, id, 'missing request id in body'],
    [400, id, 'different request id in body'],
    [400, id, 'unable to base64 decode the record at index 0: illegal base64 data at input byte 1'],
    [401, id, 'missing ingestion key'],
    [404, id, 'ingestion key not found'],
  ]);
});

test('a fault answers in the form that Firehose expects', async () => {
  await using rig = await openSinkRig({ faults: [{ kind: 'sink.status', code: 503 }] });
  expect(told(await send(rig, [data(envelope('eni-1', 'x'))]))).toEqual([503, id, 'service unavailable']);
});
