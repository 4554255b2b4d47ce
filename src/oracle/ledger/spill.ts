// Rows of 32-bit words in partitions: a fixed buffer in memory, and one file that takes each partition's chunk when it is full.
// Writes are synchronous: the file is the overflow of a buffer, 16 KiB at a time into the page cache, and order matters.

import { closeSync, mkdirSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

import { FlowrigError, invariant } from '../../core/errors.ts';

export const partitionCount = 256;
/** Of 1 MiB, so that it stays in a core's cache: rows go to their partitions in any order. */
const bufferWords = 1 << 18;

export interface Spill extends Disposable {
  readonly width: number;
  readonly rowCount: number;
  /** Where `reserve` points into: another array after it has grown. */
  readonly words: Uint32Array;
  /** Makes room for a row; the caller fills `width` words of `words` from the offset returned, before it reserves again. */
  reserve(partition: number): number;
  /** All rows of a partition in the order in which they came; valid until the next read. */
  read(partition: number): Uint32Array;
}

/** `path` is where rows go once they do not fit into 1 MiB; no file is made before. */
export function openSpill(path: string, width: number): Spill {
  const chunkWords = Math.floor(bufferWords / partitionCount / width) * width;
  invariant(chunkWords > 0, `a row of ${width} words does not fit a chunk`);
  // Words that each partition has room for now: it doubles until a chunk is full-sized, so that small runs stay small.
  let room = Math.min(chunkWords, width * 8);
  let words = new Uint32Array(room * partitionCount);
  const used = new Uint32Array(partitionCount);
  const chunksOf: number[][] = Array.from({ length: partitionCount }, () => []);
  let file: number | undefined;
  let fileChunks = 0;
  let rowCount = 0;
  let page = new Uint32Array(0);

  function flush(partition: number): void {
    if (file === undefined) {
      mkdirSync(dirname(path), { recursive: true });
      file = openSync(path, 'w+', 0o600);
    }
    const from = partition * chunkWords * 4;
    writeWhole({ file, path }, new Uint8Array(words.buffer, from, chunkWords * 4), fileChunks * chunkWords * 4);
    chunksOf[partition]!.push(fileChunks++);
    used[partition] = 0;
  }

  function grow(): void {
    const wider = Math.min(chunkWords, room * 2);
    const grown = new Uint32Array(wider * partitionCount);
    for (let partition = 0; partition < partitionCount; partition++) {
      grown.set(words.subarray(partition * room, partition * room + used[partition]!), partition * wider);
    }
    words = grown;
    room = wider;
  }

  return {
    width,
    get words() {
      return words;
    },
    get rowCount() {
      return rowCount;
    },
    reserve(partition) {
      if (used[partition] === room) {
        if (room < chunkWords) grow();
        else flush(partition);
      }
      const at = partition * room + used[partition]!;
      used[partition]! += width;
      rowCount += 1;
      return at;
    },
    read(partition) {
      const chunks = chunksOf[partition]!;
      const rest = words.subarray(partition * room, partition * room + used[partition]!);
      const length = chunks.length * chunkWords + rest.length;
      if (page.length < length) page = new Uint32Array(Math.ceil(length * 1.2));
      const bytes = new Uint8Array(page.buffer);
      chunks.forEach((chunk, i) => {
        const size = chunkWords * 4;
        const got = readSync(file!, bytes, i * size, size, chunk * size);
        invariant(got === size, `chunk ${chunk} of ${path} has ${got} bytes, not ${size}`);
      });
      page.set(rest, length - rest.length);
      return page.subarray(0, length);
    },
    [Symbol.dispose]() {
      if (file === undefined) return;
      closeSync(file);
      file = undefined;
      unlinkSync(path);
    },
  };
}

/** A disk that is nearly full takes a part before it refuses. */
export function writeWhole({ file, path }: { file: number; path: string }, bytes: Uint8Array, position: number): void {
  try {
    for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done, bytes.length - done, position + done);
  } catch (cause) {
    const message = `Cannot write the ledger to ${path}: ${(cause as Error).message}. Free space, or choose another folder with --out.`;
    throw new FlowrigError('cannot-write', message, { cause });
  }
}
