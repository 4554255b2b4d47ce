// The Runtime API as a runtime meets it, over HTTP.

import { once } from 'node:events';
import { connect } from 'node:net';

import { expect, test } from 'vitest';

import { sendRaw } from './send-raw.ts';
import { openRuntimeApi, responseLimitBytes, type RuntimeApi } from '../../src/lambda/runtime-api.ts';

type Seen = [string, unknown?];
/** Status and body of the answer. */
type Call = (path: string, init?: RequestInit) => Promise<unknown[]>;

async function openApi(): Promise<RuntimeApi & { seen: Seen[]; call: Call; header(name: string): string | null }> {
  const seen: Seen[] = [];
  let onNext: () => void = () => undefined;
  const listener = {
    onNext() {
      seen.push(['next']);
      onNext();
    },
    onResponse: (body: Buffer) => seen.push(['response', body.length > 100 ? body.length : body.toString()]),
    onError: (error: unknown) => seen.push(['error', error]),
    onInitError: (error: unknown) => seen.push(['init-error', error]),
  };
  const facts = { functionName: 'f', functionVersion: '$LATEST', handler: 'index.handler', accountId: '123456789012' };
  const api = await openRuntimeApi(listener, { facts, expected: [] });
  onNext = () =>
    api.deliver({ requestId: 'r-1', body: '{"a":1}', deadlineMs: 1234.9, functionArn: 'arn:f', traceId: 'Root=1' });
  let headers = new Headers();
  async function call(path: string, init: RequestInit = { method: 'POST', body: '{}' }): Promise<unknown[]> {
    const response = await fetch(`http://${api.address}/2018-06-01/runtime/${path}`, init);
    headers = response.headers;
    return [response.status, await response.json()];
  }
  return { ...api, seen, call, header: (name: string) => headers.get(`lambda-runtime-${name}`) };
}

const get = { method: 'GET' };

test('next hands the event over with its headers, and the response is taken once', async () => {
  await using api = await openApi();
  const [status, body] = await api.call('invocation/next', get);
  const names = ['aws-request-id', 'deadline-ms', 'invoked-function-arn', 'trace-id'];
  expect([status, body, ...names.map((name) => api.header(name))]).toEqual([
    200,
    { a: 1 },
    'r-1',
    '1234',
    'arn:f',
    'Root=1',
  ]);
  expect(await api.call('invocation/next', get)).toMatchObject([403, { errorType: 'InvalidStateTransition' }]);
  expect(await api.call('invocation/r-1/response')).toMatchObject([202, { status: 'OK' }]);
  expect(await api.call('invocation/r-1/response')).toMatchObject([400, { errorType: 'InvalidRequestID' }]);
  expect(api.seen).toEqual([['next'], ['response', '{}']]);
});

test('another event, another path and another method are refused', async () => {
  await using api = await openApi();
  await api.call('invocation/next', get);
  const refused = { errorMessage: 'Invalid request ID', errorType: 'InvalidRequestID' };
  expect(await api.call('invocation/r-2/response')).toMatchObject([400, refused]);
  expect(await api.call('invocation/r-2/error')).toMatchObject([400, refused]);
  const missing = (message: string): object => ({ errorMessage: `${message} is not served.`, errorType: 'NotFound' });
  expect(await api.call('nothing')).toMatchObject([404, missing('POST /2018-06-01/runtime/nothing')]);
  expect(await api.call('nothing', get)).toMatchObject([404, missing('GET /2018-06-01/runtime/nothing')]);
  expect(api.seen).toEqual([['next']]);
});

test('a response is taken up to its limit and refused beyond', async () => {
  await using api = await openApi();
  await api.call('invocation/next', get);
  const body = new Uint8Array(responseLimitBytes + 1);
  expect(await api.call('invocation/r-1/response', { method: 'POST', body })).toMatchObject([
    413,
    { errorType: 'RequestEntityTooLarge' },
  ]);
  await api.call('invocation/next', get);
  const fitting = { method: 'POST', body: body.subarray(1) };
  expect(await api.call('invocation/r-1/response', fitting)).toMatchObject([202, { status: 'OK' }]);
  const message = `Response payload size exceeded maximum allowed payload size (${responseLimitBytes} bytes).`;
  const tooLarge = { errorType: 'Function.ResponseSizeTooLarge', message };
  expect(api.seen).toEqual([['next'], ['error', tooLarge], ['next'], ['response', responseLimitBytes]]);
});

