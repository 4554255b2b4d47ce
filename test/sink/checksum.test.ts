import { expect, test } from 'vitest';

import { giveMemory, takeMemory } from '../../src/sink/body-memory.ts';
import { checksum } from '../../src/sink/checksum.ts';

/** XXH32's round over 32 lanes in plain numbers, and MurmurHash3's finalizer. */
function stated(body: Uint8Array): number {
  const lanes = Array.from({ length: 32 }, (_, i) => Math.imul(i + 1, 0x9e3779b1));
  const padded = Buffer.alloc(Math.ceil(body.length / 128) * 128);
  padded.set(body);
  for (let at = 0; at < padded.length; at += 4) {
    const lane = (at / 4) % 32;
    const sum = (lanes[lane]! + Math.imul(padded.readInt32LE(at), 0x85ebca77)) | 0;
    lanes[lane] = Math.imul((sum << 13) | (sum >>> 19), 0x9e3779b1);
  }
  let sum = body.length;
  for (const lane of lanes) {
    sum = Math.imul(sum ^ lane, 0x9e3779b1);
    sum = Math.imul(sum ^ (sum >>> 16), 0x85ebca6b);
    sum = Math.imul(sum ^ (sum >>> 13), 0xc2b2ae35);
    sum ^= sum >>> 16;
  }
  return sum >>> 0;
}

test('a checksum is what its rounds are, whatever the length', () => {
  const bytes = Buffer.from(Array.from({ length: 140_000 }, (_, i) => (i * 7919) >> 4));
  for (const length of [0, 1, 3, 63, 64, 65, 127, 128, 129, 1000, 65_535, 65_536, 65_537, 140_000]) {
    // What was there before must not count.
    checksum(bytes);
    const sum = stated(bytes.subarray(0, length));
    expect(checksum(bytes.subarray(0, length))).toBe(sum);
    const memory = takeMemory(140_000);
    memory.set(bytes);
    expect(checksum(memory.subarray(0, length))).toBe(sum);
    giveMemory(memory);
  }
});

test('each changed bit, swapped words and a zero more are another checksum', () => {
  const bytes = Buffer.from(Array.from({ length: 200 }, (_, i) => i * 31));
  const sums = new Set([checksum(bytes), checksum(Buffer.concat([bytes, Buffer.alloc(1)]))]);
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const changed = Buffer.from(bytes);
    changed[bit >> 3]! ^= 1 << (bit & 7);
    sums.add(checksum(changed));
  }
  const swapped = Buffer.concat([
    bytes.subarray(128, 192),
    bytes.subarray(64, 128),
    bytes.subarray(0, 64),
    bytes.subarray(192),
  ]);
  expect(sums.add(checksum(swapped)).size).toBe(200 * 8 + 3);
});
