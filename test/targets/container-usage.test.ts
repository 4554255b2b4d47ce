// What a container uses, as the kernel tells it in either version of its control groups.

import { expect, test } from 'vitest';

import { readContainerUsage } from '../../src/targets/container-usage.ts';
import { writeCode } from './open-test-target.ts';

test.each([
  [
    'version 1, Docker’s own driver',
    { 'cpuacct/docker/c1/cpuacct.usage': '1500000000\n', 'memory/docker/c1/memory.stat': 'rss 1\ntotal_rss 4096\n' },
  ],
  [
    'version 2, systemd’s driver',
    {
      'system.slice/docker-c1.scope/cpu.stat': 'usage_usec 1500000\nuser_usec 1\n',
      'system.slice/docker-c1.scope/memory.stat': 'anon 4096\nfile 9\n',
    },
  ],
])('CPU time and memory are read in %s, of that container alone', (_, files) => {
  using root = writeCode(files);
  expect(readContainerUsage('c1', root.folder)).toEqual({
    cpuS: 1.5,
    rssBytes: 4096,
    processes: 0,
    rssPeakBytes: 4096,
  });
  expect(readContainerUsage('c2', root.folder)).toBeUndefined();
});
