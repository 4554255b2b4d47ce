// The requests of AWS's runtime clients, byte for byte as they were recorded: what Go and Rust functions send cannot be run without
// their compilers. Python's and Node's own clients are run in test/python.

import { expect, test } from 'vitest';

import { openRuntimeApi } from '../../src/lambda/runtime-api.ts';
import { sendRaw } from './send-raw.ts';

interface Client {
  readonly name: string;
  readonly next: readonly string[];
  readonly response: readonly string[];
  readonly error: readonly string[];
  /** What the error comes to. */
  readonly told: { readonly errorType: string; readonly message: string };
}

const goTrailers = 'Trailer: Lambda-Runtime-Function-Error-Body,Lambda-Runtime-Function-Error-Type';

const clients: readonly Client[] = [
  {
    name: 'aws-lambda-go 1.55.1',
    next: ['User-Agent: aws-lambda-go/go1.26.8', 'Accept-Encoding: gzip', '', ''],
    response: [
      'User-Agent: aws-lambda-go/go1.26.8',
      'Transfer-Encoding: chunked',
      goTrailers,
      'Content-Type: application/json',
      'Accept-Encoding: gzip',
      '',
      '9',
      '{"saw":1}',
      '0',
      '',
      '',
    ],
    error: [
      'User-Agent: aws-lambda-go/go1.26.8',
      'Transfer-Encoding: chunked',
      goTrailers,
      'Content-Type: application/json',
      'Lambda-Runtime-Function-Xray-Error-Cause: {"working_directory":"/var/task","exceptions":[{"type":"errorString","message":"too far","stack":[]}],"paths":[]}',
      'Accept-Encoding: gzip',
      '',
      '34',
      '{"errorMessage":"too far","errorType":"errorString"}',
      '0',
      '',
      '',
    ],
    told: { errorType: 'errorString', message: 'too far' },
  },
  {
    name: 'aws-lambda-ric 4.0.2',
    next: ['Accept: */*', 'User-Agent: AWS_Lambda_Cpp/0.2.6', '', ''],
    response: [
      'Accept: */*',
      'content-type: application/json',
      'User-Agent: AWS_Lambda_Cpp/0.2.6',
      'content-length: 9',
      '',
      '{"saw":1}',
    ],
    error: [
      'Accept: */*',
      'content-type: application/json',
      'lambda-runtime-function-xray-error-cause: {"working_directory":"/var/task","exceptions":[{"type":"RangeError","message":"too far","stack":[]}],"paths":["file"]}',
      'User-Agent: AWS_Lambda_Cpp/0.2.6',
      'content-length: 83',
      '',
      '{"errorType":"RangeError","errorMessage":"too far","trace":["RangeError: too far"]}',
    ],
    told: { errorType: 'RangeError', message: 'too far' },
  },
  {
    name: 'lambda_runtime 1.1.1 for Rust',
    next: ['user-agent: aws-lambda-rust/1.1.1', '', ''],
    response: ['user-agent: aws-lambda-rust/1.1.1', 'content-length: 9', '', '{"saw":1}'],
    error: [
      'user-agent: aws-lambda-rust/1.1.1',
      'lambda-runtime-function-error-type: unhandled',
      'content-length: 125',
      '',
      '{"errorType":"&alloc::boxed::Box<dyn core::error::Error + core::marker::Send + core::marker::Sync>","errorMessage":"too far"}',
    ],
    told: { errorType: 'unhandled', message: 'too far' },
  },
];

test.each(clients)('the requests of $name are served', async ({ next, response, error, told }) => {
  const seen: unknown[] = [];
  const listener = {
    onNext: () =>
      api.deliver({ requestId: 'r-1', body: '{"a":1}', deadlineMs: 1, functionArn: 'arn', traceId: 'Root=1' }),
    onResponse: (body: Buffer) => void seen.push(body.toString()),
    onError: (failure: unknown) => void seen.push(failure),
    onInitError: () => undefined,
  };
  const facts = { functionName: 'f', functionVersion: '$LATEST', handler: 'h', accountId: '1' };
  const api = await openRuntimeApi(listener, { facts, expected: [] });
  await using _ = api;
  const send = (line: string, rest: readonly string[]): Promise<string> =>
    sendRaw(api.address, [`${line} HTTP/1.1`, `Host: ${api.address}`, ...rest]);
  for (const [kind, request] of [
    ['response', response],
    ['error', error],
  ] as const) {
    expect(await send('GET /2018-06-01/runtime/invocation/next', next)).toMatch(
      /^HTTP\/1\.1 200 OK\r\n[^]*\r\nlambda-runtime-aws-request-id: r-1\r\n[^]*\r\n\r\n\{"a":1\}$/,
    );
    expect(await send(`POST /2018-06-01/runtime/invocation/r-1/${kind}`, request)).toMatch(
      /^HTTP\/1\.1 202 Accepted\r\n/,
    );
  }
  expect(seen).toEqual(['{"saw":1}', told]);
});
