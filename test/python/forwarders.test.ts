// Real Python forwarders with boto3 and requests, through the whole rig: SigNoz's guide, and one that is right.

import { expect, test } from 'vitest';

import { run, type RunResult } from '../../src/index.ts';
import { testFolder } from '../cli/test-host.ts';
import { environmentOf, forwarders } from './with-python.ts';

async function runForwarder(forwarder: string, scenario: string): Promise<RunResult> {
  await using folder = testFolder();
  return run(scenario, { target: `${forwarders}/${forwarder}/flowrig.yaml`, out: folder.path });
}

const fiveObjects = `${forwarders}/guide/five-objects.yaml`;

const findingsOf = ({ verdict }: RunResult): string[] => verdict.findings.map(({ id }) => id).toSorted();

test('the guide’s forwarder sends the whole bucket at each event, and the header lines with it', async (context) => {
  await environmentOf(context, 'guide');
  const result = await runForwarder('guide', fiveObjects);
  expect(findingsOf(result)).toEqual(['doubled-records', 'header-sent']);
  expect(result.tally).toMatchObject({ expected: 500, delivered: 500, missing: 0 });
  // How many objects the bucket holds at an event is the only thing that timing decides.
  const { afterAcknowledgement } = result.tally.duplicated;
  expect(afterAcknowledgement).toBeGreaterThan(0);
  expect(result.tally.unexpected).toBe(5 + afterAcknowledgement / 100);
  expect(result.sink.requests).toBe(5 + afterAcknowledgement / 100);
  expect(result.target).toMatchObject({ kind: 'lambda', runtime: 'python3.11' });
  expect(result.target.interpreter).toMatch(/^Python 3\.\d+\.\d+/);
  expect(result.invocations).toMatchObject({ started: 5, succeeded: 5, coldStarts: 1 });
});

test('the guide’s forwarder reports success while SigNoz refuses all that it sends', async (context) => {
  await environmentOf(context, 'guide');
  await using folder = testFolder();
  const scenario = {
    version: 1,
    name: 'down',
    traffic: { preset: 'web-vpc', records: 100 },
    faults: [{ kind: 'sink.status', code: 503, share: 1 }],
    expect: ['promises', 'truthful-acknowledgement'],
  };
  const result = await run(scenario, { target: `${forwarders}/guide/flowrig.yaml`, out: folder.path });
  expect(findingsOf(result)).toEqual(['lost-records', 'untruthful-acknowledgement']);
  expect(result.tally).toMatchObject({ expected: 100, missing: 100 });
});

test.for([fiveObjects, 'sink-429', 'nodata-skipdata', 'aws-examples'])(
  'a right forwarder in Python passes %s',
  async (name, context) => {
    await environmentOf(context, 'right');
    const scenario = name.endsWith('.yaml') ? name : `${import.meta.dirname}/../../scenarios/${name}.yaml`;
    const result = await runForwarder('right', scenario);
    expect(findingsOf(result)).toEqual([]);
    expect(result.tally.delivered).toBe(result.tally.expected);
  },
);
