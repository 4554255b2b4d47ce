// Buckets and objects, without HTTP. A change is one synchronous step on a map, so readers see the object before it or after
// it and nothing between.

import type { Checksum } from '../checksum.ts';
import type { Body } from './body.ts';
import { openSpool, type BodyWriter } from './body-writer.ts';
import { openKeyIndex, type KeyIndex } from './key-index.ts';
import { listPage, type ListPage, type ListQuery } from './listing.ts';
import { openMemoryBudget } from './memory-budget.ts';

/** What S3 keeps of an object beside its bytes. */
export interface ObjectEntry {
  readonly body: Body;
  /** MD5 in hex, without quotes. */
  readonly etag: string;
  /** Unix ms on the rig's clock. */
  readonly lastModifiedMs: number;
  /** Content-Type, Content-Encoding, Cache-Control and the like, and user metadata: by lower-case name, given back as sent. */
  readonly headers: Readonly<Record<string, string>>;
  /** Present where the client sent one. */
  readonly checksum?: Checksum;
}

/** Decides at the moment of the change whether it may happen: gets the entry that stands there, throws to refuse. */
export type Precondition = (current: ObjectEntry | undefined) => void;

export interface Bucket {
  get(key: string): ObjectEntry | undefined;
  /** Puts the entry in place of any other. Owns the first hold on its body, and releases it where the precondition refuses. */
  put(key: string, entry: ObjectEntry, precondition?: Precondition): Promise<void>;
  delete(key: string, precondition?: Precondition): Promise<void>;
  list(query: ListQuery): ListPage;
}

export interface Storage {
  /** False where the bucket stood there already. */
  createBucket(name: string): boolean;
  bucket(name: string): Bucket | undefined;
  openWriter(): BodyWriter;
  /** Bytes of bodies in memory: those stored, those being received, and those overwritten but still read. */
  memoryBytes(): number;
  /** Drops everything and removes the files. */
  close(): Promise<void>;
}

export function openStorage(options: { memoryBytes: number; folder: string }): Storage {
  const buckets = new Map<string, Bucket>();
  const budget = openMemoryBudget(options.memoryBytes);
  const spool = openSpool(options.folder, budget);
  return {
    createBucket(name) {
      if (buckets.has(name)) return false;
      buckets.set(name, openBucket());
      return true;
    },
    bucket: (name) => buckets.get(name),
    openWriter: () => spool.openWriter(),
    memoryBytes: () => budget.usedBytes(),
    async close() {
      buckets.clear();
      await spool.remove();
    },
  };
}

function openBucket(): Bucket {
  const entries = new Map<string, ObjectEntry>();
  const index: KeyIndex = openKeyIndex();
  return {
    get: (key) => entries.get(key),
    async put(key, entry, precondition) {
      const former = entries.get(key);
      try {
        precondition?.(former);
      } catch (refusal) {
        await entry.body.release();
        throw refusal;
      }
      entries.set(key, entry);
      index.add(key);
      await former?.body.release();
    },
    async delete(key, precondition) {
      const former = entries.get(key);
      precondition?.(former);
      if (!former) return;
      entries.delete(key);
      index.remove(key);
      await former.body.release();
    },
    list: (query) => listPage(index.sorted(), query),
  };
}
