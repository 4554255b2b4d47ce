// What is wrong with the forwarder's code is the forwarder's failure; what is not there at all is the user's mistake.

import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import type { RunResult } from '../../src/index.ts';
import { forwarderFolder, rightForwarder } from './situation.ts';

const oneObject = { traffic: { preset: 'web-vpc', records: 100 } };

async function failedRun(source: string, over: object = {}): Promise<RunResult & { readonly screen: string }> {
  await using folder = forwarderFolder(source, { ...oneObject, ...over });
  const { exitCode, stdout, stderr } = await folder.flowrig('run', 'scenario.yaml', '--json', '--quiet');
  expect(stderr).toBe('');
  expect(exitCode).toBe(1);
  const screen = await folder.flowrig('report', 'runs/latest');
  return { ...(JSON.parse(stdout) as RunResult), screen: screen.stdout };
}

/** Everything that its findings say, as one text. */
function told({ verdict }: RunResult): string {
  return verdict.findings
    .flatMap(({ id, summary, witnesses }) => [`${id}: ${summary}`, ...witnesses.map((witness) => witness.note ?? '')])
    .join('\n');
}

test.concurrent('a handler that is not exported is Runtime.HandlerNotFound: a finding with the last output, and exit 1', async () => {
  const result = await failedRun('console.log("loaded"); export const handle = async () => {};\n');
  expect(result.invocations).toMatchObject({ started: 3, failed: 3, retried: 2, deadLettered: 1 });
  expect(result.tally).toMatchObject({ expected: 100, deadLettered: 100 });
  expect(told(result)).toContain('initialisation-failed: ');
  expect(told(result)).toContain('Runtime.HandlerNotFound: forwarder.handler is undefined or not exported');
  expect(told(result)).toContain('last output of the forwarder:');
  expect(told(result)).toContain('loaded');
});

test.concurrent('an import that cannot be resolved is Runtime.ImportModuleError, with the module’s name', async () => {
  const result = await failedRun('import "@nobody/has-this";\nexport const handler = async () => {};\n');
  expect(told(result)).toContain('initialisation-failed: ');
  expect(told(result)).toContain('Runtime.ImportModuleError');
  expect(told(result)).toContain('@nobody/has-this');
});

test.concurrent('code that throws while it is imported is told with its own error and output', async () => {
  const result = await failedRun('console.log("about to fail");\nthrow new TypeError("SIGNOZ_KEY is not a key");\n');
  expect(told(result)).toContain('TypeError: SIGNOZ_KEY is not a key');
  expect(told(result)).toContain('about to fail');
  expect(result.tally.deadLettered).toBe(100);
});

test.concurrent('a process that ends in mid-invocation is Runtime.ExitError; what it wrote last does not steer the terminal', async () => {
  const source = 'export const handler = async () => { console.log("bye\\u001b[2J"); process.exit(7); };\n';
  const result = await failedRun(source);
  expect(told(result)).toContain('Runtime.ExitError');
  expect(told(result)).toContain('exit status 7');
  expect(told(result)).toContain('bye\u001B[2J');
  expect(result.screen).toContain('bye\\x1b[2J');
  expect(result.screen).not.toContain('\u001B');
});

test.concurrent('a handler that never returns is timed out, retried after waits that are skipped, and dead-lettered', async () => {
  const hangs = 'export const handler = () => new Promise(() => setInterval(() => undefined, 1000));\n';
  const result = await failedRun(hangs, { limits: { timeout: '1s' } });
  expect(result.invocations).toMatchObject({ started: 3, timedOut: 3, retried: 2, deadLettered: 1 });
  expect(result.skippedMs).toBeGreaterThan(170_000);
  expect(result.skippedMs).toBeLessThan(181_000);
  expect(result.tally).toMatchObject({ expected: 100, deadLettered: 100, missing: 0 });
  expect(told(result)).toContain('Task timed out after 1.00 seconds');
});

test('a code path that is missing is a mistake with its place, exit 3, and no run is begun', async () => {
  await using folder = forwarderFolder(rightForwarder, oneObject);
  const file = folder.write(
    'gone.yaml',
    'version: 1\ntraffic: { records: 100 }\ntarget:\n  kind: lambda\n  code: ./gone.mjs\n',
  );
  for (const command of ['run', 'validate']) {
    const { exitCode, stderr } = await folder.flowrig(command, 'gone.yaml');
    expect(stderr).toBe(
      `${file} has a mistake.\n  ${file}:5: target.code: "${join(folder.path, 'gone.mjs')}" does not exist. Name the folder or the file that holds the handler.\n`,
    );
    expect(exitCode).toBe(3);
  }
  folder.write('code.rb', 'def handler(event:, context:) end\n');
  folder.write('ruby.yaml', 'version: 1\ntarget: { kind: lambda, code: ./code.rb }\n');
  const ruby = await folder.flowrig('run', 'ruby.yaml');
  expect(ruby.stderr).toContain('ruby.yaml:2: target.code: "');
  expect(ruby.stderr).toContain(
    'code.rb" is no code. Name a folder, a .zip, one .mjs, .cjs, .js, .py file, or an executable named bootstrap.',
  );
  expect(ruby.exitCode).toBe(3);
  expect(existsSync(join(folder.path, 'runs'))).toBe(false);
});

test('an interpreter that is missing is a lack of the environment, exit 4, and leaves no run behind', async () => {
  await using folder = forwarderFolder(rightForwarder, oneObject);
  folder.write(
    'other-node.yaml',
    'version: 1\ntraffic: { records: 100 }\ntarget: { kind: lambda, code: ./forwarder.mjs, interpreter: /nowhere/node }\n',
  );
  const { exitCode, stderr } = await folder.flowrig('run', 'other-node.yaml', '--quiet');
  expect(stderr).toMatch(/^target\.interpreter: "\/nowhere\/node" does not exist\. Install it, /);
  expect(exitCode).toBe(4);
  expect(existsSync(join(folder.path, 'runs/latest'))).toBe(false);
});

test('an unset ${env.NAME} and an unknown ${...} are told before anything runs, with name and place', async () => {
  await using folder = forwarderFolder(rightForwarder);
  const file = folder.write(
    'names.yaml',
    [
      'version: 1',
      'target:',
      '  kind: lambda',
      '  code: ./forwarder.mjs',
      '  env:',
      "    KEY: '${env.MY_SIGNOZ_KEY}'",
      "    URL: '${sink.jsonURL}'",
      "    FINE: '${sink.key} ${env.HOME_TOWN}'",
      '',
    ].join('\n'),
  );
  for (const command of ['run', 'validate']) {
    const { exitCode, stderr } = await folder.flowrig(command, 'names.yaml');
    expect(stderr.split('\n')).toEqual([
      `${file} has 3 mistakes.`,
      `  ${file}:6: target.env.KEY: \${env.MY_SIGNOZ_KEY}: the environment variable MY_SIGNOZ_KEY is not set.`,
      `  ${file}:7: target.env.URL: "sink.jsonURL" is not a known name for \${...}. Did you mean "sink.jsonUrl"?`,
      `  ${file}:8: target.env.FINE: \${env.HOME_TOWN}: the environment variable HOME_TOWN is not set.`,
      '',
    ]);
    expect(exitCode).toBe(3);
  }
  expect(existsSync(join(folder.path, 'runs'))).toBe(false);
});
