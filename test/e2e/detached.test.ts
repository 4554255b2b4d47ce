import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { platform } from 'node:os';

import { expect, test } from 'vitest';

import { testFolder } from '../cli/test-host.ts';

const isLinux = platform() === 'linux';

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test.runIf(isLinux)('a grandchild in a session of its own does not outlive its sandbox', async () => {
  await using folder = testFolder();
  folder.write(
    'detaches.mjs',
    `import { spawn } from 'node:child_process';
export const handler = async () => {
  const child = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
  child.unref();
  console.log('started', child.pid);
};
`,
  );
  const scenario = 'version: 1\ntraffic: { records: 10 }\ntarget: { kind: lambda, code: ./detaches.mjs }\n';
  folder.write('detaches.yaml', scenario);
  const { exitCode } = await folder.flowrig('run', 'detaches.yaml', '--quiet');
  expect(exitCode).toBe(1);
  const log = readFileSync(join(folder.path, 'runs/latest/target.log'), 'utf8');
  const pids = [...log.matchAll(/started (\d+)/g)].map((match) => Number(match[1]));
  expect(pids).toHaveLength(1);
  // A killed process stays in the table until init has taken note of it.
  await expect.poll(() => pids.filter(isAlive), { timeout: 30_000 }).toEqual([]);
});
