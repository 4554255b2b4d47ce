// Python without preparation: a run without network finds what `flowrig setup` made, or names the command.

import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { testFolder } from '../cli/test-host.ts';
import { pythonOf } from './with-python.ts';

const scenario = JSON.stringify({
  version: 1,
  traffic: { preset: 'web-vpc', records: 100 },
  target: { kind: 'lambda', runtime: 'python3.11', code: '.' },
});

const PATH = process.env['PATH']!;

test('a run whose requirements are not installed ends with 4 and the command to run', async (context) => {
  await pythonOf(context);
  await using folder = testFolder({ PATH, XDG_CACHE_HOME: '/nowhere' });
  folder.write('lambda_function.py', 'def lambda_handler(event, context): pass');
  const requirements = folder.write('requirements.txt', 'requests\n');
  folder.write('scenario.yaml', scenario);
  const { exitCode, stderr } = await folder.flowrig('run', 'scenario.yaml', '--quiet');
  expect(stderr).toBe(
    `target.requirements: ${requirements} is not installed yet. Do it once, with network: npx flowrig setup ${requirements} --runtime python3.11\n`,
  );
  expect(exitCode).toBe(4);
});

test('requirements that are not there are the mistake of the user', async (context) => {
  await pythonOf(context);
  await using folder = testFolder({ PATH });
  folder.write('lambda_function.py', 'def lambda_handler(event, context): pass');
  folder.write('scenario.yaml', scenario);
  const set = ['--set', 'target.requirements=needs.txt'];
  const { exitCode, stderr } = await folder.flowrig('run', 'scenario.yaml', '--quiet', ...set);
  expect(stderr).toContain(`target.requirements: "${join(folder.path, 'needs.txt')}" cannot be read: ENOENT`);
  expect(exitCode).toBe(3);
});

test('a machine without Python is told so, with what to do', async () => {
  await using folder = testFolder({ PATH: '/nowhere' });
  folder.write('lambda_function.py', 'def lambda_handler(event, context): pass');
  folder.write('scenario.yaml', scenario);
  const { exitCode, stderr } = await folder.flowrig('run', 'scenario.yaml', '--quiet');
  expect(stderr).toBe(
    'target.runtime: python3.11 needs Python, and the PATH has none. Install it, or name one with target.interpreter.\n',
  );
  expect(exitCode).toBe(4);
});

test('setup without network ends with 4 and the last words of its tool, and leaves nothing behind', async (context) => {
  await pythonOf(context);
  await using tools = testFolder();
  // Stands in for uv without network.
  const uv = tools.write('uv', '#!/bin/sh\n[ "$1" = venv ] && exit 0\necho "no network" >&2\nexit 2\n');
  chmodSync(uv, 0o755);
  await using folder = testFolder({ PATH: `${tools.path}:${PATH}`, XDG_CACHE_HOME: tools.path });
  folder.write('requirements.txt', 'requests\n');
  const { exitCode, stderr } = await folder.flowrig('setup');
  expect(stderr).toMatch(/uv pip install .* ended with 2\.\nno network\n$/);
  expect(exitCode).toBe(4);
  expect(readdirSync(join(tools.path, 'flowrig', 'python'))).toEqual([]);
});

test('setup takes uv where the PATH has it, and does not ask again for what it has', async (context) => {
  const python = await pythonOf(context);
  await using tools = testFolder();
  // Stands in for uv: it notes what it is asked for, and links the Python.
  const uv = tools.write(
    'uv',
    `#!/bin/sh\necho "$@" >> ${tools.path}/asked\nfor last; do :; done\nif [ "$1" = venv ]; then mkdir -p "$last/bin" && ln -s ${python.path} "$last/bin/python"; fi\n`,
  );
  chmodSync(uv, 0o755);
  await using folder = testFolder({ PATH: `${tools.path}:${PATH}`, XDG_CACHE_HOME: tools.path });
  const requirements = folder.write('requirements.txt', 'requests\n');
  const first = await folder.flowrig('setup');
  const again = await folder.flowrig('setup', 'requirements.txt');
  expect([first.exitCode, again.exitCode]).toEqual([0, 0]);
  expect(again.stdout).toBe(first.stdout);
  const asked = readFileSync(join(tools.path, 'asked'), 'utf8').trim().split('\n');
  expect(asked).toEqual([
    expect.stringMatching(`^venv .*--python ${python.path} `),
    expect.stringMatching(`^pip install .* boto3 -r ${requirements}$`),
  ]);
  folder.write('requirements.txt', 'requests\nurllib3\n');
  expect((await folder.flowrig('setup')).stdout).not.toBe(first.stdout);
});

test('setup has nothing to do for Node, and knows its runtimes', async () => {
  await using folder = testFolder();
  folder.write('index.mjs', 'export const handler = async () => 1;');
  folder.write('flowrig.yaml', 'version: 1\ntarget: { kind: lambda, code: ./index.mjs }\n');
  expect(await folder.flowrig('setup')).toMatchObject({ exitCode: 0, stdout: 'nodejs22.x needs no preparation.\n' });
  const { exitCode, stderr } = await folder.flowrig('setup', '--runtime', 'python3.99');
  expect(stderr).toContain('--runtime: "python3.99"');
  expect(exitCode).toBe(3);
});
