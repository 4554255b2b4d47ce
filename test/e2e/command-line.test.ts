// What scripts rely on: exit codes of several scenarios, what stands on stdout, and the folder that a run leaves.

import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import type { RunResult } from '../../src/index.ts';
import { forwarderFolder, pipeline, scenarioOf } from './situation.ts';

/** Drops the last line of a file where the scenario says so. */
const source = `
import { newHandler } from ${JSON.stringify(pipeline)};
const isWrong = process.env.DROPS === 'yes';
export const handler = newHandler({ select: (lines) => (isWrong ? lines.slice(0, -1) : lines) });
`;

const small = { traffic: { preset: 'web-vpc', records: 20 } };
const env = { SIGNOZ_JSON_URL: '${sink.jsonUrl}', SIGNOZ_KEY: '${sink.key}' };
const target = (more: object): object => ({
  kind: 'lambda',
  code: './forwarder.mjs',
  memory: '512MB',
  timeout: '30s',
  ...more,
});

const passes = scenarioOf('./forwarder.mjs', small);
const fails = scenarioOf('./forwarder.mjs', { ...small, target: target({ env: { ...env, DROPS: 'yes' } }) });
/** Its fault waits for a ninth sighting that never comes. */
const silent = scenarioOf('./forwarder.mjs', { ...small, faults: [{ kind: 'sink.status', code: 429, nth: 9 }] });
const lacksNode = scenarioOf('./forwarder.mjs', { ...small, target: target({ interpreter: '/nowhere/node', env }) });

test('several scenarios end with the worst code: 4, 3, 1, 2, 0; and --json prints one result a line and nothing else', async () => {
  await using folder = forwarderFolder(source, small);
  for (const [name, text] of Object.entries({ passes, fails, silent, 'lacks-node': lacksNode })) {
    folder.write(`${name}.yaml`, text);
  }
  folder.write('mistaken.yaml', 'version: 1\nseeed: 3\n');
  const runTogether = async (...names: string[]): Promise<[code: number, verdicts: string[], stderr: string]> => {
    const files = names.map((name) => `${name}.yaml`);
    const { exitCode, stdout, stderr } = await folder.flowrig('run', ...files, '--json', '--quiet');
    const results = stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as RunResult);
    return [exitCode, results.map(({ scenario, verdict }) => `${scenario.name} ${verdict.validity}`), stderr];
  };
  expect(await runTogether('passes', 'silent')).toEqual([2, ['passes pass', 'silent unknown'], '']);
  expect(await runTogether('silent', 'fails')).toEqual([1, ['silent unknown', 'fails fail'], '']);
  const mistake = expect.stringContaining('mistaken.yaml:2: "seeed" is not a known key. Did you mean "seed"?');
  expect(await runTogether('fails', 'mistaken')).toEqual([3, ['fails fail'], mistake]);
  const [code, verdicts, stderr] = await runTogether('mistaken', 'lacks-node');
  expect([code, verdicts]).toEqual([4, []]);
  expect(stderr).toContain('target.interpreter: "/nowhere/node" does not exist.');
});

/** Types of all leaves and lists, by path: what readers of result.json rely on. */
function shapeOf(value: unknown, path = ''): Record<string, string> {
  if (Array.isArray(value)) return { [path]: 'list' };
  if (typeof value !== 'object' || value === null) return { [path]: typeof value };
  return Object.assign(
    {},
    ...Object.entries(value).map(([key, part]) => shapeOf(part, path === '' ? key : `${path}.${key}`)),
  );
}

const numbers = (prefix: string, names: string): [string, string][] =>
  names.split(' ').map((name) => [`${prefix}.${name}`, 'number']);

const expectedShape = Object.fromEntries([
  ...['formatVersion', 'seed', 'durationMs', 'skippedMs'].map((name) => [name, 'number']),
  ...[
    'flowrig.version',
    'startedAt',
    'folder',
    'egress',
    'corpus.fingerprint',
    'target.kind',
    'target.runtime',
    'target.interpreter',
    'target.limits.memory',
    'target.limits.cpu',
    'target.limits.processes',
    'target.limits.code',
    'target.codeSha256',
    'verdict.validity',
  ].map((name) => [name, 'string']),
  ...['environment.platform', 'environment.arch', 'environment.node'].map((name) => [name, 'string']),
  ...numbers('environment', 'cores'),
  ...numbers('corpus', 'version lines objects bytes'),
  ...numbers('tally', 'expected delivered altered missing deadLettered notOwed unexpected'),
  ...numbers('tally.duplicated', 'afterLostReply afterDuplicateEvent afterFailedInvocation afterAcknowledgement'),
  ...numbers('balance', 'lines header blank delivered altered missing deadLettered notOwed'),
  ...numbers('notOwed.optional', 'lines arrived'),
  ...numbers('notOwed.unwanted', 'lines arrived'),
  ...numbers('objects', 'written complete partial absent'),
  ...numbers('invocations', 'started succeeded failed timedOut outOfMemory throttled coldStarts retried deadLettered'),
  ...numbers('sink', 'requests accepted refused replyLost bytesReceived'),
  ...numbers('throughput', 'recordsPerS recordsPerCpuS bytesPerS'),
  ...numbers('latencyMs.delivery', 'p50 p90 p99 p999 max'),
  ...['atMs', 'p50', 'p99', 'max'].map((name) => [`latencyMs.overTime.${name}`, 'list'] as const),
  ...numbers('resources.target', 'cpuS rssPeakBytes gbSeconds logBytes'),
  ...numbers('resources.rig', 'cpuS rssPeakBytes'),
  ...numbers('headroom', 'ceilingRecordsPerS share'),
  ['headroom.measuredAt', 'string'],
  ['checks', 'list'],
  ['verdict.findings', 'list'],
  ['warnings', 'list'],
  ['target.notes', 'list'],
]);

