// The published package: packed from a copy of this checkout, unpacked elsewhere, and run there as a stranger would run it.

import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'flowrig-package-'));
const installed = join(folder, 'elsewhere', 'node_modules', 'flowrig');
let tarball = '';

function copyCheckout(to: string): void {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: root,
    encoding: 'utf8',
  });
  for (const file of listed.split('\0').filter((name) => name !== '' && !name.startsWith('test/'))) {
    mkdirSync(dirname(join(to, file)), { recursive: true });
    cpSync(join(root, file), join(to, file), { force: true });
  }
  symlinkSync(join(root, 'node_modules'), join(to, 'node_modules'));
}

/** Dependencies come from this checkout's folder: a test needs no network. */
function installElsewhere(): void {
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1']);
  const modules = dirname(installed);
  for (const name of readdirSync(join(root, 'node_modules')).filter((entry) => !entry.startsWith('.'))) {
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
}

beforeAll(() => {
  const checkout = join(folder, 'checkout');
  copyCheckout(checkout);
  const packed = execFileSync('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: checkout,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const name = /"filename":\s*"([^"]+)"/.exec(packed)![1]!;
  tarball = join(folder, name);
  installElsewhere();
}, 120_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

function flowrig(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const entry = join(installed, 'src/cli/flowrig.js');
  return spawnSync(process.execPath, [entry, ...args], { cwd: join(folder, 'elsewhere'), encoding: 'utf8' });
}

test('the package holds compiled JavaScript, no sources and no Node of its own, and is small', () => {
  const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as Record<
    string,
    object | undefined
  >;
  expect(manifest['optionalDependencies']).toBeUndefined();
  expect(JSON.stringify(manifest['dependencies'])).not.toContain('node-');
  expect(manifest['engines']).toEqual({ node: '>=22.22' });
  const files = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).split('\n').filter(Boolean);
  const wanted = [
    'dist/index.js',
    'dist/index.d.ts',
    'dist/cli/main.js',
    'dist/forwarder/index.mjs',
    'dist/lambda/runtimes/node.mjs',
    'dist/report/html/page.js',
  ];
  expect(files).toEqual(
    expect.arrayContaining([...wanted, 'src/cli/flowrig.js', 'LICENSE'].map((file) => `package/${file}`)),
  );
  expect(files.filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))).toEqual([]);
  expect(files.filter((file) => /^package\/(test|node_modules)\//.test(file))).toEqual([]);
  expect(statSync(tarball).size).toBeLessThan(2 * 1024 ** 2);
});

test('the packed command line runs a scenario with the packed forwarder', () => {
  expect(flowrig('--version').stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  const { status, stdout, stderr } = flowrig('run', 'quickstart', '--set', 'traffic.records=2k', '--quiet');
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^PASS {2}quickstart/);
  expect(status).toBe(0);
});

test('the packed library runs a scenario with a handler of the caller’s own', () => {
  const elsewhere = join(folder, 'elsewhere');
  writeFileSync(
    join(elsewhere, 'use.mjs'),
    `import { run } from 'flowrig';
const scenario = { version: 1, name: 'library', traffic: { records: 100 } };
const result = await run(scenario, { handler: async () => undefined });
console.log(result.verdict.validity, result.tally.missing);
`,
  );
  const { stdout, stderr } = spawnSync(process.execPath, ['use.mjs'], { cwd: elsewhere, encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(stdout).toBe('fail 100\n');
});
