// What the GitHub Action does: runs the scenarios, and tells GitHub of them by its files and commands (docs.github.com, "Workflow
// commands for GitHub Actions"). It runs as it is, on Node 24, and needs nothing of GitHub but the variables that name its files.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const flowrig = resolve(import.meta.dirname, '../../src/cli/flowrig.js');

/** GitHub shows ten annotations of a kind for a step, and takes 1 MiB of summary. */
const annotationsShown = 10;
const summaryLimitBytes = 1_000_000;

interface Finding {
  readonly id: string;
  readonly check: string;
  readonly validity: 'pass' | 'fail' | 'unknown';
  readonly summary: string;
}

interface Result {
  readonly scenario: { readonly name: string };
  readonly folder: string;
  readonly verdict: { readonly validity: Finding['validity']; readonly findings: readonly Finding[] };
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Runs `flowrig run` with what the inputs say, and returns its exit code. */
async function main(env: Environment, cwd: string): Promise<number> {
  const scenarios = lines(env['FLOWRIG_SCENARIOS']).flatMap((line) => scenariosOf(line, cwd));
  // GitHub shows an annotation at a file of the repository only by its path from there.
  const workspace = env['GITHUB_WORKSPACE'] ?? cwd;
  const target = env['FLOWRIG_TARGET'] ?? '';
  const out = join(env['RUNNER_TEMP'] ?? cwd, 'flowrig-runs');
  const child = spawn(
    process.execPath,
    [
      flowrig,
      'run',
      ...scenarios,
      '--json',
      '--out',
      out,
      '--reporter',
      'junit,markdown,html',
      ...(target === '' ? [] : ['--target', target]),
      ...lines(env['FLOWRIG_SET']).flatMap((over) => ['--set', over]),
    ],
    { cwd, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const exited = once(child, 'close') as Promise<[number | null]>;
  const results: Result[] = [];
  const mistakes: string[] = [];
  await Promise.all([
    eachLine(child.stdout, (line) => results.push(JSON.parse(line) as Result)),
    eachLine(child.stderr, (line) => {
      process.stderr.write(`${line}\n`);
      mistakes.push(...annotationOfMistake(line, workspace));
    }),
  ]);
  const [exitCode] = await exited;
  const files = scenarioFiles(scenarios, cwd);
  const annotations = [...mistakes, ...results.flatMap((result) => annotationsOf(result, files, workspace))];
  for (const annotation of annotations.slice(0, annotationsShown)) process.stdout.write(`${annotation}\n`);
  for (const { scenario, verdict } of results) process.stdout.write(`${verdict.validity}  ${scenario.name}\n`);
  append(env['GITHUB_STEP_SUMMARY'], summaryOf(results));
  append(env['GITHUB_OUTPUT'], `verdict=${verdictOf(exitCode)}\nfolder=${out}\n`);
  return exitCode ?? 1;
}

/** Words apart by spaces, or one path with spaces in it. */
function scenariosOf(line: string, cwd: string): string[] {
  return existsSync(resolve(cwd, line)) ? [line] : line.split(/\s+/);
}

function lines(text: string | undefined): string[] {
  return (text ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
}

async function eachLine(stream: NodeJS.ReadableStream, take: (line: string) => void): Promise<void> {
  for await (const line of createInterface({ input: stream })) if (line !== '') take(line);
}

/** Files of the repository that the words mean; shipped scenarios stand in none. Without words, what flowrig.yaml names is not looked for. */
function scenarioFiles(scenarios: readonly string[], cwd: string): string[] {
  return scenarios.flatMap((word) => {
    const path = resolve(cwd, word);
    if (!existsSync(path)) return globSync(path);
    return statSync(path).isDirectory() ? globSync(join(path, '*.{yaml,yml}')) : [path];
  });
}

/** At the line of the scenario that expects what a finding says is not so. */
function annotationsOf({ scenario, verdict }: Result, files: readonly string[], workspace: string): string[] {
  const file = files.find((path) => nameOf(path) === scenario.name);
  return verdict.findings
    .filter(({ validity }) => validity !== 'pass')
    .map(({ id, check, validity, summary }) =>
      command(validity === 'fail' ? 'error' : 'warning', summary, {
        title: `${scenario.name}: ${id}`,
        ...(file === undefined ? {} : { file: relative(workspace, file), line: String(lineOf(file, check)) }),
      }),
    );
}

function nameOf(file: string): string {
  const written = /^name:\s*(['"]?)([^\s'"#]+)\1/m.exec(readFileSync(file, 'utf8'))?.[2];
  return written ?? basename(file).replace(/\.ya?ml$/, '');
}

/** The line that names the check, else the one that says what is expected, else the first. */
function lineOf(file: string, check: string): number {
  const text = readFileSync(file, 'utf8').split('\n');
  const start = text.findIndex((line) => line.startsWith('expect:'));
  const named = start === -1 ? -1 : text.findIndex((line, index) => index >= start && holdsWord(line, check));
  return Math.max(named, start, 0) + 1;
}

function holdsWord(line: string, word: string): boolean {
  return line.split(/[\s,[\]'"]+/).includes(word);
}

/** A mistake in a scenario is told as `  FILE:LINE: what is wrong`. */
function annotationOfMistake(line: string, workspace: string): string[] {
  const match = /^\s+(\/.+?\.ya?ml):(\d+): (.+)$/.exec(line);
  if (!match) return [];
  const [, file, at, message] = match as unknown as [string, string, string, string];
  return [command('error', message, { title: 'flowrig', file: relative(workspace, file), line: at })];
}

/** Data and properties are escaped as actions/toolkit does it (packages/core/src/command.ts). */
function command(name: 'error' | 'warning', message: string, properties: Readonly<Record<string, string>>): string {
  const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
  const said = Object.entries(properties).map(([key, value]) => `${key}=${property(value)}`);
  return `::${name} ${said.join(',')}::${data(message)}`;
}

function summaryOf(results: readonly Result[]): string {
  const counts = (['pass', 'fail', 'unknown'] as const).map(
    (validity) => `${results.filter(({ verdict }) => verdict.validity === validity).length} ${validity}`,
  );
  const reports = results.map(({ folder }) => readFileSync(join(folder, 'report.md'), 'utf8'));
  const head = `# flowrig: ${counts.join(', ')}`;
  let sizeBytes = 0;
  const shown = reports.filter((report) => (sizeBytes += Buffer.byteLength(report)) < summaryLimitBytes);
  const rest = reports.length - shown.length;
  return `${[head, ...shown, ...(rest === 0 ? [] : [`${rest} more stand in the artifact.`])].join('\n\n')}\n`;
}

function verdictOf(exitCode: number | null): string {
  return { 0: 'pass', 1: 'fail', 2: 'unknown' }[exitCode ?? -1] ?? 'not judged';
}

/** Outside of GitHub there may be no such file. */
function append(file: string | undefined, text: string): void {
  if (file !== undefined && file !== '') appendFileSync(file, text);
}

process.exitCode = await main(process.env, process.cwd());
