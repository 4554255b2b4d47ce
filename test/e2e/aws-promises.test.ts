// What AWS promises of S3's events and of Lambda: each promise with the page that makes it and the test that holds it. The few that
// no test of a room holds stand here.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { testFolder } from '../cli/test-host.ts';
import { openTestTarget } from '../targets/open-test-target.ts';
import { keptPromises } from './kept-promises.ts';

const root = join(import.meta.dirname, '../..');

test.each(keptPromises)('$promise: $file holds it', ({ page, file, title }) => {
  expect(page).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/\S+\.html$|^https:\/\/aws\.amazon\.com\//);
  expect(readFileSync(join(root, file), 'utf8')).toContain(title);
});

/** The mistakes of a scenario in YAML, each as `line: sentence`. */
async function mistakesOf(...lines: string[]): Promise<string[]> {
  await using folder = testFolder();
  const file = folder.write('s.yaml', ['version: 1', ...lines, ''].join('\n'));
  const { stderr } = await folder.flowrig('validate', 's.yaml');
  const told = stderr.split('\n').filter((line) => line.startsWith('  '));
  return told.map((line) => line.trim().replace(`${file}:`, ''));
}

test('a function has 128 MB to 10,240 MB and at most 15 minutes', async () => {
  const limits = (memory: string, timeout: string): Promise<string[]> =>
    mistakesOf(
      'target:',
      '  kind: lambda',
      '  code: builtin:forwarder',
      `  memory: ${memory}`,
      `  timeout: ${timeout}`,
    );
  expect(await limits('127MB', '901s')).toEqual([
    "5: memory: 127MB is outside of Lambda's range, 128MB to 10240MB.",
    "6: timeout: 901s is outside of Lambda's range, up to 900s.",
  ]);
  expect(await limits('10240MB', '900s')).toEqual([]);
  expect(await mistakesOf('limits:', '  memory: 127MB')).toEqual([
    "3: memory: 127MB is outside of Lambda's range, 128MB to 10240MB.",
  ]);
});

test('a function’s own variables have 4 KB together', async () => {
  const target = (length: number): string[] => [
    'target:',
    '  kind: lambda',
    '  code: builtin:forwarder',
    '  env:',
    `    A: ${'x'.repeat(length)}`,
    `    B: y`,
  ];
  expect(await mistakesOf(...target(4093))).toEqual([]);
  expect(await mistakesOf(...target(4094))).toEqual([
    '5: target.env: the variables have 4097 bytes, names and values together; Lambda takes 4096.',
  ]);
});

test('a function that says nothing has 128 MB and 3 seconds', async () => {
  await using folder = testFolder();
  folder.write('index.mjs', 'export const handler = async () => {};');
  folder.write(
    's.yaml',
    '{ version: 1, traffic: { preset: web-vpc, records: 10 }, target: { kind: lambda, code: ./index.mjs } }',
  );
  const { stdout } = await folder.flowrig('run', 's.yaml', '--json', '--quiet');
  const { scenario } = JSON.parse(stdout) as { scenario: { target: object } };
  expect(scenario.target).toMatchObject({ memory: '128MB', timeout: '3s' });
});

test('a sandbox has 1,024 open files', async () => {
  await using opened = await openTestTarget(`
    import { closeSync, openSync } from 'node:fs';
    export const handler = async () => {
      const files = [];
      try {
        for (;;) files.push(openSync('/dev/null'));
      } catch ({ code }) {
        const least = Math.min(...files);
        files.forEach(closeSync);
        return { code, highest: least + files.length <= 1024 };
      }
    };`);
  expect(await opened.outcome()).toEqual({ status: 'succeeded', payload: { code: 'EMFILE', highest: true } });
});

test('an init has 10 seconds, whatever the function’s own limit is, and is repeated then inside of that limit', async () => {
  await using opened = await openTestTarget(
    `import { existsSync, writeFileSync } from 'node:fs';
      const mark = process.env.TMPDIR + '/seen';
      const isSecond = existsSync(mark);
      writeFileSync(mark, '');
      if (!isSecond) await new Promise((done) => setTimeout(done, 60_000));
      export const handler = async () => 'second init';`,
    { timeoutMs: 3000 },
  );
  const { outcome, startedMs, endedMs } = await opened.invoke();
  expect(outcome).toEqual({ status: 'succeeded', payload: 'second init' });
  expect(endedMs - startedMs).toBeGreaterThan(10_000);
});

test('a function with a reserved concurrency is throttled beyond it, and forwards everything all the same', async () => {
  await using folder = testFolder();
  const target = '{ kind: lambda, code: builtin:forwarder, memory: 512MB, timeout: 60s, reservedConcurrency: 1 }';
  const traffic = 'traffic: { preset: web-vpc, records: 200 }';
  folder.write('s.yaml', ['version: 1', traffic, 'objects: { maxRecords: 50 }', `target: ${target}`, ''].join('\n'));
  const { exitCode, stdout } = await folder.flowrig('run', 's.yaml', '--json');
  const { invocations, tally, scenario } = JSON.parse(stdout);
  expect([exitCode, tally.delivered, scenario.target.concurrency]).toEqual([0, 200, 1]);
  expect(invocations.throttled).toBeGreaterThan(0);
});
