// The Runtime API as a runtime meets it, over HTTP.

import { expect, test } from 'vitest';

import { openRuntimeApi, responseLimitBytes, type RuntimeApi } from '../../src/lambda/runtime-api.ts';

type Seen = [string, unknown?];
/** Status and body of the answer. */
type Call = (path: string, init?: RequestInit) => Promise<unknown[]>;

async function openApi(): Promise<RuntimeApi & { seen: Seen[]; call: Call; header(name: string): string | null }> {
  const seen: Seen[] = [];
  let onNext: () => void = () => undefined;
  const api = await openRuntimeApi({
    onNext() {
      seen.push(['next']);
      onNext();
    },
    onResponse: (body) => seen.push(['response', body.length > 100 ? body.length : body.toString()]),
    onError: (error) => seen.push(['error', error]),
    onInitError: (error) => seen.push(['init-error', error]),
  });
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
