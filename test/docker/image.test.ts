// The image of flowrig, which global-setup.ts has built of docker/Dockerfile, as a user would run it: in a folder of the host's.

import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { testFolder } from '../cli/test-host.ts';
import { docker, images, needsDocker } from './with-docker.ts';

needsDocker();

test('a scenario of the host’s folder runs in the image, without root, and leaves its run there', async () => {
  await using folder = testFolder();
  // Whoever the user of the image is here, it may write.
  chmodSync(folder.path, 0o777);
  folder.write('my.yaml', 'version: 1\nsummary: A small one.\ntraffic: { records: 2k }\n');
  const mount = ['--volume', `${folder.path}:/work`];
  const { stdout } = await docker([
    'run',
    '--rm',
    '--init',
    ...mount,
    'flowrig',
    'run',
    'my.yaml',
    '--json',
    '--quiet',
  ]);
  expect(JSON.parse(stdout)).toMatchObject({ tally: { delivered: 2000 }, verdict: { validity: 'pass' } });
  const result = readFileSync(join(folder.path, 'runs/latest/result.json'), 'utf8');
  expect(JSON.parse(result)).toMatchObject({ scenario: { name: 'my' } });
  // Emptied by the user that filled it.
  await docker([
    'run',
    '--rm',
    ...mount,
    '--entrypoint',
    'node',
    'flowrig',
    '-e',
    "fs.rmSync('runs', { recursive: true })",
  ]);
  expect(existsSync(join(folder.path, 'runs'))).toBe(false);
});

test('the image is small, and its user is not root', async () => {
  const size = async (image: string): Promise<number> => {
    const { stdout } = await docker(['image', 'inspect', '--format', '{{.Size}}', image]);
    return Number(stdout);
  };
  expect((await size('flowrig')) - (await size(images.node))).toBeLessThan(100e6);
  const { stdout } = await docker(['image', 'inspect', '--format', '{{.Config.User}}', 'flowrig']);
  expect(stdout.trim()).toBe('node');
});

test('a mistake in a scenario is the exit code of the container', async () => {
  const told = docker(['run', '--rm', 'flowrig', 'run', 'nothing.yaml']);
  await expect(told).rejects.toMatchObject({ code: 3 });
});
