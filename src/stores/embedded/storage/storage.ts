// Buckets, uploads and the bytes of objects, without HTTP. With a journal they outlive the process.

import { openBucket, type Bucket, type BucketChange } from './bucket.ts';
import { openSpool, type BodyWriter } from './body-writer.ts';
import type { Journal } from './journal.ts';
import { openMemoryBudget } from './memory-budget.ts';
import { openUploads, type Uploads } from './uploads.ts';

export interface Storage {
  /** False where the bucket stood there already. */
  createBucket(name: string): boolean;
  /** The bucket must be empty. */
  deleteBucket(name: string): void;
  bucket(name: string): Bucket | undefined;
  /** Names, in order. */
  buckets(): string[];
  readonly uploads: Uploads;
  openWriter(): BodyWriter;
  /** Bytes of bodies in memory: those stored, those being received, and those overwritten but still read. */
  memoryBytes(): number;
  /** Drops everything and removes the files; with a journal, all that is in it stays. */
  close(): Promise<void>;
}

export interface StorageOptions {
  readonly memoryBytes: number;
  readonly folder: string;
  /** Ids of versions and uploads: never the same twice. */
  readonly newId: () => string;
  readonly nowMs: () => number;
  readonly journal?: Journal;
}

export function openStorage({ memoryBytes, folder, newId, nowMs, journal }: StorageOptions): Storage {
  const buckets = new Map<string, Bucket>();
  const budget = openMemoryBudget(memoryBytes);
  const spool = openSpool(folder, budget, journal?.firstFreeNumber);

  function open(name: string, createdMs: number): Bucket {
    const record = (change: BucketChange): void => journal?.write({ bucket: name, ...change });
    const bucket = openBucket({ createdMs, newVersionId: newId, nowMs, record });
    buckets.set(name, bucket);
    return bucket;
  }

  journal?.restore({
    createBucket: (name, createdMs) => void open(name, createdMs),
    deleteBucket: (name) => void buckets.delete(name),
    change: (name, change) => buckets.get(name)?.replay(change),
    buckets: () => buckets,
  });
  return {
    createBucket(name) {
      if (buckets.has(name)) return false;
      const createdMs = nowMs();
      journal?.write({ bucket: name, type: 'create', createdMs });
      open(name, createdMs);
      return true;
    },
    deleteBucket(name) {
      journal?.write({ bucket: name, type: 'drop' });
      buckets.delete(name);
    },
    bucket: (name) => buckets.get(name),
    buckets: () => [...buckets.keys()].toSorted(),
    uploads: openUploads(newId),
    openWriter: () => spool.openWriter(),
    memoryBytes: () => budget.usedBytes(),
    async close() {
      buckets.clear();
      if (journal) await journal[Symbol.asyncDispose]();
      else await spool.remove();
    },
  };
}