test('an error is read from header and body, whatever part is missing', async () => {
  await using api = await openApi();
  const post = async (body: string, headers: Record<string, string> = {}): Promise<void> => {
    await api.call('invocation/next', get);
    expect(await api.call('invocation/r-1/error', { method: 'POST', body, headers })).toMatchObject([
      202,
      { status: 'OK' },
    ]);
  };
  await post('{"errorType":"ValueError","errorMessage":"no"}');
  await post('{"errorType":"ValueError","errorMessage":"no"}', { 'Lambda-Runtime-Function-Error-Type': 'Own.Type' });
  await post('no JSON');
  await post('');
  const errors = api.seen.filter(([what]) => what === 'error').map(([, error]) => error);
  expect(errors).toEqual([
    { errorType: 'ValueError', message: 'no' },
    { errorType: 'Own.Type', message: 'no' },
    { errorType: 'Runtime.Unknown', message: 'no JSON' },
    { errorType: 'Runtime.Unknown', message: '' },
  ]);
  await api.call('init/error', {
    method: 'POST',
    body: '{"errorType":"Runtime.ImportModuleError","errorMessage":"m"}',
  });
  expect(api.seen.at(-1)).toEqual(['init-error', { errorType: 'Runtime.ImportModuleError', message: 'm' }]);
});

test('the cause of an exception fits into a header of a megabyte', async () => {
  await using api = await openApi();
  for (const sizeBytes of [60_754, 1 << 20]) {
    await api.call('invocation/next', get);
    const headers = { 'lambda-runtime-function-xray-error-cause': 'x'.repeat(sizeBytes) };
    const body = '{"errorType":"RecursionError","errorMessage":"deep"}';
    expect(await api.call('invocation/r-1/error', { method: 'POST', body, headers })).toMatchObject([
      202,
      { status: 'OK' },
    ]);
  }
});

test('a streamed response may be longer, and may turn into an error in its middle', async () => {
  await using api = await openApi();
  await api.call('invocation/next', get);
  const streaming = { 'lambda-runtime-function-response-mode': 'streaming' };
  const body = new Uint8Array(responseLimitBytes + 1);
  const post = { method: 'POST', body };
  expect(
    await api.call('invocation/r-1/response', {
      ...post,
      headers: { ...streaming, 'lambda-runtime-function-response-mode': 'fast' },
    }),
  ).toMatchObject([400, { errorType: 'InvalidFunctionResponseMode' }]);
  expect(await api.call('invocation/r-1/response', { ...post, headers: streaming })).toMatchObject([
    202,
    { status: 'OK' },
  ]);
  await api.call('invocation/next', get);
  const told = Buffer.from('{"errorMessage":"half way"}').toString('base64');
  const answer = await sendRaw(api.address, [
    'POST /2018-06-01/runtime/invocation/r-1/response HTTP/1.1',
    'Host: a',
    'Lambda-Runtime-Function-Response-Mode: streaming',
    'Transfer-Encoding: chunked',
    'Trailer: Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body',
    '',
    '4',
    'half',
    '0',
    'Lambda-Runtime-Function-Error-Type: Stream.Failed',
    `Lambda-Runtime-Function-Error-Body: ${told}`,
    '',
    '',
  ]);
  expect(answer).toMatch(/^HTTP\/1\.1 202 /);
  expect(api.seen.filter(([what]) => what !== 'next')).toEqual([
    ['response', responseLimitBytes + 1],
    ['error', { errorType: 'Stream.Failed', message: 'half way' }],
  ]);
});

test('a response that is cut off is an error of the runtime', async () => {
  await using api = await openApi();
  await api.call('invocation/next', get);
  const socket = connect(Number(api.address.split(':')[1]), '127.0.0.1');
  socket.end('POST /2018-06-01/runtime/invocation/r-1/response HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf');
  await once(socket.resume(), 'close');
  await expect
    .poll(() => api.seen.at(-1))
    .toEqual(['error', { errorType: 'Runtime.TruncatedResponse', message: 'The response was cut off.' }]);
});

