// A function's code is what was deployed: it can read it, and not change it.

import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { findReadOnlyCode } from '../../src/lambda/read-only-code.ts';
import { openTestTarget } from './open-test-target.ts';

function newFolders(): { code: string; writable: string } {
  const code = mkdtempSync(join(tmpdir(), 'flowrig-code-'));
  onTestFinished(() => rm(code, { recursive: true }));
  const writable = join(code, 'runs', 'sandboxes');
  mkdirSync(writable, { recursive: true });
  writeFileSync(join(code, 'data.txt'), 'as deployed');
  // So that anybody may try.
  for (const folder of [code, join(code, 'runs'), writable]) chmodSync(folder, 0o777);
  return { code, writable };
}

const way = await findReadOnlyCode([tmpdir()], mkdtempSync(join(tmpdir(), 'flowrig-writable-')));

const writesEverywhere = `
  import { writeFileSync } from 'node:fs';
  const attempt = (file) => { try { writeFileSync(file, 'x'); return 'written'; } catch (error) { return error.code; } };
  export const handler = async () => [
    attempt(new URL('index.mjs', import.meta.url)),
    attempt('beside-it.txt'),
    attempt(process.env.TMPDIR + '/scratch.txt'),
    attempt('/tmp/flowrig-read-only-code-test.txt'),
  ];`;

test.runIf(way)(
  'a function can change nothing of its code, and write its own and the machine’s temporary files',
  async () => {
    onTestFinished(() => rm('/tmp/flowrig-read-only-code-test.txt', { force: true }));
    await using opened = await openTestTarget(writesEverywhere);
    expect(opened.target.limits!.code).toBe('read-only');
    expect(await opened.outcome()).toMatchObject({ payload: ['EROFS', 'EROFS', 'written', 'written'] });
  },
);

test.runIf(way)('what lies in the code and must be written, such as the run itself, can be', async () => {
  const { code, writable } = newFolders();
  const script = `cat data.txt; for place in . runs "$1"; do touch "$place/new" 2>/dev/null && echo " $place"; done; true`;
  const found = await findReadOnlyCode([code], writable);
  const [command, ...words] = found!.wrap(['/bin/sh', '-c', script, 'sh', writable], [code], writable);
  expect(execFileSync(command!, words, { cwd: code, encoding: 'utf8' })).toBe(`as deployed ${writable}\n`);
  expect(readdirSync(code).toSorted()).toEqual(['data.txt', 'runs']);
});

test.runIf(process.getuid!() === 0 && way)(
  'whoever is not root may mount in a namespace of its own, and stays who it is',
  (context) => {
    const { code, writable } = newFolders();
    const room = join(import.meta.dirname, '../../src/lambda/read-only-code.ts');
    const program = `
    const { findReadOnlyCode } = await import(${JSON.stringify(room)});
    const { spawnSync } = await import('node:child_process');
    const [code, writable] = ${JSON.stringify([code, writable])};
    const found = await findReadOnlyCode([code], writable);
    if (!found) process.exit(7);
    const [command, ...words] = found.wrap(['/bin/sh', '-c', 'id -u; touch new; touch "$1/new"', 'sh', writable], [code], writable);
    process.stdout.write(spawnSync(command, words, { cwd: code, encoding: 'utf8' }).stdout);`;
    const nobody = { uid: 65_534, gid: 65_534, cwd: '/', encoding: 'utf8' as const };
    const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], nobody);
    // 7: this kernel lets no user make namespaces, or the sources cannot be read by others.
    context.skip(status !== 0, 'this kernel lets no user make namespaces');
    expect(stdout).toBe('65534\n');
    expect([readdirSync(code).toSorted(), readdirSync(writable)]).toEqual([['data.txt', 'runs'], ['new']]);
  },
);
