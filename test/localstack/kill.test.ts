// Nothing is left of LocalStack where whoever started it is killed.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { livingOf, until } from '../e2e/rig-process.ts';
import { needsLocalstack } from './with-localstack.ts';

needsLocalstack();

test('a LocalStack does not outlive the process that started it, killed as that may be', async () => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'start-and-wait.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  const pid = Number(said.toString());
  expect(livingOf([pid])).toHaveLength(1);
  child.kill('SIGKILL');
  expect(await until('LocalStack is gone', () => livingOf([pid]).length === 0)).toBe(true);
});
