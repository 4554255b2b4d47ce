import type { ServerResponse } from 'node:http';
import { createServer } from 'node:net';
import type { Duplex } from 'node:stream';
import { expect, test } from 'vitest';
import { flowLines, openRig, s3Event, serve, type Rig } from './fixtures.ts';

const key = 'a.log.gz';

/** The answers to the first requests; 200 after them. */
function answerFirst(
  rig: Rig,
  ...replies: { statusCode: number; headers?: Record<string, string>; body?: Buffer | string }[]
): void {
  rig.sink.answer = (nth) => replies[nth - 1] ?? { statusCode: 200 };
}

test('a 429 is tried again after its Retry-After in seconds', async () => {
  await using rig = await openRig();
  rig.putLog(key, flowLines(10));
  answerFirst(rig, { statusCode: 429, headers: { 'retry-after': '7' } });
  await rig.forward(key);
  expect(rig.sink.bodies()).toEqual(flowLines(10));
  expect(rig.waitsMs).toContain(7000);
});

test('a Retry-After that is a date is honoured too', async () => {
  await using rig = await openRig();
  rig.putLog(key, flowLines(10));
  // The clock of these tests is the machine's when the rig opens; the date has whole seconds.
  answerFirst(rig, { statusCode: 503, headers: { 'retry-after': new Date(Date.now() + 25_000).toUTCString() } });
  await rig.forward(key);
  expect(rig.sink.bodies()).toEqual(flowLines(10));
  expect(rig.waitsMs.filter((waitMs) => waitMs > 20_000 && waitMs <= 25_000)).toHaveLength(1);
});

test.each(['-1', 'soon', '', '1.5'])(
  'a Retry-After of "%s" says nothing, and the own back-off holds',
  async (value) => {
    await using rig = await openRig({}, { random: 0.5 });
    rig.putLog(key, flowLines(1));
    answerFirst(rig, { statusCode: 429, headers: { 'retry-after': value } });
    await rig.forward(key);
    expect(rig.waitsMs).toContain(100);
    expect(rig.sink.bodies()).toEqual(flowLines(1));
  },
);

test('waits double from 200 ms, full jitter, up to 10 s', async () => {
  await using rig = await openRig({ MAX_ATTEMPTS: '8' }, { random: 0.999 });
  rig.putLog(key, flowLines(1));
  answerFirst(rig, ...Array.from({ length: 7 }, () => ({ statusCode: 503 })));
  await rig.forward(key);
  const backoffs = rig.waitsMs.filter((waitMs) => Math.abs((waitMs / 0.999) % 100) < 1e-6);
  expect(backoffs.map((waitMs) => Math.round(waitMs / 0.999))).toEqual([200, 400, 800, 1600, 3200, 6400, 10_000]);
});

test.each([408, 425, 429, 499, 500, 502, 503, 504])('a passing %i is tried again', async (statusCode) => {
  await using rig = await openRig();
  rig.putLog(key, flowLines(3));
  answerFirst(rig, { statusCode }, { statusCode });
  await rig.forward(key);
  expect(rig.sink.bodies()).toEqual(flowLines(3));
  expect(rig.sink.requests).toHaveLength(3);
});

test('a sink that stays down fails the invocation after MAX_ATTEMPTS tries', async () => {
  await using rig = await openRig({ MAX_ATTEMPTS: '3' });
  rig.putLog(key, flowLines(3));
  rig.sink.answer = () => ({ statusCode: 503 });
  await expect(rig.forward(key)).rejects.toThrow(
    '1 of 1 items of the event were not forwarded. s3://logs/a.log.gz: SigNoz answered 503 (try 3 of 3).',
  );
  expect(rig.sink.requests).toHaveLength(3);
});

