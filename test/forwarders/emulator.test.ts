// A forwarder under AWS's own runtime interface emulator, which the rig invokes as a target of kind lambda-endpoint.

import { chmodSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test, type TestContext } from 'vitest';

import { openClock } from '../../src/core/clock.ts';
import { run } from '../../src/index.ts';
import { openLambdaEndpoint } from '../../src/targets/lambda-endpoint.ts';
import { testFolder } from '../cli/test-host.ts';
import { freePorts, startEmulator, variablesFor, type FunctionEndpoint } from '../targets/function-endpoint.ts';

async function emulatorOf(
  { skip }: TestContext,
  ...started: Parameters<typeof startEmulator>
): Promise<FunctionEndpoint> {
  return (await startEmulator(...started)) ?? skip('the emulator is not built: there was no Go, or no network');
}

test('a right forwarder passes under the emulator, throttled', async (context) => {
  await using folder = testFolder();
  const key = 'the-key-that-both-know';
  const [s3, sink] = (await freePorts(2)) as [number, number];
  const variables = { ...variablesFor({ s3, sink, key }), AWS_SESSION_TOKEN: 'token', TMPDIR: folder.path };
  await using endpoint = await emulatorOf(context, join(import.meta.dirname, 'shell/bootstrap'), variables);
  const scenario = {
    version: 1,
    name: 'emulator',
    seed: 5,
    traffic: { preset: 'web-vpc', records: 600 },
    objects: { maxRecords: 200 },
    target: { kind: 'lambda-endpoint', url: endpoint.url, function: 'function', ports: { s3, sink } },
    sink: { key },
    faults: [{ kind: 'sink.status', code: 503, nth: 1 }],
    expect: ['promises', 'truthful-acknowledgement'],
  };
  const result = await run(scenario, { out: folder.path });
  expect(result.verdict).toEqual({ validity: 'pass', findings: [] });
  expect(result.tally).toMatchObject({ expected: 600, delivered: 600 });
  expect(result.target.notes).toEqual([expect.stringContaining(`AWS_ENDPOINT_URL_S3=http://127.0.0.1:${s3}`)]);
});

test('its errors and its time limit are told from answers, although all are status 200', async (context) => {
  await using folder = testFolder();
  const bootstrap = folder.write(
    'bootstrap',
    `#!/bin/sh
api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
while event=$(curl -sf -D headers "$api/next"); do
  id=$(tr -d '\\r' <headers | sed -n 's/^lambda-runtime-aws-request-id: //Ip')
  case $event in
    '"fail"') curl -s -H 'Lambda-Runtime-Function-Error-Type: Unhandled' -d '{"errorType":"Bad","errorMessage":"no"}' "$api/$id/error" ;;
    '"hang"') exec sleep 100 ;;
    *) curl -s -d "\\"$id\\"" "$api/$id/response" ;;
  esac
done
`,
  );
  chmodSync(bootstrap, 0o755);
  const variables = { PATH: process.env['PATH']!, AWS_LAMBDA_FUNCTION_TIMEOUT: '1' };
  await using endpoint = await emulatorOf(context, bootstrap, variables);
  await using target = await openLambdaEndpoint({
    url: endpoint.url,
    functionName: 'function',
    timeoutMs: 60_000,
    concurrency: 1,
    surroundings: {},
    folder: folder.path,
    clock: openClock(),
  });
  const outcomeOf = async (payload: unknown): Promise<unknown> =>
    (await target.invoke({ requestId: 'id-1', payload }, new AbortController().signal)).outcome;
  expect(await outcomeOf('go')).toEqual({ status: 'succeeded', payload: 'id-1' });
  expect(await outcomeOf('fail')).toEqual({ status: 'failed', errorType: 'Bad', message: 'no' });
  expect(await outcomeOf('hang')).toEqual({ status: 'timed-out', message: 'Task timed out after 1.00 seconds' });
});
