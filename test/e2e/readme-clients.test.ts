// README's three examples of tests against the fake SigNoz, as they stand there, each where its language is.

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { expect, test } from 'vitest';

import { testFolder, type TestFolder } from '../cli/test-host.ts';
import { until } from './rig-process.ts';

const root = resolve(import.meta.dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** A folder with the one example of that language, under the name in its first line, and flowrig installed. */
function projectWith(language: string): { folder: TestFolder; name: string } {
  const examples = [...readme.matchAll(new RegExp(`\`\`\`${language}\n(?://|#) (\\S+)\n([^]*?)\`\`\``, 'g'))];
  expect(examples).toHaveLength(1);
  const [, name, text] = examples[0]!;
  const folder = testFolder();
  folder.write(name!, text!);
  mkdirSync(join(folder.path, 'node_modules/.bin'), { recursive: true });
  symlinkSync(join(root, 'src/cli/flowrig.js'), join(folder.path, 'node_modules/.bin/flowrig'));
  symlinkSync(join(root, 'node_modules/vitest'), join(folder.path, 'node_modules/vitest'));
  return { folder, name: name! };
}

/** Runs a program in the folder; fails with what it said. Nothing of flowrig is left behind it. */
async function run(folder: TestFolder, [program, ...args]: readonly [string, ...string[]]): Promise<string> {
  const child = spawn(program, args, { cwd: folder.path, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [status] = (await once(child, 'close')) as [number | null];
  expect({ status, said: status === 0 ? '' : said }).toEqual({ status: 0, said: '' });
  const command = 'node_modules/.bin/flowrig serve';
  await until('flowrig has ended', () => {
    const table = execFileSync('ps', ['-axo', 'args='], { encoding: 'utf8' });
    return !table.split('\n').some((row) => row.includes(command));
  });
  return said;
}

/** The module proxy and other toolchains are out of reach: nothing may be fetched. */
const environment = { ...process.env, GOFLAGS: '-mod=mod', GOPROXY: 'off', GOTOOLCHAIN: 'local', NO_COLOR: '1' };

function runs(program: string, ...args: string[]): boolean {
  return spawnSync(program, args).status === 0;
}

test('the example in pytest', async ({ skip }) => {
  skip(!runs('python3', '-c', 'import pytest, requests'), 'there is no python3 with pytest and requests');
  const { folder, name } = projectWith('python');
  await using _ = folder;
  expect(await run(folder, ['python3', '-m', 'pytest', '-q', '-p', 'no:cacheprovider', name])).toContain('1 passed');
});

// Where nothing was compiled yet, Go begins with its own standard library.
test('the example in Go', { timeout: 600_000 }, async ({ skip }) => {
  skip(!runs('go', 'version'), 'there is no go');
  const { folder } = projectWith('go');
  await using _ = folder;
  folder.write('go.mod', 'module shipper\n\ngo 1.20\n');
  expect(await run(folder, ['go', 'test', '-vet=off', '-count=1', '-v', '.'])).toContain('--- PASS: TestABatchArrives');
});

test('the example in vitest', async () => {
  const { folder, name } = projectWith('ts');
  await using _ = folder;
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  expect(await run(folder, [process.execPath, vitest, 'run', '--root', folder.path, name])).toContain('1 passed');
});
