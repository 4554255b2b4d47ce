// Control groups as files: what is written where, in either version. The kernel's part is tested in test/targets/lambda-limits.test.ts.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { findCgroups } from '../../src/lambda/cgroups.ts';
import { writeCode } from '../targets/open-test-target.ts';

const limits = { memoryBytes: 128 * 1024 ** 2, processes: 1024, cpu: true };

test('without control groups, or where none can be made, there are none', () => {
  using nothing = writeCode({ own: '0::/\n' });
  expect(findCgroups(nothing.folder, join(nothing.folder, 'own'))).toBe(undefined);
  expect(findCgroups(nothing.folder, '/no/such/file')).toBe(undefined);
  // A folder that the kernel does not fill: no group of it limits anything.
  using plain = writeCode({ own: '4:memory:/\n', 'memory/cgroup.procs': '', 'cgroup.controllers': 'memory' });
  expect(findCgroups(plain.folder, join(plain.folder, 'own'))).toBe(undefined);
  expect(readdirSync(join(plain.folder, 'memory'))).toEqual(['cgroup.procs']);
});

test.runIf(findCgroups())('a group holds what it was made for, counts its kills, and goes when it is empty', () => {
  const cgroups = findCgroups()!;
  const group = cgroups.create(limits);
  const [memory] = group.folders as [string];
  const file = cgroups.version === 'cgroup v2' ? 'memory.max' : 'memory.limit_in_bytes';
  expect(readFileSync(join(memory, file), 'utf8').trim()).toBe(String(limits.memoryBytes));
  expect([group.outOfMemoryKills(), group.processes()]).toEqual([0, []]);
  expect([group.remove(), group.remove()]).toEqual([true, true]);
  expect(group.processes()).toEqual([]);
});
