import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { BodyPool, free } from '../../src/sink/body-pool.ts';
import { openArchive, type ArchiveEntry } from '../../src/sink/archive.ts';
import { openSinkRig, post } from './rig.ts';

function bodyOf(request: number, records: number): string {
  return JSON.stringify(Array.from({ length: records }, (_, i) => ({ body: `request ${request} record ${i}` })));
}

test('requests side by side share memory one after the other, and none is seen with the bytes of another', async () => {
  await using rig = await openSinkRig();
  const sizes = Array.from({ length: 60 }, (_, i) => 1 + ((i * 7919) % 3000));
  const { jsonUrl } = rig.sink;
  const statuses = await Promise.all(sizes.map(async (size, i) => (await post(jsonUrl, bodyOf(i, size))).status));
  expect(new Set(statuses)).toEqual(new Set([200]));
  await rig.sink.idle();
  expect(rig.records.size).toBe(sizes.length);
  for (const records of rig.records.values()) {
    const [, request] = /^request (\d+) record 0$/.exec(records[0]!.body!)!;
    expect(records.map(({ body }) => body)).toEqual(
      Array.from({ length: sizes[Number(request)]! }, (_, i) => `request ${request} record ${i}`),
    );
  }
  const index = readFileSync(join(rig.folder, 'index.ndjson'), 'utf8').trim().split('\n');
  const bodies = index.map((line) => {
    const { file, offset, storedBytes } = JSON.parse(line) as ArchiveEntry;
    return readFileSync(join(rig.folder, file))
      .subarray(offset, offset + storedBytes)
      .toString();
  });
  expect(bodies.toSorted()).toEqual(sizes.map((size, i) => bodyOf(i, size)).toSorted());
  expect((await openArchive(rig.folder)).complete).toBe(true);
});

test('memory for a body is what was given back of that size, and what goes beyond a few bodies is freed at once', () => {
  const pool = new BodyPool();
  const first = pool.take(100_000);
  expect(first.length).toBe(131_072);
  const second = pool.take(100_000);
  expect(second).not.toBe(first);
  pool.give(first);
  expect(pool.take(131_072)).toBe(first);
  expect(pool.take(131_072)).not.toBe(first);
  const large = pool.take(16_000_000);
  pool.give(large);
  expect(large.length).toBe(0);
  expect(pool.take(16_000_000)).not.toBe(large);
});

test('memory that a buffer shares with others is not freed with it', () => {
  const whole = Buffer.allocUnsafeSlow(100);
  const part = whole.subarray(10);
  free(part);
  expect([whole.length, part.length]).toEqual([100, 90]);
  free(whole);
  expect([whole.length, part.length]).toEqual([0, 0]);
});