test('snapshots, telemetry and logs are answered so that clients go on without them', async () => {
  await using api = await openApi();
  expect(await api.call('restore/next', get)).toEqual([200, {}]);
  expect(
    await api.call('restore/error', { method: 'POST', body: '{"errorType":"AfterRestoreError","errorMessage":"m"}' }),
  ).toMatchObject([202, { status: 'OK' }]);
  expect(api.seen).toEqual([['init-error', { errorType: 'AfterRestoreError', message: 'm' }]]);
  for (const [path, name] of [
    ['2022-07-01/telemetry', 'Telemetry'],
    ['2020-08-15/logs', 'Logs'],
  ]) {
    const response = await fetch(`http://${api.address}/${path}`, { method: 'PUT', body: '{"types":["function"]}' });
    expect([response.status, await response.json()]).toEqual([
      202,
      { errorType: `${name}.NotSupported`, errorMessage: `${name} API is not supported` },
    ]);
  }
});

test('an extension registers, hears of each invocation, and keeps the sandbox awake until it waits again', async () => {
  await using api = await openApi();
  const base = `http://${api.address}/2020-01-01/extension/`;
  const body = '{"events":["INVOKE"]}';
  const registered = await fetch(`${base}register`, {
    method: 'POST',
    body,
    headers: { 'lambda-extension-name': 'mine', 'lambda-extension-accept-feature': 'accountId' },
  });
  expect(await registered.json()).toEqual({
    functionName: 'f',
    functionVersion: '$LATEST',
    handler: 'index.handler',
    accountId: '123456789012',
  });
  const headers = { 'lambda-extension-identifier': registered.headers.get('lambda-extension-identifier')! };
  const event = fetch(`${base}event/next`, { headers });
  const [status] = await api.call('invocation/next', get);
  expect([status, await (await event).json()]).toEqual([
    200,
    {
      eventType: 'INVOKE',
      deadlineMs: 1234,
      requestId: 'r-1',
      invokedFunctionArn: 'arn:f',
      tracing: { type: 'X-Amzn-Trace-Id', value: 'Root=1' },
    },
  ]);
  await api.call('invocation/r-1/response');
  const next = api.call('invocation/next', get);
  const tell = async (phase: string, more: Record<string, string> = {}): Promise<number> =>
    (await fetch(`${base}${phase}/error`, { method: 'POST', headers: { ...headers, ...more }, body: '{}' })).status;
  expect([await tell('exit'), api.extensions.toldError()]).toEqual([403, undefined]);
  const type = { 'lambda-extension-function-error-type': 'mine.Lost' };
  expect([await tell('exit', type), await tell('init', type)]).toEqual([202, 202]);
  expect(api.extensions.toldError()).toBe('Extension.ExitError');
  expect(api.seen).toEqual([['next'], ['response', '{}']]);
  const waiting = fetch(`${base}event/next`, { headers });
  await Promise.all([next, waiting]);
  expect(api.seen.at(-1)).toEqual(['next']);
});

test('an extension that is not registered, or asks for what there is not, is refused', async () => {
  await using api = await openApi();
  const call = async (path: string, init: RequestInit): Promise<unknown> => {
    const response = await fetch(`http://${api.address}/2020-01-01/extension/${path}`, init);
    return [response.status, ((await response.json()) as { errorType: string }).errorType];
  };
  const headers = { 'lambda-extension-name': 'mine' };
  expect(await call('event/next', get)).toEqual([403, 'Extension.UnknownExtensionIdentifier']);
  expect(await call('init/error', { method: 'POST', body: '{}' })).toEqual([
    403,
    'Extension.UnknownExtensionIdentifier',
  ]);
  expect(await call('register', { method: 'POST', body: '{}' })).toEqual([403, 'Extension.InvalidExtensionName']);
  expect(await call('register', { method: 'POST', body: '{"events":["SLEEP"]}', headers })).toEqual([
    400,
    'InvalidRequestFormat',
  ]);
  const internal = { method: 'POST', body: '{"events":["INVOKE","SHUTDOWN"]}', headers };
  expect(await call('register', internal)).toEqual([403, 'Extension.InvalidEventType']);
  expect(await call('other', { method: 'POST', body: '{}', headers })).toEqual([404, 'NotFound']);
});
