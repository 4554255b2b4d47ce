// Forwarders that poll a queue, as commands through the whole rig: what is lost, doubled and forgiven.

import { join } from 'node:path';

import { expect, test } from 'vitest';

import { run, type RunResult } from '../../src/index.ts';
import { testFolder } from '../cli/test-host.ts';
import { descendantsOf, livingOf, startFlowrig, until } from './rig-process.ts';

const poller = join(import.meta.dirname, '../targets/commands/poller.mjs');

function scenarioOf(quirk: string, over: object = {}): object {
  return {
    version: 1,
    name: `poller-${quirk || 'right'}`,
    seed: 7,
    traffic: { preset: 'web-vpc', records: 1000 },
    objects: { maxRecords: 250 },
    trigger: { kind: 'sqs', visibility: '30s' },
    target: {
      kind: 'command',
      command: [process.execPath, poller, '${sqs.queueUrl}', quirk],
      env: { SIGNOZ_JSON_URL: '${sink.jsonUrl}', SIGNOZ_KEY: '${sink.key}' },
      ready: { log: 'polling' },
    },
    drain: { quiet: '500ms' },
    expect: ['promises', 'truthful-acknowledgement'],
    ...over,
  };
}

async function runPoller(quirk: string, over: object = {}): Promise<RunResult> {
  await using folder = testFolder();
  return run(scenarioOf(quirk, over), { out: folder.path });
}

const idsOf = ({ verdict }: RunResult): string[] => verdict.findings.map(({ id }) => id).toSorted();

test('a right poller passes: each record once, and every message deleted', async () => {
  const result = await runPoller('');
  expect(result.verdict).toEqual({ validity: 'pass', findings: [] });
  expect(result.tally).toMatchObject({ expected: 1000, delivered: 1000 });
  expect(result.target).toEqual({ kind: 'command', restarts: 0 });
  expect(result.invocations.started).toBe(0);
  expect(result.resources.target!.cpuS).toBeGreaterThan(0);
});

test('a poller that knows one endpoint for S3 and SQS reads objects at the queue’s', async () => {
  const script = 'export AWS_ENDPOINT_URL_S3=$AWS_ENDPOINT_URL_SQS; exec "$0" "$@"';
  const result = await runPoller('', {
    target: {
      kind: 'command',
      command: ['/bin/sh', '-c', script, process.execPath, poller, '${sqs.queueUrl}'],
      env: { SIGNOZ_JSON_URL: '${sink.jsonUrl}', SIGNOZ_KEY: '${sink.key}' },
      ready: { log: 'polling' },
    },
  });
  expect(result.verdict).toEqual({ validity: 'pass', findings: [] });
  expect(result.tally).toMatchObject({ expected: 1000, delivered: 1000 });
});

test('a poller with nothing but Node passes, through SQS’s JSON protocol without a signature', async () => {
  const result = await runPoller('', {
    target: {
      kind: 'command',
      command: [process.execPath, join(import.meta.dirname, '../targets/commands/plain-poller.mjs')],
      env: { SIGNOZ_JSON_URL: '${sink.jsonUrl}', SIGNOZ_KEY: '${sink.key}', QUEUE_URL: '${sqs.queueUrl}' },
      ready: { log: 'polling' },
    },
  });
  expect(result.verdict).toEqual({ validity: 'pass', findings: [] });
});

test('a message that is deleted without a word of its records is a lost object and a false acknowledgement', async () => {
  const result = await runPoller('drops');
  expect(idsOf(result)).toEqual(['lost-records', 'untruthful-acknowledgement']);
  expect(result.tally).toMatchObject({ delivered: 750, missing: 250 });
});

test('deleting before sending is found out, although nothing is lost', async () => {
  const result = await runPoller('deletes-first');
  expect(idsOf(result)).toEqual(['untruthful-acknowledgement']);
});

test('a message that shows again because its visibility timeout ran out excuses its copies', async () => {
  const result = await runPoller('slow', { trigger: { kind: 'sqs', visibility: '1s' } });
  expect(result.verdict.validity).toBe('pass');
  expect(result.tally.duplicated).toEqual({
    afterLostReply: 0,
    afterDuplicateEvent: 250,
    afterFailedInvocation: 0,
    afterAcknowledgement: 0,
  });
});

test('a poller that dies before it deletes is started again, and what it sends twice is excused', async () => {
  const result = await runPoller('crashes', { trigger: { kind: 'sqs', visibility: '2s' } });
  expect(result.verdict.validity).toBe('pass');
  expect(result.target.restarts).toBe(1);
  expect(result.tally).toMatchObject({ delivered: 1000, duplicated: { afterDuplicateEvent: 250 } });
});

test('a run of a poller can be judged again', async () => {
  await using folder = testFolder();
  folder.write('scenario.yaml', JSON.stringify(scenarioOf('drops')));
  const told = await folder.flowrig('run', 'scenario.yaml', '--json');
  const judged = await folder.flowrig('judge', 'runs/latest', '--json');
  const [first, again] = [told, judged].map(({ stdout }) => JSON.parse(stdout) as RunResult);
  expect(again!.verdict).toEqual(first!.verdict);
  expect(again!.tally).toEqual(first!.tally);
});

test('SIGKILL of the rig leaves nothing of a command', async () => {
  await using folder = testFolder();
  // It never ends: the sink takes nothing.
  const faults = [{ kind: 'sink.status', code: 503 }];
  folder.write('scenario.yaml', JSON.stringify(scenarioOf('', { faults })));
  await using rig = startFlowrig(folder.path, ['run', 'scenario.yaml', '--quiet']);
  const pids = await until('the poller runs', () => {
    const rows = descendantsOf(rig.pid);
    return rows.length >= 2 ? rows.map(({ pid }) => pid) : undefined;
  });
  rig.signal('SIGKILL');
  await rig.ended;
  await until('no process of it is left', () => livingOf(pids).length === 0);
});
