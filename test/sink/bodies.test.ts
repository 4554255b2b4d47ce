import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { free, giveMemory, takeMemory } from '../../src/sink/body-memory.ts';
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

test('memory for a body is what was given back of that size, or no block that another has', () => {
  const first = takeMemory(100_000);
  expect(first.length).toBe(131_072);
  const second = takeMemory(100_000);
  second.fill(2);
  first.fill(1);
  expect([second[0], second.at(-1)]).toEqual([2, 2]);
  giveMemory(first);
  expect(takeMemory(131_072)).toBe(first);
  for (const block of [first, second]) giveMemory(block);
});

test('where the room for bodies is full memory is fresh, and freed at once; when all was given back there is room for any size', () => {
  const taken: Buffer[] = [];
  const isRoom = (memory: Buffer): boolean => memory.buffer.byteLength > memory.length;
  for (let block = takeMemory(4096); ; block = takeMemory(4096)) {
    taken.push(block);
    if (!isRoom(block)) break;
  }
  const [fresh] = taken.slice(-1);
  for (const block of taken) giveMemory(block);
  expect(fresh!.length).toBe(0);
  const large = takeMemory(16_000_000);
  expect([large.length, isRoom(large)]).toEqual([2 ** 24, true]);
  giveMemory(large);
});

test('memory that a buffer shares with others is not freed with it', () => {
  const whole = Buffer.allocUnsafeSlow(100);
  const part = whole.subarray(10);
  free(part);
  expect([whole.length, part.length]).toEqual([100, 90]);
  free(whole);
  expect([whole.length, part.length]).toEqual([0, 0]);
});
