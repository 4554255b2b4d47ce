import { expect, test } from 'vitest';

import { key, openSinkRig, post, sendRaw } from './rig.ts';

const record = '[{"body":"hello"}]';
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

test('a key counts in the headers and forms that SigNoz documents, and in no other', async () => {
  await using rig = await openSinkRig();
  const statusWith = async (headers: Record<string, string>): Promise<number> =>
    (await post(rig.sink.jsonUrl, record, { 'signoz-ingestion-key': '', ...headers })).status;
  expect([
    await statusWith({ 'signoz-ingestion-key': key }),
    await statusWith({ 'signoz-access-token': key }),
    await statusWith({ 'signoz-access-token': `Bearer ${key}` }),
    await statusWith({ 'signoz-access-token': basic(`${key}:`) }),
    await statusWith({ authorization: `Bearer ${key}` }),
    await statusWith({ authorization: basic(`user:${key}`) }),
    await statusWith({ 'x-amz-firehose-access-key': key }),
  ]).toEqual(Array.from({ length: 7 }, () => 200));
  expect([
    await statusWith({ authorization: key }),
    await statusWith({ 'signoz-ingestion-key': `Bearer ${key}` }),
    await statusWith({ 'signoz-ingestion-key': 'short' }),
    await statusWith({ 'signoz-ingestion-key': 'another-key-0123' }),
  ]).toEqual([401, 401, 401, 404]);
});

test('paths are exact: any other is told so in JSON, and the routes that carry no logs say that they are not ours', async () => {
  await using rig = await openSinkRig();
  for (const path of ['/', '/logs/json/', '//logs/json', '/logs//json', '/v1/logs/', '/LOGS/JSON', '/nope']) {
    const { status, body } = await post(rig.sink.url + path, record);
    expect([status, body.toString()]).toEqual([404, `{"code":5,"message":"${path} path not found"}`]);
  }
  for (const path of ['/logs/heroku', '/v1/traces', '/v1/metrics']) {
    const { status, body } = await post(rig.sink.url + path, record);
    expect([status, body.toString()]).toEqual([501, `flowrig's SigNoz takes flow logs only, and none on ${path}\n`]);
  }
});

test('browsers may post: a preflight needs no key, and each answer names the origin as allowed', async () => {
  await using rig = await openSinkRig();
  const preflight = await fetch(rig.sink.jsonUrl, {
    method: 'OPTIONS',
    headers: {
      origin: 'https://app.test',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'signoz-ingestion-key',
    },
  });
  expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
  expect(preflight.headers.get('access-control-allow-headers')).toBe('signoz-ingestion-key');
  const from = { origin: 'https://app.test' };
  const answers = [
    await post(rig.sink.jsonUrl, record, from),
    await post(rig.sink.jsonUrl, record, { ...from, 'signoz-ingestion-key': '' }),
    await post(rig.sink.jsonUrl, record),
  ];
  expect(answers.map(({ status, headers }) => [status, headers['access-control-allow-origin']])).toEqual([
    [200, '*'],
    [401, '*'],
    [200, undefined],
  ]);
});

test('a body that announces more than 16 MB is refused with the page of an ingress', async () => {
  await using rig = await openSinkRig();
  const body = Buffer.alloc(16_000_001, 'a');
  const head = `POST /logs/json HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n`;
  const answer = await sendRaw(rig.sink.url, Buffer.concat([Buffer.from(head), body]));
  expect([answer.status, answer.headers['content-type'], answer.body.toString()]).toEqual([
    413,
    'text/html',
    expect.stringContaining('413 Request Entity Too Large'),
  ]);
});
