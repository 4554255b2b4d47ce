// The target contract on each kind of target, with one forwarder: the right one of the zoo.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { withoutDocker } from '../targets/docker.ts';
import { freePorts, startInvokeApi, variablesFor } from '../targets/function-endpoint.ts';
import { targetContract } from './target-suite.ts';

const env = { SIGNOZ_JSON_URL: '${sink.jsonUrl}', SIGNOZ_KEY: '${sink.key}' };
const test = join(import.meta.dirname, '..');

targetContract('lambda', {
  scenario: {
    target: {
      kind: 'lambda',
      code: join(test, 'zoo/forwarders/right-flat-json.mjs'),
      memory: '512MB',
      timeout: '30s',
      concurrency: 2,
      env,
    },
  },
  isInvoked: true,
  isMeasured: true,
});

targetContract('command', {
  scenario: {
    trigger: { kind: 'sqs' },
    target: {
      kind: 'command',
      command: [process.execPath, join(test, 'targets/commands/poller.mjs'), '${sqs.queueUrl}'],
      env,
      ready: { log: 'polling' },
    },
    drain: { quiet: '500ms' },
  },
  isInvoked: false,
  isMeasured: true,
});

targetContract('container', {
  scenario: {
    trigger: { kind: 'sqs' },
    target: {
      kind: 'container',
      image: 'node:24-slim',
      command: [
        'node',
        '--input-type=module',
        '-e',
        readFileSync(join(test, 'targets/commands/plain-poller.mjs'), 'utf8'),
      ],
      env: { ...env, QUEUE_URL: '${sqs.queueUrl}' },
      ready: { log: 'polling' },
    },
    drain: { quiet: '500ms' },
  },
  missing: withoutDocker,
  isInvoked: false,
  isMeasured: false,
});

targetContract('in-process', {
  scenario: {},
  async handler(event, { s3Endpoint, jsonUrl, key: ingestionKey }) {
    const { Records } = event as { Records: { s3: { bucket: { name: string }; object: { key: string } } }[] };
    for (const { s3 } of Records) {
      const body = await (await fetch(`${s3Endpoint}/${s3.bucket.name}/${s3.object.key}`)).arrayBuffer();
      const [header, ...lines] = gunzipSync(body).toString().trim().split('\n');
      const names = header!.split(' ');
      const records = lines.map((line) =>
        Object.fromEntries(line.split(' ').map((value, field) => [names[field], value])),
      );
      await sendUntilTaken(jsonUrl, ingestionKey, JSON.stringify(records));
    }
  },
  isInvoked: true,
  isMeasured: false,
});

targetContract('lambda-endpoint', {
  scenario: {},
  async start() {
    const key = 'the-key-that-both-know';
    const [s3, sink] = (await freePorts(2)) as [number, number];
    const forwarder = join(test, 'zoo/forwarders/right-flat-json.mjs');
    const api = await startInvokeApi(forwarder, variablesFor({ s3, sink, key }));
    const target = { kind: 'lambda-endpoint', url: api.url, function: 'forwarder', ports: { s3, sink } };
    return { scenario: { target, sink: { key } }, [Symbol.asyncDispose]: () => api[Symbol.asyncDispose]() };
  },
  isInvoked: true,
  isMeasured: false,
});

async function sendUntilTaken(url: string, key: string, body: string): Promise<void> {
  const headers = { 'content-type': 'application/json', 'signoz-ingestion-key': key };
  for (;;) if ((await fetch(url, { method: 'POST', headers, body })).ok) return;
}
