// boto3 on our queue: each action by itself, and a forwarder that polls as a command.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { expect, test } from 'vitest';

import { run } from '../../src/index.ts';
import { testFolder } from '../cli/test-host.ts';
import { openQueueRig } from '../triggers/queue-rig.ts';
import { environmentOf, forwarders } from './with-python.ts';

const credentials = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret', AWS_DEFAULT_REGION: 'eu-west-1' };

test('every action of a poller works with boto3', async (context) => {
  const { path: python } = await environmentOf(context, 'right');
  await using rig = await openQueueRig();
  const program = [`${forwarders}/poller/every-action.py`, rig.QueueUrl, rig.queues.endpoint];
  const { stdout } = await promisify(execFile)(python, program, { env: credentials });
  expect(JSON.parse(stdout)).toEqual({
    url: true,
    urls: 2,
    sent: ['a', 'b'],
    bodies: ['ü', '1', '2'],
    counts: ['1', '1', '1'],
    attributes: 'me',
    again: ['ü'],
    deleted: [['x'], ['y']],
    left: '1',
    error: 'AWS.SimpleQueueService.NonExistentQueue',
  });
});

test('a forwarder in Python that polls the queue passes, message by message', async (context) => {
  const { path: python } = await environmentOf(context, 'right');
  await using folder = testFolder();
  const scenario = {
    version: 1,
    name: 'python-poller',
    traffic: { preset: 'web-vpc', records: 1000 },
    objects: { maxRecords: 250 },
    target: {
      kind: 'command',
      command: [python, `${forwarders}/poller/poller.py`, '${sqs.queueUrl}'],
      env: { SIGNOZ_URL: '${sink.jsonUrl}', SIGNOZ_KEY: '${sink.key}', PYTHONDONTWRITEBYTECODE: '1' },
      ready: { log: 'polling' },
    },
    drain: { quiet: '500ms' },
    expect: ['promises', 'truthful-acknowledgement', 'exactly-once'],
  };
  const result = await run(scenario, { out: folder.path });
  expect(result.verdict).toEqual({ validity: 'pass', findings: [] });
  expect(result.tally.delivered).toBe(1000);
});
