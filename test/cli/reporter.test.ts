// `--reporter`: which reports are written and which are shown, for `flowrig report` on the folder of a run.

import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { renderJunit } from '../../src/report/junit.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { sampleResult } from '../report/sample-result.ts';
import { testFolder, type TestFolder } from './test-host.ts';

/** The folder of a run, as far as reports need it. */
function folderWithRun(): TestFolder {
  const folder = testFolder();
  mkdirSync(join(folder.path, 'run'));
  folder.write('run/scenario.yaml', 'version: 1\nname: sample\n');
  folder.write('run/result.json', JSON.stringify(sampleResult()));
  return folder;
}

test('report writes the files that were asked for and says where they lie', async () => {
  await using folder = folderWithRun();
  const { exitCode, stdout, stderr } = await folder.flowrig('report', 'run', '--reporter', 'junit,markdown');
  const [junit, markdown] = ['junit.xml', 'report.md'].map((name) => join(folder.path, 'run', name));
  expect([exitCode, stdout, stderr]).toEqual([0, `FAIL  sample  ${junit}  ${markdown}\n`, '']);
  expect(readFileSync(junit!, 'utf8')).toBe(renderJunit(sampleResult()));
  expect(readFileSync(markdown!, 'utf8')).toBe(renderMarkdown(sampleResult()));

  const screen = await folder.flowrig('report', 'run', '--reporter', 'console,junit');
  expect(screen.stdout).toMatch(/^FAIL {2}sample {2}A forwarder that loses lines\.\n/);
  expect(screen.stdout.endsWith(`\n  report      ${junit}\n`)).toBe(true);
});

test('with --json stdout carries one result and nothing else, and files are written all the same', async () => {
  await using folder = folderWithRun();
  const { exitCode, stdout, stderr } = await folder.flowrig('report', 'run', '--json', '--reporter', 'console,junit');
  expect([exitCode, stderr]).toEqual([0, '']);
  expect(stdout.match(/\n/g)).toHaveLength(1);
  expect(JSON.parse(stdout)).toEqual(sampleResult());
  expect(existsSync(join(folder.path, 'run/junit.xml'))).toBe(true);
});

test('the page of a run whose events and archive are gone tells what its result does', async () => {
  await using folder = folderWithRun();
  const { stdout } = await folder.flowrig('report', 'run', '--reporter', 'html');
  expect(stdout).toBe(`FAIL  sample  ${join(folder.path, 'run/report.html')}\n`);
  const page = readFileSync(join(folder.path, 'run/report.html'), 'utf8');
  expect(page).toContain('3 of 2,000 owed records never arrived');
  expect(page).not.toContain('id="over-time"');
});

test('an unknown word is refused with the nearest one, exit 3, before anything runs', async () => {
  await using folder = folderWithRun();
  for (const command of [
    ['report', 'run'],
    ['judge', 'run'],
    ['run', 'nowhere.yaml'],
  ]) {
    const { exitCode, stdout, stderr } = await folder.flowrig(...command, '--reporter', 'console,junt');
    expect([exitCode, stdout]).toEqual([3, '']);
    expect(stderr).toBe('--reporter console,junt: "junt" is not a known report. Did you mean "junit"?\n');
  }
  const { stderr } = await folder.flowrig('report', 'run', '--reporter', '');
  expect(stderr).toMatch(/^--reporter : "" is not a known report\. There is: console, text, json, junit, /);
});

test('a report that cannot be written says so, exit 4', async () => {
  await using folder = folderWithRun();
  mkdirSync(join(folder.path, 'run/junit.xml'));
  const { exitCode, stderr } = await folder.flowrig('report', 'run', '--reporter', 'junit');
  expect(exitCode).toBe(4);
  expect(stderr).toMatch(/^Cannot write .*junit\.xml: EISDIR.*\. Free space, or leave junit out of --reporter\.\n$/);
});

test('list tells the reports and their files', async () => {
  await using folder = testFolder();
  const { stdout } = await folder.flowrig('list', 'reports');
  expect(stdout).toContain('  junit     JUnit XML for CI servers: a check is a case (junit.xml)\n');
});