test('a run leaves its folder: private, led to by latest, with a result of the documented shape; ten of a scenario are kept', async () => {
  await using folder = forwarderFolder(source, small);
  const parent = join(folder.path, 'runs/scenario');
  const earlier = Array.from({ length: 11 }, (_, i) => `202501${String(i + 10)}T000000.000Z`);
  for (const name of earlier) mkdirSync(join(parent, name), { recursive: true });
  mkdirSync(join(parent, 'mine'));
  const { exitCode, stdout, stderr } = await folder.flowrig('run', 'scenario.yaml');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^PASS {2}scenario\n\n {2}records {5}20 of 20 delivered\n/);
  expect(stdout).not.toContain('\u001B');
  expect(stderr).toMatch(/\nscenario {2}judge {2}█+ 20 arrived of 20 records, \S+\/s\n$/);

  const kept = readdirSync(parent).toSorted();
  expect(kept.filter((name) => earlier.includes(name))).toEqual(earlier.slice(2));
  expect(kept).toHaveLength(11);
  expect(kept).toContain('mine');
  const run = join(folder.path, 'runs/latest');
  expect(realpathSync(run)).toBe(realpathSync(join(parent, kept.at(-2)!)));
  expect(statSync(run).mode & 0o777).toBe(0o700);
  expect(readdirSync(run).toSorted()).toEqual([
    'archive',
    'ca.pem',
    'events.ndjson',
    'report.html',
    'report.txt',
    'result.json',
    'scenario.yaml',
    'target.log',
  ]);

  const result = JSON.parse(readFileSync(join(run, 'result.json'), 'utf8')) as RunResult;
  const { scenario, faultsFired, mapping, layout, ...rest } = result;
  expect(scenario.name).toBe('scenario');
  expect(faultsFired).toEqual({});
  expect(mapping).toMatchObject({ srcaddr: 'srcaddr', 'log-status': 'log-status' });
  expect(layout).toMatchObject({ source: 'inferred', arrivals: 20, explained: 20, examined: 0 });
  expect(result.sink.statusCounts).toEqual({ 200: 1 });
  const { statusCounts: _statusCounts, ...sink } = rest.sink;
  expect(shapeOf({ ...rest, sink })).toEqual(expectedShape);
  expect(new Date(result.startedAt).toISOString()).toBe(result.startedAt);

  const reported = await folder.flowrig('report', 'runs/latest');
  expect(reported.exitCode).toBe(0);
  expect(`${reported.stdout}\n`).toBe(stdout);
  expect(JSON.parse((await folder.flowrig('report', 'runs/latest', '--json')).stdout)).toEqual(result);
});

test('no run may be called latest, and nothing is run then', async () => {
  await using folder = forwarderFolder(source, small);
  const file = folder.write('latest.yaml', passes);
  const { exitCode, stderr } = await folder.flowrig('run', 'latest.yaml');
  expect(stderr).toBe(
    `${file} has a mistake.\n  ${file}:1: name: "latest" is taken: runs/latest leads to the last run. Choose another name.\n`,
  );
  expect(exitCode).toBe(3);
  expect(existsSync(join(folder.path, 'runs'))).toBe(false);
});

test('a fault that never fires makes a run unknown that would have passed', async () => {
  await using folder = forwarderFolder(source, small);
  folder.write('silent.yaml', silent);
  const { exitCode, stdout } = await folder.flowrig('run', 'silent.yaml');
  expect(stdout).toMatch(
    /^UNKNOWN {2}silent\n\n {2}\? the fault sink\.status never fired, so the run says nothing about it {2}\(fault-never-fired\)\n/,
  );
  expect(stdout).toContain('  records     20 of 20 delivered\n');
  expect(exitCode).toBe(2);
  const judged = await folder.flowrig('judge', 'runs/latest', '--json');
  expect(JSON.parse(judged.stdout)).toEqual(
    JSON.parse((await folder.flowrig('report', 'runs/latest', '--json')).stdout),
  );
});
