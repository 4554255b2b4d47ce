// A disk that fills up while a run goes on. The limit of the size of one file stands in for it: the system then refuses to write
// (EFBIG) just as it does on a full disk (ENOSPC).

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { beforeAll, expect, test } from 'vitest';

import { openArchive } from '../../src/sink/archive.ts';
import { resolveBuiltin } from '../../src/targets/builtin.ts';

const launcher = join(import.meta.dirname, '../../src/cli/flowrig.js');

// Its bundle lies in the repository, not on the disk that fills up.
beforeAll(() => resolveBuiltin('builtin:forwarder'));

test('a disk that is full ends the run with a sentence, and what was captured can still be read and judged', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'flowrig-full-'));
  try {
    // 200,000 records make an archive of more than 2 MiB; nothing else that a run writes is as long.
    const full = await flowrig(folder, ['run', 'quickstart', '--out', 'out'], { fileLimitKib: 2048 });
    expect(full.stderr).toMatch(
      /Cannot write the archive in \S+: EFBIG.*Free space, or choose another folder with --out\.\n/,
    );
    expect([full.exitCode, full.stdout]).toEqual([4, '']);
    const [run] = readdirSync(join(folder, 'out/quickstart'));
    const archive = await openArchive(join(folder, 'out/quickstart', run!, 'archive'));
    expect(archive.complete).toBe(false);
    expect(archive.deliveries.length).toBeGreaterThan(0);
    for (const { sequence, recordCount } of archive.deliveries) {
      expect(await archive.visit(sequence, () => undefined)).toEqual({ recordCount });
    }
    const judged = await flowrig(folder, ['judge', join('out/quickstart', run!)]);
    expect([judged.exitCode, judged.stderr]).toEqual([2, '']);
    expect(judged.stdout).toContain('archive-incomplete');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('a disk that is full before the first request ends the run with a sentence, too', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'flowrig-full-'));
  try {
    const full = await flowrig(folder, ['run', 'quickstart', '--out', 'out'], { fileLimitKib: 1 });
    expect(full.stderr).toMatch(/^(.*\n)*.*(Cannot write|could not write).*\n$/);
    expect(full.stderr).not.toContain('bug');
    expect(full.exitCode).toBe(4);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

async function flowrig(
  cwd: string,
  argv: readonly string[],
  { fileLimitKib }: { fileLimitKib?: number } = {},
): Promise<{ exitCode: number | null; stdout: string; stderr: string }> {
  // The signal that comes with the limit is ignored, so that a write fails as it does on a full disk.
  const limit = fileLimitKib === undefined ? '' : `trap '' XFSZ; ulimit -f ${fileLimitKib};`;
  const child = spawn('bash', ['-c', `${limit} exec "$0" "$@"`, process.execPath, launcher, ...argv], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()));
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { exitCode, ...said };
}
