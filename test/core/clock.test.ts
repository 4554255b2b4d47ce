import { expect, test } from 'vitest';

import { openClock } from '../../src/core/clock.ts';

test('a skip moves the clock, wakes who is due and shortens what the others still wait', async () => {
  const clock = openClock();
  const hour = 3_600_000;
  const first = clock.sleep(hour);
  const second = clock.sleep(hour + 20);
  const startedMs = clock.machineNowMs();
  clock.skipTo(clock.nextDueMs()!);
  await first;
  await second;
  expect(clock.machineNowMs() - startedMs).toBeLessThan(60_000);
  expect(clock.skippedMs()).toBeGreaterThan(hour - 1000);
  expect(clock.nowMs() - clock.machineNowMs()).toBeCloseTo(clock.skippedMs(), -1);
});

test('a second clock of the same origin sees what the first one skipped, and wakes its own sleepers', async () => {
  const conductor = openClock();
  const other = openClock(conductor.origin);
  const asleep = other.sleep(3_600_000);
  conductor.skipTo(other.nextDueMs()!);
  other.wake();
  await asleep;
  expect(other.skippedMs()).toBe(conductor.skippedMs());
});

test('an aborted sleep rejects with the reason of the signal and is forgotten', async () => {
  const clock = openClock();
  const controller = new AbortController();
  const asleep = clock.sleep(3_600_000, controller.signal);
  controller.abort(new Error('enough'));
  await expect(asleep).rejects.toThrow('enough');
  await expect(clock.sleep(1, controller.signal)).rejects.toThrow('enough');
  expect(clock.nextDueMs()).toBeUndefined();
});

test('a clock never goes back', () => {
  const clock = openClock();
  const before = clock.nowMs();
  clock.skipTo(before - 1000);
  expect(clock.skippedMs()).toBe(0);
  expect(clock.nowMs()).toBeGreaterThanOrEqual(before);
});
