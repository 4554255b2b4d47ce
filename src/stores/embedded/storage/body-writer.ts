// Takes the bytes of one object as they arrive: into memory while the budget lasts, else into a file that gets its final name
// only when it is whole.

import { mkdir, open, rename, rm, rmdir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

import { FlowrigError } from '../../../core/errors.ts';
import { fileBody, memoryBody, type Body } from './body.ts';
import type { MemoryBudget } from './memory-budget.ts';

/** Bytes gathered before one `writev`; each upload that spills holds at most this much beside the budget. */
const gatherBytes = 1024 * 1024;

export interface BodyWriter {
  /** Takes one chunk and keeps it without copying. A promise means: wait before the next one. */
  write(chunk: Uint8Array): Promise<void> | undefined;
  /** Ends the body. The caller owns the first hold on it. */
  finish(): Promise<Body>;
  /** Gives up and leaves nothing behind; does nothing after `finish`. */
  discard(): Promise<void>;
}

/** Where bodies go that do not fit into memory: files are made on demand. */
export interface Spool {
  openWriter(): BodyWriter;
  /** Removes all files and, where it is empty then, the folder. */
  remove(): Promise<void>;
}

export const incomingFolder = (folder: string): string => join(folder, 'incoming');
export const storedFolder = (folder: string): string => join(folder, 'stored');

/** Files are named by numbers, from `firstNumber` on. */
export function openSpool(folder: string, budget: MemoryBudget, firstNumber = 0): Spool {
  const incoming = incomingFolder(folder);
  const stored = storedFolder(folder);
  let fileCount = firstNumber;
  let hasFolders = false;
  return {
    openWriter: () =>
      new SpoolingWriter(folder, budget, async () => {
        const name = String(fileCount++);
        if (!hasFolders) for (const each of [incoming, stored]) await mkdir(each, { recursive: true });
        hasFolders = true;
        const path = join(incoming, name);
        return { file: await open(path, 'wx'), path, finalPath: join(stored, name) };
      }),
    async remove() {
      if (!hasFolders) return;
      await rm(incoming, { recursive: true, force: true });
      await rm(stored, { recursive: true, force: true });
      await rmdir(folder).catch(() => undefined); // it holds what others put there
    },
  };
}

interface SpillFile {
  readonly file: FileHandle;
  readonly path: string;
  readonly finalPath: string;
}

class SpoolingWriter implements BodyWriter {
  readonly #folder: string;
  readonly #budget: MemoryBudget;
  readonly #openFile: () => Promise<SpillFile>;
  #chunks: Uint8Array[] = [];
  /** Bytes in `#chunks`. */
  #gatheredBytes = 0;
  #sizeBytes = 0;
  #reservedBytes = 0;
  #spilled = false;
  #file: SpillFile | undefined;
  /** The last write to the file, which a client may break off in the middle of. */
  #flushing: Promise<void> = Promise.resolve();
  #done = false;

  constructor(folder: string, budget: MemoryBudget, openFile: () => Promise<SpillFile>) {
    this.#folder = folder;
    this.#budget = budget;
    this.#openFile = openFile;
  }

  write(chunk: Uint8Array): Promise<void> | undefined {
    if (chunk.length === 0) return undefined;
    // An array that grows makes room for 17 at once, which took 130 bytes of each small body that was kept.
    if (this.#chunks.length === 0) this.#chunks = [chunk];
    else this.#chunks.push(chunk);
    this.#gatheredBytes += chunk.length;
    this.#sizeBytes += chunk.length;
    if (!this.#spilled && this.#budget.tryReserve(chunk.length)) {
      this.#reservedBytes += chunk.length;
      return undefined;
    }
    this.#spilled = true;
    if (this.#gatheredBytes < gatherBytes) return undefined;
    return this.#flush();
  }

  async finish(): Promise<Body> {
    if (!this.#spilled) {
      this.#done = true;
      return memoryBody(this.#chunks, this.#sizeBytes, this.#budget);
    }
    await this.#flush();
    const { file, path, finalPath } = this.#file!;
    await file.close();
    await rename(path, finalPath);
    this.#done = true;
    return fileBody(finalPath, this.#sizeBytes);
  }

  async discard(): Promise<void> {
    if (this.#done) return;
    this.#done = true;
    await this.#flushing.catch(() => undefined); // its failure was the upload's
    this.#chunks = [];
    this.#releaseMemory();
    if (!this.#file) return;
    await this.#file.file.close().catch(() => undefined); // closed already when `finish` failed at the rename
    await rm(this.#file.path, { force: true });
  }

  /** Several chunks may come before the first write is done: each write has its own, and waits for the one before it. */
  #flush(): Promise<void> {
    const chunks = this.#chunks;
    const sizeBytes = this.#gatheredBytes;
    this.#chunks = [];
    this.#gatheredBytes = 0;
    this.#flushing = this.#flushing.then(() => this.#append(chunks, sizeBytes));
    return this.#flushing;
  }

  async #append(chunks: Uint8Array[], sizeBytes: number): Promise<void> {
    try {
      this.#file ??= await this.#openFile();
      await writeAll(this.#file.file, chunks, sizeBytes);
    } catch (cause) {
      throw new FlowrigError(
        'cannot-write',
        `The embedded S3 could not write ${sizeBytes} bytes to ${this.#folder}: ${String(cause)}. Make room there, or give the run another folder.`,
        { cause },
      );
    }
    this.#releaseMemory();
  }

  #releaseMemory(): void {
    this.#budget.release(this.#reservedBytes);
    this.#reservedBytes = 0;
  }
}

/** `writev` may write less than it was given. */
async function writeAll(file: FileHandle, chunks: Uint8Array[], sizeBytes: number): Promise<void> {
  let left = sizeBytes;
  let rest = chunks;
  while (left > 0) {
    const { bytesWritten } = await file.writev(rest);
    left -= bytesWritten;
    if (left > 0) rest = without(rest, bytesWritten);
  }
}

function without(chunks: readonly Uint8Array[], sizeBytes: number): Uint8Array[] {
  let skip = sizeBytes;
  const rest: Uint8Array[] = [];
  for (const chunk of chunks) {
    if (skip < chunk.length) rest.push(chunk.subarray(skip));
    skip = Math.max(0, skip - chunk.length);
  }
  return rest;
}
