// Memory for the bodies of requests, used again: fresh memory has to be mapped, zeroed by the system page by page, and taken back by
// the garbage collector. Reading 1 MiB took 0.54 ms of CPU and 0.68 with fresh memory (0.43 where it was only counted, by bare
// node:http), reading 64 KiB 49 us and 75 (49), on a busy machine. It is memory that WebAssembly reads: a body is checked where it lies.

import { addressOf, bodyMemory } from './byte-page.ts';

const leastBytes = 4096;

/** Free blocks by size, powers of two. */
const freeBlocks = new Map<number, Buffer[]>();
/** Up to where the memory was cut into blocks. */
let cutBytes = 0;
/** Blocks that were taken and not given back. */
let takenCount = 0;

/** At least so many bytes, with whatever stood there before. Where the bodies of a thread lack room, of fresh memory. */
export function takeMemory(sizeBytes: number): Buffer {
  const size = Math.max(leastBytes, 2 ** Math.ceil(Math.log2(sizeBytes)));
  const block = freeBlocks.get(size)?.pop() ?? cutBlock(size);
  if (!block) return Buffer.allocUnsafeSlow(size);
  takenCount++;
  return block;
}

/** Gives back what `takeMemory` gave, when nothing points into it any more. */
export function giveMemory(memory: Buffer): void {
  if (addressOf(memory) === undefined) return free(memory);
  const others = freeBlocks.get(memory.length);
  if (others) others.push(memory);
  else freeBlocks.set(memory.length, [memory]);
  takenCount--;
  // Cut for many small bodies it would have no room for large ones for ever.
  if (takenCount === 0 && cutBytes > bodyMemory.length / 2) {
    freeBlocks.clear();
    cutBytes = 0;
  }
}

function cutBlock(size: number): Buffer | undefined {
  if (cutBytes + size > bodyMemory.length) return undefined;
  const block = bodyMemory.subarray(cutBytes, cutBytes + size);
  cutBytes += size;
  return block;
}

/**
 * Gives memory back to the system's allocator now, if it is the buffer's alone, which is empty then. Left to the garbage collector, the
 * pieces of bodies made it go over the whole heap once in 40 MiB: of 1 MiB that took 0.3 ms of this thread and 2 ms of others.
 */
export function free(buffer: Buffer): void {
  const memory = buffer.buffer;
  if (memory instanceof ArrayBuffer && memory.byteLength === buffer.length) memory.transfer(0);
}
