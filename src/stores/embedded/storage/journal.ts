// What makes a store outlive its process: each change is one line of a file, written before it is made and before it is
// acknowledged, and bodies lie in files under their final names by then. So SIGKILL at any moment loses nothing that was
// acknowledged: a last line that was cut is a change that nobody was told of. At the next start the lines are read, written anew
// without what is no more, and files that no line names are removed.

import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

import { FlowrigError } from '../../../core/errors.ts';
import { lockFolder } from '../../../core/folder-lock.ts';
import { fileBody, joinedBody, memoryBody, type Body, type BodyFile } from './body.ts';
import { incomingFolder, storedFolder } from './body-writer.ts';
import type { Bucket, BucketChange } from './bucket.ts';
import { openMemoryBudget } from './memory-budget.ts';

/** One line of the journal. */
export type JournalChange = { readonly bucket: string } & (
  | BucketChange
  | { readonly type: 'create'; readonly createdMs: number }
  | { readonly type: 'drop' }
);

/** Where the changes of a journal are made again. */
export interface Restoring {
  createBucket(name: string, createdMs: number): void;
  deleteBucket(name: string): void;
  change(bucket: string, change: BucketChange): void;
  buckets(): ReadonlyMap<string, Bucket>;
}

export interface Journal extends AsyncDisposable {
  /** Numbers from here on name no file of a body. */
  readonly firstFreeNumber: number;
  /** Makes all changes again; call it once, before the first is written. */
  restore(into: Restoring): void;
  /** Throws where the line could not be written; then it stands nowhere. */
  write(change: JournalChange): void;
}

/** Opens the folder of a store that stays; throws where another process has it, or where it holds something else. */
export function openJournal(folder: string): Journal {
  const lock = lockFolder(folder);
  const path = join(folder, 'journal.ndjson');
  const stored = storedFolder(folder);
  let file: number | undefined;
  let sizeBytes = 0;
  const giveUp = (error: unknown): FlowrigError => {
    lock[Symbol.dispose]();
    return error instanceof FlowrigError ? error : cannotWrite(folder, error);
  };
  try {
    mkdirSync(stored, { recursive: true });
    rmSync(incomingFolder(folder), { recursive: true, force: true });
    const lines = readLines(path);
    const numbers = readdirSync(stored).map(Number).filter(Number.isInteger);
    return {
      firstFreeNumber: Math.max(-1, ...numbers) + 1,
      restore(into) {
        const bodies = openBodies(stored);
        for (const line of lines) restoreLine(line, into, bodies);
        try {
          sizeBytes = writeAnew(path, [...linesOf(into.buckets())]);
          bodies.removeOthers();
          file = openSync(path, 'a');
        } catch (error) {
          throw giveUp(error);
        }
      },
      write(change) {
        const line = Buffer.from(lineOf(change));
        try {
          writeWhole(file!, line);
          sizeBytes += line.length;
        } catch (cause) {
          // Half a line would spoil the one behind it.
          ftruncateSync(file!, sizeBytes);
          throw cannotWrite(path, cause);
        }
      },
      [Symbol.asyncDispose]() {
        if (file !== undefined) closeSync(file);
        lock[Symbol.dispose]();
        return Promise.resolve();
      },
    };
  } catch (error) {
    throw giveUp(error);
  }
}

function cannotWrite(path: string, cause: unknown): FlowrigError {
  const message = `The embedded S3 could not write to ${path}: ${String(cause)}. Make room there, or choose another folder.`;
  return new FlowrigError('cannot-write', message, { cause });
}

/** The changes that were written whole. */
function readLines(path: string): JournalChange[] {
  if (!existsSync(path)) return [];
  const text = readFileSync(path, 'utf8');
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  lines.pop();
  return lines.map((line, index) => {
    try {
      return JSON.parse(line) as JournalChange;
    } catch (cause) {
      const message = `${path}:${index + 1} is no line of a store's journal. Choose another folder, or remove this one.`;
      throw new FlowrigError('bad-usage', message, { cause });
    }
  });
}

/** A body as a line tells it. */
interface WrittenBody {
  readonly files: readonly BodyFile[];
}

function lineOf(change: JournalChange): string {
  if (change.type !== 'put') return `${JSON.stringify(change)}\n`;
  const { body, ...about } = change.entry;
  return `${JSON.stringify({ ...change, entry: { ...about, body: { files: body.files } satisfies WrittenBody } })}\n`;
}

function restoreLine(line: JournalChange, into: Restoring, bodies: Bodies): void {
  const { bucket, ...change } = line;
  if (change.type === 'create') into.createBucket(bucket, change.createdMs);
  else if (change.type === 'drop') into.deleteBucket(bucket);
  else if (change.type === 'put') {
    const written = change.entry.body as unknown as WrittenBody;
    into.change(bucket, { ...change, entry: { ...change.entry, body: bodies.open(written.files) } });
  } else into.change(bucket, change);
}

function* linesOf(buckets: ReadonlyMap<string, Bucket>): Iterable<string> {
  for (const [name, bucket] of buckets) {
    yield lineOf({ bucket: name, type: 'create', createdMs: bucket.createdMs });
    for (const change of bucket.changes()) yield lineOf({ bucket: name, ...change });
  }
}

/** Either the old lines stand there or the new ones. */
function writeAnew(path: string, lines: readonly string[]): number {
  const bytes = Buffer.from(lines.join(''));
  const file = openSync(`${path}.new`, 'w');
  try {
    writeWhole(file, bytes);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(`${path}.new`, path);
  return bytes.length;
}

function writeWhole(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}

interface Bodies {
  open(files: readonly BodyFile[]): Body;
  /** Removes the files that no line named in the end. */
  removeOthers(): void;
}

/** Files may be shared: by copies of one object. */
function openBodies(folder: string): Bodies {
  const open = new Map<string, Body>();
  const one = ({ name, sizeBytes }: BodyFile): Body => {
    const shared = open.get(name);
    shared?.hold();
    const body = shared ?? fileBody(join(folder, name), sizeBytes, () => open.delete(name));
    if (!shared) open.set(name, body);
    return body;
  };
  return {
    open(files) {
      if (files.length === 0) return memoryBody([], 0, openMemoryBudget(0));
      return files.length === 1 ? one(files[0]!) : joinedBody(files.map(one));
    },
    removeOthers() {
      for (const name of readdirSync(folder)) if (!open.has(name)) rmSync(join(folder, name), { force: true });
    },
  };
}
