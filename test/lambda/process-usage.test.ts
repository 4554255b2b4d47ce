// What a process and its descendants use, against what they say themselves.

import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { expect, test } from 'vitest';

import { readUsage, readUsageByPs } from '../../src/lambda/process-usage.ts';

/** Starts itself once more, and then both have 64 MiB and 0.3 seconds of CPU time. */
const script = `
  const { spawn } = require('node:child_process');
  const kept = Buffer.alloc(64 << 20, 1);
  const spentUs = () => process.cpuUsage().user + process.cpuUsage().system;
  while (spentUs() < 300_000);
  if (process.argv[1] !== 'child') {
    const child = spawn(process.execPath, ['-e', process.env.SCRIPT, 'child'], { stdio: ['ignore', 'pipe', 'inherit'] });
    child.stdout.once('data', () => console.log('ready'));
  } else console.log('ready');
  setInterval(() => kept[0]++, 10_000);`;

// /proc counts in hundredths of a second, so a little less than was spent is right.
test('usage is summed over a process and its descendants, by /proc and by ps', async () => {
  const env = { ...process.env, SCRIPT: script };
  const leader = spawn(process.execPath, ['-e', script], { detached: true, stdio: ['ignore', 'pipe', 'inherit'], env });
  try {
    await once(leader.stdout, 'data');
    const alone = readUsage(leader.pid!, true)!;
    expect(alone.cpuS).toBeGreaterThanOrEqual(0.28);
    expect(alone.rssBytes).toBeGreaterThan(64 << 20);
    for (const both of [readUsage(leader.pid!)!, readUsageByPs(leader.pid!)!]) {
      expect(both.rssBytes).toBeGreaterThan(128 << 20);
      expect(both.rssPeakBytes).toBeGreaterThanOrEqual(both.rssBytes);
    }
    expect(readUsage(leader.pid!)!.cpuS).toBeGreaterThanOrEqual(0.56);
  } finally {
    process.kill(-leader.pid!, 'SIGKILL');
    await once(leader, 'exit');
  }
  expect(readUsage(leader.pid!)).toBeUndefined();
});