test.each([301, 302, 307, 401, 403, 404, 405, 415])(
  'a %i ends the invocation with one request and one clear line',
  async (statusCode) => {
    await using rig = await openRig();
    rig.putLog(key, flowLines(3));
    rig.putLog('b.log.gz', flowLines(3));
    rig.sink.answer = () => ({ statusCode, headers: { location: 'http://127.0.0.1:9/logs/json' } });
    const circuit = `SigNoz answered ${statusCode}. Nothing more is sent: check SIGNOZ_ENDPOINT and SIGNOZ_INGESTION_KEY.`;
    await expect(rig.forward(key, 'b.log.gz')).rejects.toThrow(
      `2 of 2 items of the event were not forwarded. s3://logs/a.log.gz: ${circuit} s3://logs/b.log.gz: ${circuit}`,
    );
    expect(rig.sink.requests).toHaveLength(1);
    expect(rig.log.filter((line) => line === circuit)).toHaveLength(1);
    expect(rig.s3.gets).toHaveLength(1);
  },
);

test('a connection reset before the answer is tried again', async () => {
  await using rig = await openRig();
  rig.putLog(key, flowLines(5));
  rig.sink.answer = (nth, _body, response) => {
    if (nth > 1) return { statusCode: 200 };
    response.socket!.resetAndDestroy();
    return undefined;
  };
  await rig.forward(key);
  expect(rig.sink.bodies()).toEqual(flowLines(5));
});

test('a kept-alive connection that died in between costs no back-off and no try', async () => {
  await using rig = await openRig({ MAX_ATTEMPTS: '1' });
  rig.putLog(key, flowLines(5));
  await rig.forward(key);
  rig.sink.answer = (nth, _body, response) => {
    if (nth !== 2) return { statusCode: 200 };
    response.socket!.resetAndDestroy();
    return undefined;
  };
  await rig.forward(key);
  expect(rig.sink.accepted).toHaveLength(2);
});

test('an answer that does not come in REQUEST_TIMEOUT_MS is given up and tried again', async () => {
  await using rig = await openRig({ REQUEST_TIMEOUT_MS: '10000' });
  rig.putLog(key, flowLines(5));
  rig.sink.answer = (nth) => (nth === 1 ? undefined : { statusCode: 200 });
  await rig.forward(key);
  expect(rig.sink.requests).toHaveLength(2);
  expect(rig.sink.bodies()).toEqual(flowLines(5));
});

test('a sink that refuses connections fails the invocation', async () => {
  await using rig = await openRig({ MAX_ATTEMPTS: '2', SIGNOZ_ENDPOINT: `http://127.0.0.1:${await unusedPort()}` });
  rig.putLog(key, flowLines(1));
  await expect(rig.forward(key)).rejects.toThrow(
    /The request to SigNoz failed: connect ECONNREFUSED .* \(try 2 of 2\)\.$/,
  );
});

test('a body that is too large is halved until it is taken, in order', async () => {
  await using rig = await openRig({ INFLIGHT: '1' });
  rig.putLog(key, flowLines(1000));
  rig.sink.answer = (_nth, body) => ({ statusCode: body.flatMap((group) => group.records).length > 300 ? 413 : 200 });
  await rig.forward(key);
  expect(rig.sink.bodies()).toEqual(flowLines(1000));
  expect(rig.sink.accepted.every((request) => request[0]!.scope.attributes['aws.s3.key'] === key)).toBe(true);
});

test('one record that SigNoz refuses costs no other one, and the invocation fails', async () => {
  await using rig = await openRig();
  const lines = flowLines(1000);
  rig.putLog(key, lines);
  rig.sink.answer = (_nth, body) => ({
    statusCode: body.flatMap((group) => group.records).some((record) => record.body === lines[357]) ? 400 : 200,
  });
  await expect(rig.forward(key)).rejects.toThrow('1 of 1001 lines were not delivered: 1 refused by SigNoz.');
  expect(rig.sink.bodies()).toEqual(lines.toSpliced(357, 1));
  expect(rig.sink.requests.length).toBeLessThan(2 * Math.log2(1000) + 2);
});

test('a sink that refuses every record is not asked for each of them', async () => {
  await using rig = await openRig({ BATCH_MAX_RECORDS: '1000', INFLIGHT: '1' });
  rig.putLog(key, flowLines(5000));
  rig.sink.answer = () => ({ statusCode: 400 });
  await expect(rig.forward(key)).rejects.toThrow(
    'SigNoz refused 32 records sent one by one. Nothing more is sent: check SIGNOZ_ENDPOINT and SIGNOZ_INGESTION_KEY.',
  );
  expect(rig.sink.requests.length).toBeLessThan(120);
});

