// What README promises: its commands and flags exist, its snippets run, and help comes quickly.

import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { expect, test } from 'vitest';

import type { RunResult } from '../../src/index.ts';
import { shippedScenarios } from '../../src/cli/scenarios.ts';
import { catalogue } from '../catalogue.ts';
import { testFolder } from '../cli/test-host.ts';
import { pipeline } from './situation.ts';

const root = resolve(import.meta.dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** First cells of the rows of the table below a header. */
function firstCells(header: string): string[] {
  const rows = readme
    .slice(readme.indexOf(`| ${header} `))
    .split('\n\n')[0]!
    .split('\n')
    .slice(2);
  return rows.map((row) => /^\| `([^`]*)`/.exec(row)![1]!);
}

/** Lines of the indented code blocks; fenced ones hold other languages. */
const commands = readme
  .replaceAll(/^```[^]*?^```$/gm, '')
  .split('\n')
  .flatMap((line) => /^ {4}(\S.*)$/.exec(line)?.[1]?.split(/\s+#/)[0] ?? []);

/** YAML snippets by the name that stands in the text before, or in their first line. */
const snippets = [...readme.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1]!);

async function help(...argv: string[]): Promise<string> {
  await using folder = testFolder();
  const { exitCode, stdout, stderr } = await folder.flowrig(...argv, '--help');
  expect([exitCode, stderr]).toEqual([0, '']);
  return stdout;
}

test('the commands of README’s table are those of flowrig --help, each with the arguments and flags that README shows', async () => {
  const rows = firstCells('command').map((row) => row.split(' ').slice(1));
  const listed = [...(await help()).matchAll(/^ {2}([a-z]+) /gm)].map((match) => match[1]!);
  expect(rows.map(([name]) => name)).toEqual(listed.filter((name) => name !== 'help'));
  for (const [name, ...words] of rows) {
    const usage = (await help(name!)).toLowerCase();
    for (const word of words.filter((text) => !/^DIR$/.test(text))) {
      const name_ = word.toLowerCase().replaceAll(/[[\].]/g, '');
      expect(usage, `${name} --help names ${word}`).toContain(name_);
    }
  }
  const run = await help('run');
  for (const flag of ['--json', '--set <path=value>', '--target <file>', '--seed <n>']) expect(run).toContain(flag);
});

test('every command of README’s code blocks exists', async () => {
  const scripts = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> })
    .scripts;
  expect(commands.length).toBeGreaterThanOrEqual(7);
  await using folder = testFolder();
  for (const command of commands) {
    const [program, ...words] = command.split(' ');
    if (program === 'npx') {
      expect(words.shift()).toBe('flowrig');
      const name = words.shift()!;
      if (name !== 'run') {
        const flags = words.filter((word) => word.startsWith('--'));
        const usage = await help(name);
        for (const flag of flags) expect(usage, command).toContain(flag);
        continue;
      }
      const known = await folder.flowrig('validate', ...words.filter((word) => !word.includes('/')));
      expect(known.exitCode, command).toBe(0);
    } else {
      expect(program).toBe('npm');
      expect(['ci', ...Object.keys(scripts)]).toContain(words.filter((word) => word !== 'run')[0]);
    }
  }
});

test('README’s project file and scenario run as they stand, against a handler that reads their variables', async () => {
  await using folder = testFolder();
  const [project, scenario] = snippets;
  folder.write('flowrig.yaml', project!);
  mkdirSync(join(folder.path, 'rig'));
  folder.write('rig/throttled.yaml', scenario!);
  mkdirSync(join(folder.path, 'src'));
  folder.write(
    'src/index.mjs',
    `process.env.SIGNOZ_JSON_URL = process.env.SIGNOZ_URL;
     const { newHandler } = await import(${JSON.stringify(pipeline)});
     export const handler = newHandler();`,
  );
  expect((await folder.flowrig('validate', 'core')).exitCode).toBe(0);
  const told = await folder.flowrig('run', 'rig/throttled.yaml', '--json', '--quiet');
  const result = JSON.parse(told.stdout) as RunResult;
  expect(result.verdict).toEqual({ validity: 'pass', findings: [] });
  expect(result.tally.expected).toBe(50_000);
  expect(told.exitCode).toBe(0);
});

test('README’s other scenarios are right as they stand', async () => {
  await using folder = testFolder();
  folder.write('my-forwarder', '');
  const files = snippets.slice(2).filter((text) => /^version: 1$/m.test(text));
  const [layout, ...more] = files.filter((text) => /^fields: /m.test(text));
  expect(more).toEqual([]);
  folder.write('layout.yaml', layout!);
  const others = files.filter((text) => text !== layout);
  others.push('version: 1\npromises: { layout: ./layout.yaml }\n');
  expect(others.length).toBeGreaterThanOrEqual(5);
  for (const text of others) {
    // A program that is named by its path must be there.
    const scenario = folder.write('scenario.yaml', text);
    const { exitCode, stderr } = await folder.flowrig('validate', scenario);
    expect([exitCode, stderr], text).toEqual([0, expect.any(String)]);
  }
});

test('README names the shipped scenarios, those of the groups beside core by their group', () => {
  const shipped = shippedScenarios();
  const grouped = shipped.filter(({ group }) => group !== '' && group !== 'core');
  const named = shipped.filter((scenario) => !grouped.includes(scenario)).map(({ name }) => name);
  expect(firstCells('name').toSorted()).toEqual(named.toSorted());
  for (const { group } of [...grouped, ...catalogue]) expect(readme).toContain(`npx flowrig run ${group}`);
});

/** Packages that a module imports before it does anything, itself and through others. */
function staticPackages(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return new Set();
  seen.add(file);
  const text = readFileSync(file, 'utf8');
  const imports = text.matchAll(/^(?:import|export)\s(?!type\b)(?:[^'";]*?\sfrom\s)?'([^']+)'/gm);
  const specifiers = [...imports].map((match) => match[1]!).filter((specifier) => !specifier.startsWith('node:'));
  return new Set(
    specifiers.flatMap((specifier) =>
      specifier.startsWith('.') ? [...staticPackages(resolve(dirname(file), specifier), seen)] : [specifier],
    ),
  );
}

test('flowrig --help loads no package but commander', () => {
  expect([...staticPackages(join(root, 'src/cli/main.ts'))]).toEqual(['commander']);
  // The walk sees what a command loads once it runs.
  expect([...staticPackages(join(root, 'src/cli/commands/run.ts'))]).toEqual(
    expect.arrayContaining(['typebox', 'yaml']),
  );
});
