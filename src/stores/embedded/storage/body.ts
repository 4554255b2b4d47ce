// The bytes of one stored object, in memory or in a file. Whoever reads a body holds it: an overwritten or deleted object
// keeps its bytes until its last reader is done, so that no reader ever sees two objects mixed.

import { open, rm } from 'node:fs/promises';
import { basename } from 'node:path';

import { invariant } from '../../../core/errors.ts';
import type { MemoryBudget } from './memory-budget.ts';

/** Bytes handed on at once: enough to make system calls cheap, little enough that a slow reader pins little memory. */
const readBytes = 256 * 1024;
/** So much goes to the socket at once where it lies in memory: a body of 1 MiB as it came over HTTP, in chunks of up to 64 KiB. */
const atOnceBytes = 1024 * 1024;
/** What came in more chunks is not looked through for a small part of it. */
const fewChunks = 64;

/** A file in the folder of stored bodies. */
export interface BodyFile {
  readonly name: string;
  readonly sizeBytes: number;
}

export interface Body {
  readonly sizeBytes: number;
  /** The files that hold it, in order; none for what lies in memory. */
  readonly files: readonly BodyFile[];
  /** Holds the bytes; each hold needs one release. The writer of the body has the first hold. */
  hold(): void;
  /** A promise where a file is removed. */
  release(): Promise<void> | undefined;
  /** The bytes of [start, end) in groups that may be written at once. The buffers stay valid until the next group is asked for. */
  read(start: number, end: number): AsyncIterable<readonly Uint8Array[]>;
  /** The bytes of [start, end) at once and valid for good, without a hold too, where they lie in memory and are few. */
  readAtOnce(start: number, end: number): readonly Uint8Array[] | undefined;
}

/** Shared by all that lie in memory. */
const noFiles: readonly BodyFile[] = [];

/** Counts holds. Classes, because there may be a hundred thousand bodies, and each closure of one takes 60 bytes. */
abstract class HeldBody {
  #holds = 1;

  hold(): void {
    invariant(this.#holds > 0, 'a body was held after its last release');
    this.#holds += 1;
  }

  release(): Promise<void> | undefined {
    invariant(this.#holds > 0, 'a body was released more often than held');
    this.#holds -= 1;
    return this.#holds === 0 ? this.free() : undefined;
  }

  /** Only what lies in memory can be had so. */
  readAtOnce(_start: number, _end: number): readonly Uint8Array[] | undefined {
    return undefined;
  }

  protected abstract free(): Promise<void> | undefined;
}

class MemoryBody extends HeldBody implements Body {
  readonly sizeBytes: number;
  readonly #chunks: readonly Uint8Array[];
  readonly #budget: MemoryBudget;

  constructor(chunks: readonly Uint8Array[], sizeBytes: number, budget: MemoryBudget) {
    super();
    this.#chunks = chunks;
    this.sizeBytes = sizeBytes;
    this.#budget = budget;
  }

  get files(): readonly BodyFile[] {
    return noFiles;
  }

  async *read(start: number, end: number): AsyncIterable<readonly Uint8Array[]> {
    let group: Uint8Array[] = [];
    let groupBytes = 0;
    let offset = 0;
    for (const chunk of this.#chunks) {
      const from = Math.max(start - offset, 0);
      const to = Math.min(end - offset, chunk.length);
      offset += chunk.length;
      // A chunk may be the whole of a large body, so it is cut as well as gathered.
      for (let at = from; at < to; at += readBytes) {
        const piece = chunk.subarray(at, Math.min(to, at + readBytes));
        group.push(piece);
        groupBytes += piece.length;
        if (groupBytes < readBytes) continue;
        yield group;
        group = [];
        groupBytes = 0;
      }
      if (offset >= end) break;
    }
    if (groupBytes > 0) yield group;
  }

  override readAtOnce(start: number, end: number): readonly Uint8Array[] | undefined {
    if (end - start > atOnceBytes || this.#chunks.length > fewChunks) return undefined;
    const pieces: Uint8Array[] = [];
    let offset = 0;
    for (const chunk of this.#chunks) {
      const from = Math.max(start - offset, 0);
      const to = Math.min(end - offset, chunk.length);
      // A view of the whole would be one more object.
      if (from < to) pieces.push(to - from === chunk.length ? chunk : chunk.subarray(from, to));
      offset += chunk.length;
    }
    return pieces;
  }

  protected free(): undefined {
    this.#budget.release(this.sizeBytes);
  }
}

class FileBody extends HeldBody implements Body {
  readonly sizeBytes: number;
  readonly #path: string;
  readonly #onFree: (() => void) | undefined;

  constructor(path: string, sizeBytes: number, onFree: (() => void) | undefined) {
    super();
    this.#path = path;
    this.sizeBytes = sizeBytes;
    this.#onFree = onFree;
  }

  get files(): readonly BodyFile[] {
    return [{ name: basename(this.#path), sizeBytes: this.sizeBytes }];
  }

  async *read(start: number, end: number): AsyncIterable<readonly Uint8Array[]> {
    await using file = await open(this.#path, 'r');
    const buffer = Buffer.allocUnsafe(Math.min(readBytes, end - start));
    for (let at = start; at < end;) {
      const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, end - at), at);
      invariant(bytesRead > 0, `the body file ${this.#path} ended at byte ${at}, before byte ${end}`);
      yield [buffer.subarray(0, bytesRead)];
      at += bytesRead;
    }
  }

  protected free(): Promise<void> {
    this.#onFree?.();
    return rm(this.#path, { force: true });
  }
}

class JoinedBody extends HeldBody implements Body {
  readonly sizeBytes: number;
  readonly #bodies: readonly Body[];

  constructor(bodies: readonly Body[]) {
    super();
    this.#bodies = bodies;
    this.sizeBytes = bodies.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  }

  get files(): readonly BodyFile[] {
    return this.#bodies.flatMap(({ files }) => files);
  }

  async *read(start: number, end: number): AsyncIterable<readonly Uint8Array[]> {
    let offset = 0;
    for (const body of this.#bodies) {
      const from = Math.max(start - offset, 0);
      const to = Math.min(end - offset, body.sizeBytes);
      if (from < to) yield* body.read(from, to);
      offset += body.sizeBytes;
      if (offset >= end) return;
    }
  }

  protected async free(): Promise<void> {
    await Promise.all(this.#bodies.map(async (body) => body.release()));
  }
}

/** A body in memory, as the chunks in which it came: nothing is joined, so nothing is copied. */
export function memoryBody(chunks: readonly Uint8Array[], sizeBytes: number, budget: MemoryBudget): Body {
  return new MemoryBody(chunks, sizeBytes, budget);
}

/** A body in a file of its own, removed with the last hold. */
export function fileBody(path: string, sizeBytes: number, onFree?: () => void): Body {
  return new FileBody(path, sizeBytes, onFree);
}

/** Several bodies one behind the other, as an upload in parts makes them. Takes over the first hold on each. */
export function joinedBody(bodies: readonly Body[]): Body {
  return new JoinedBody(bodies);
}
