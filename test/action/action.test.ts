// The GitHub Action outside of GitHub: its script runs with files in place of GitHub's, and what it writes into them is what GitHub
// shows. Its steps are held to what its script reads.

import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { expect, test } from 'vitest';
import { parse } from 'yaml';

import { testFolder } from '../cli/test-host.ts';

const root = join(import.meta.dirname, '../..');
const script = join(root, '.github/action/run-scenarios.ts');

interface Said {
  readonly exitCode: number;
  readonly stdout: string;
  readonly summary: string;
  readonly output: string;
}

/** Runs the script in a repository whose folder `the rig` holds these files. */
async function act(files: Readonly<Record<string, string>>, inputs: Readonly<Record<string, string>>): Promise<Said> {
  await using folder = testFolder();
  mkdirSync(join(folder.path, 'the rig'));
  for (const [name, text] of Object.entries(files)) folder.write(join('the rig', name), text);
  for (const name of ['summary', 'output']) folder.write(name, '');
  const env = {
    PATH: process.env['PATH'],
    XDG_CACHE_HOME: process.env['XDG_CACHE_HOME'],
    RUNNER_TEMP: folder.path,
    GITHUB_WORKSPACE: folder.path,
    GITHUB_STEP_SUMMARY: join(folder.path, 'summary'),
    GITHUB_OUTPUT: join(folder.path, 'output'),
    ...inputs,
  };
  const { exitCode, stdout } = await promisify(execFile)(process.execPath, [script], {
    cwd: join(folder.path, 'the rig'),
    env,
  }).then(
    (told) => ({ exitCode: 0, stdout: told.stdout }),
    (error: { code: number; stdout: string }) => ({ exitCode: error.code, stdout: error.stdout }),
  );
  const read = (name: string): string => readFileSync(join(folder.path, name), 'utf8').replaceAll(folder.path, '.');
  return { exitCode, stdout, summary: read('summary'), output: read('output') };
}

const handler = 'export async function handler() {}\n';

test('a forwarder that sends nothing fails the step, at the line of the scenario, with a summary and an output', async () => {
  const scenario = 'version: 1\nname: quiet\ntraffic: { records: 10 }\nexpect:\n  - exactly-once\n  - no-loss\n';
  const { exitCode, stdout, summary, output } = await act(
    { 'a quiet one.yaml': scenario, 'my lambda.mjs': handler },
    {
      FLOWRIG_SCENARIOS: 'a quiet one.yaml\n',
      FLOWRIG_TARGET: 'my lambda.mjs',
      FLOWRIG_SET: 'traffic.records=20\n\nseed=7\n',
    },
  );
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/^::error title=quiet%3A lost-records,file=the rig\/a quiet one\.yaml,line=[56]::.*20/m);
  expect(summary).toMatch(/^# flowrig: 0 pass, 1 fail, 0 unknown\n/);
  expect(summary).toContain('FAIL quiet');
  expect(output).toBe('verdict=fail\nfolder=./flowrig-runs\n');
});

test('a mistake in a scenario is an annotation at its line', async () => {
  const { exitCode, stdout, output } = await act(
    { 'bad.yaml': 'version: 1\nseed: 1\ntraffic:\n  records: lots, 100%\n' },
    { FLOWRIG_SCENARIOS: 'bad.yaml bad.yaml' },
  );
  expect(exitCode).toBe(3);
  expect(stdout).toContain(
    '::error title=flowrig,file=the rig/bad.yaml,line=4::traffic.records: "lots, 100%25" is not a count.',
  );
  expect(output).toContain('verdict=not judged\n');
});

test('the action hands every input on, and keeps the reports whatever the verdict', () => {
  const action = parse(readFileSync(join(root, 'action.yml'), 'utf8')) as {
    inputs: Record<string, { description: string; default: string }>;
    outputs: Record<string, { value: string }>;
    runs: { steps: { id?: string; if?: string; env?: Record<string, string>; with?: Record<string, string> }[] };
  };
  const text = readFileSync(join(root, 'action.yml'), 'utf8');
  for (const name of Object.keys(action.inputs)) expect(text).toContain(`\${{ inputs.${name} }}`);
  for (const { value } of Object.values(action.outputs)) expect(value).toMatch(/steps\.run\.outputs\.(verdict|folder)/);
  const source = readFileSync(script, 'utf8');
  const { env = {} } = action.runs.steps.find(({ id }) => id === 'run')!;
  for (const name of Object.keys(env)) expect(source).toContain(`'${name}'`);
  const upload = action.runs.steps.at(-1)!;
  expect(upload.if).toMatch(/^always\(\)/);
  expect(upload.with!['path']).toContain('junit.xml');
  expect(upload.with!['path']).toContain('report.html');
});
