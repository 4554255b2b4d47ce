// A function behind AWS's Invoke API: what its answers come to, and what happens where none comes.

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { openClock } from '../../src/core/clock.ts';
import { openScope } from '../../src/core/scope.ts';
import type { InvocationResult, Target } from '../../src/core/model/trigger.ts';
import { openLambdaEndpoint, type LambdaEndpointOptions } from '../../src/targets/lambda-endpoint.ts';
import { testFolder } from '../cli/test-host.ts';
import { freePorts, startInvokeApi } from './function-endpoint.ts';
import { writeCode } from './open-test-target.ts';

interface EndpointRig extends AsyncDisposable {
  readonly target: Target;
  invoke(payload?: unknown, signal?: AbortSignal): Promise<InvocationResult>;
  log(): string;
}

async function openEndpoint(url: string, over: Partial<LambdaEndpointOptions> = {}): Promise<EndpointRig> {
  const scope = openScope();
  const run = scope.use(writeCode({}));
  const target = await openLambdaEndpoint({
    url,
    functionName: 'forwarder',
    timeoutMs: 20_000,
    concurrency: 1,
    surroundings: { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9000' },
    folder: run.folder,
    clock: openClock(),
    ...over,
  });
  scope.use(target);
  return {
    target,
    invoke: (payload = {}, signal = new AbortController().signal) =>
      target.invoke({ requestId: 'id-1', payload }, signal),
    log: () => readFileSync(join(run.folder, 'target.log'), 'utf8'),
    [Symbol.asyncDispose]: () => scope[Symbol.asyncDispose](),
  };
}

/** A server that answers every invocation so, to act as emulators that have words of their own. */
async function answering(listener: RequestListener): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

const handlerSource = `export async function handler(event, context) {
  if (event.fails) throw new RangeError('too far');
  return { event, requestId: context.awsRequestId };
}`;

test('the function gets the event under its request id, and what it returns or throws is the outcome', async () => {
  using code = writeCode({ 'handler.mjs': handlerSource });
  await using api = await startInvokeApi(join(code.folder, 'handler.mjs'));
  await using rig = await openEndpoint(api.url);
  expect(rig.target).toMatchObject({ kind: 'lambda-endpoint', drive: 'invoked' });
  expect((await rig.invoke({ a: 1 })).outcome).toEqual({
    status: 'succeeded',
    payload: { event: { a: 1 }, requestId: 'id-1' },
  });
  expect((await rig.invoke({ fails: true })).outcome).toEqual({
    status: 'failed',
    errorType: 'RangeError',
    message: 'too far',
  });
});

test('the log that comes with the answer, and the error, stand in the log of the run', async () => {
  using code = writeCode({ 'handler.mjs': handlerSource });
  await using api = await startInvokeApi(join(code.folder, 'handler.mjs'));
  await using rig = await openEndpoint(api.url);
  await rig.invoke({ fails: true });
  expect(rig.log()).toBe('START RequestId: id-1\nEND RequestId: id-1\nid-1 too far\n');
});

test('a function that nobody knows there is a failure that says so', async () => {
  using code = writeCode({ 'handler.mjs': handlerSource });
  await using api = await startInvokeApi(join(code.folder, 'handler.mjs'));
  await using rig = await openEndpoint(`${api.url}/`, { functionName: 'forwrader' });
  expect((await rig.invoke()).outcome).toEqual({
    status: 'failed',
    errorType: 'ResourceNotFoundException',
    message: 'The Invoke API answered 404: Function not found: forwrader',
  });
});

test.each([
  ['no text at all', '', { status: 'succeeded', payload: '' }],
  ['text that is no JSON', 'done', { status: 'succeeded', payload: 'done' }],
  [
    'an error without its header',
    '{"errorType":"Error","errorMessage":"no"}',
    { status: 'failed', errorType: 'Error', message: 'no' },
  ],
  ['a bare sentence about time', 'Task timed out after 3.00 seconds', { status: 'timed-out' }],
  ['the sentence as a JSON text of its own', '"Task timed out after 3.00 seconds"', { status: 'succeeded' }],
])('%s is read as the emulator means it', async (_what, body, outcome) => {
  await using api = await answering((_request, response) => response.end(body));
  await using rig = await openEndpoint(api.url);
  expect((await rig.invoke()).outcome).toMatchObject(outcome);
});

test('a time limit that the function met is told as such', async () => {
  await using api = await answering((_request, response) => {
    response.setHeader('x-amz-function-error', 'Unhandled');
    response.end(
      JSON.stringify({ errorType: 'Sandbox.Timedout', errorMessage: 'id-1 Task timed out after 3.00 seconds' }),
    );
  });
  await using rig = await openEndpoint(api.url);
  expect((await rig.invoke()).outcome).toEqual({
    status: 'timed-out',
    message: 'id-1 Task timed out after 3.00 seconds',
  });
});

test('what an emulator refuses without a word is a failure by its status', async () => {
  await using api = await answering((_request, response) => response.writeHead(400).end());
  await using rig = await openEndpoint(api.url);
  expect((await rig.invoke()).outcome).toEqual({
    status: 'failed',
    errorType: 'HTTP 400',
    message: 'The Invoke API answered 400',
  });
});

test('an answer that never comes ends at the limit, and an interrupted run does not wait for it', async () => {
  await using api = await answering(() => undefined);
  await using rig = await openEndpoint(api.url, { timeoutMs: 50 });
  expect((await rig.invoke()).outcome).toMatchObject({ status: 'timed-out' });
  await using patient = await openEndpoint(api.url);
  const closing = new AbortController();
  const invocation = patient.invoke({}, closing.signal);
  expect(patient.target.runningCount()).toBe(1);
  closing.abort();
  expect((await invocation).outcome).toMatchObject({ errorType: 'Interrupted' });
  expect(patient.target.runningCount()).toBe(0);
});

test('an endpoint that is gone in mid-run is a failed invocation', async () => {
  const api = await answering((_request, response) => response.end('1'));
  await using rig = await openEndpoint(api.url);
  await api[Symbol.asyncDispose]();
  expect((await rig.invoke()).outcome).toMatchObject({ status: 'failed', errorType: 'ECONNREFUSED' });
});

test('where nothing listens the run does not begin, and a sentence says what to start with which addresses', async () => {
  const [url, s3, sink] = await freePorts(3);
  await using folder = testFolder();
  folder.write(
    'flowrig.yaml',
    `version: 1
target: { kind: lambda-endpoint, url: 'http://127.0.0.1:${url}', function: forwarder, ports: { s3: ${s3}, sink: ${sink} } }`,
  );
  const { exitCode, stderr } = await folder.flowrig('run', 'quickstart');
  expect(exitCode).toBe(4);
  expect(stderr).toContain(`target.url: nothing listens at http://127.0.0.1:${url}.`);
  expect(stderr).toContain(`AWS_ENDPOINT_URL_S3=http://127.0.0.1:${s3}`);
  expect(stderr).toContain(`sink.jsonUrl=http://127.0.0.1:${sink}/logs/json`);
});