test('records rejected by a partial success are not sent again, and the invocation fails', async () => {
  await using rig = await openRig();
  rig.putLog(key, flowLines(10));
  // ExportLogsServiceResponse { partial_success { rejected_log_records: 7, error_message: "no" } }
  answerFirst(rig, { statusCode: 200, body: Buffer.from([0x0a, 0x06, 0x08, 0x07, 0x12, 0x02, 0x6e, 0x6f]) });
  await expect(rig.forward(key)).rejects.toThrow('7 of 11 lines were not delivered: 7 refused by SigNoz.');
  expect(rig.sink.requests).toHaveLength(1);
});

test('a partial success in JSON counts too', async () => {
  await using rig = await openRig();
  rig.putLog(key, flowLines(10));
  const body = '{"partialSuccess":{"rejectedLogRecords":"2"}}';
  answerFirst(rig, { statusCode: 200, headers: { 'content-type': 'application/json' }, body });
  await expect(rig.forward(key)).rejects.toThrow('2 of 11 lines were not delivered: 2 refused by SigNoz.');
});

test('a web page with status 200 is no delivery', async () => {
  await using rig = await openRig();
  rig.putLog(key, flowLines(1));
  answerFirst(rig, { statusCode: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: '<html>' });
  await expect(rig.forward(key)).rejects.toThrow('SigNoz answered 200 with a web page: something else stands between.');
});

test('a retry that would come after the function ends is not waited for', async () => {
  await using rig = await openRig();
  rig.putLog(key, flowLines(3));
  rig.sink.answer = () => ({ statusCode: 429, headers: { 'retry-after': '3600' } });
  await expect(rig.send(s3Event(key), 60_000)).rejects.toThrow(
    "SigNoz answered 429 (try 1), and the next try would come after the function's time.",
  );
  expect(rig.waitsMs).not.toContain(3_600_000);
});

test('a slow sink stops the reading: never more than INFLIGHT requests are open', async () => {
  await using rig = await openRig({ INFLIGHT: '2', BATCH_MAX_RECORDS: '100' });
  rig.putLog(key, flowLines(2000));
  const open = new Set<ServerResponse>();
  let most = 0;
  // Answers only when two are open, so that one at a time would stand still, and three would be seen.
  rig.sink.answer = (_nth, _body, response) => {
    most = Math.max(most, open.add(response).size);
    if (open.size === 2) setImmediate(() => answerAll(open));
    return undefined;
  };
  await rig.forward(key);
  expect(most).toBe(2);
  expect(rig.sink.requests).toHaveLength(20);
});

function answerAll(open: Set<ServerResponse>): void {
  for (const response of open) response.end();
  open.clear();
}

test('HTTPS_PROXY is honoured', async () => {
  const asked: string[] = [];
  await using proxy = await serve(() => undefined);
  proxy.server.on('connect', (request, socket) => {
    asked.push(request.url!);
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  await using rig = await openRig({
    SIGNOZ_ENDPOINT: 'https://signoz.invalid',
    MAX_ATTEMPTS: '1',
    HTTPS_PROXY: proxy.url,
  });
  rig.putLog(key, flowLines(1));
  await expect(rig.forward(key)).rejects.toThrow('The request to SigNoz failed: ');
  expect(asked).toEqual(['signoz.invalid:443']);
});

test('a handshake that stalls behind a proxy is given up in time, and tried again', async () => {
  const tunnels: Duplex[] = [];
  await using proxy = await serve(() => undefined);
  proxy.server.on('connect', (_request, socket) => {
    tunnels.push(socket);
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    socket.resume();
  });
  await using rig = await openRig({
    SIGNOZ_ENDPOINT: 'https://signoz.invalid',
    MAX_ATTEMPTS: '2',
    REQUEST_TIMEOUT_MS: '10000',
    HTTPS_PROXY: proxy.url,
  });
  rig.putLog(key, flowLines(1));
  await expect(rig.forward(key)).rejects.toThrow(/no complete answer within \d+ ms \(try 2 of 2\)/);
  expect(tunnels).toHaveLength(2);
  for (const socket of tunnels) socket.destroy();
});

async function unusedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || !address) throw new Error('The probe did not listen on TCP.');
  return address.port;
}
