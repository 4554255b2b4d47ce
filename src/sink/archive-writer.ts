// Writes the archive while requests come in. A body is written by the thread pool at a place of its own while the request is
// being judged, and its index line just before the answer: so what was acknowledged is in the page cache, which survives the
// death of the process, and no answer waits for a disk.

import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

import { FlowrigError } from '../core/errors.ts';
import { indexFile, type ArchiveEntry } from './archive.ts';

/** A segment is closed for new bodies past this size, so that no single file grows without bound. */
const segmentBytes = 1024 ** 3;

export interface Place {
  readonly file: string;
  readonly offset: number;
}

export class ArchiveWriter implements AsyncDisposable {
  private readonly folder: string;
  private readonly index: number;
  private readonly writing = new Set<Promise<void>>();
  private readonly segments: Promise<FileHandle>[] = [];
  private offset = segmentBytes;

  /** The folder is made where it is missing; one that holds an archive already is refused. */
  constructor(folder: string) {
    this.folder = folder;
    try {
      mkdirSync(folder, { recursive: true });
      this.index = openSync(join(folder, indexFile), 'wx');
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cannotWrite(folder, cause);
      const message = `The archive folder ${folder} holds an archive already. Give another folder, or remove it.`;
      throw new FlowrigError('folder-not-empty', message, { cause });
    }
  }

  /** Takes the place of a body at once; `written` resolves when the bytes are handed to the system. */
  append(body: Uint8Array): { place: Place; written: Promise<void> } {
    if (this.offset >= segmentBytes) this.openSegment();
    const number = this.segments.length - 1;
    const place = { file: segmentName(number), offset: this.offset };
    this.offset += body.length;
    const written = body.length === 0 ? Promise.resolve() : this.write(this.segments[number]!, body, place.offset);
    this.writing.add(written);
    const forget = (): void => void this.writing.delete(written);
    written.then(forget, forget);
    return { place, written };
  }

  /** Adds the line of a delivery that ends now. */
  end(entry: ArchiveEntry): void {
    try {
      writeSync(this.index, `${JSON.stringify(entry)}\n`);
    } catch (cause) {
      throw cannotWrite(this.folder, cause);
    }
  }

  /** Waits for the bodies that are being written. */
  async flush(): Promise<void> {
    await Promise.all(this.writing);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled(this.writing);
    for (const segment of this.segments) {
      await segment.then(
        (file) => file.close(),
        () => undefined,
      );
    }
    closeSync(this.index);
  }

  private openSegment(): void {
    this.segments.push(open(join(this.folder, segmentName(this.segments.length)), 'wx'));
    this.offset = 0;
  }

  private async write(segment: Promise<FileHandle>, body: Uint8Array, position: number): Promise<void> {
    try {
      const file = await segment;
      for (let done = 0; done < body.length;) {
        const { bytesWritten } = await file.write(body, done, body.length - done, position + done);
        done += bytesWritten;
      }
    } catch (cause) {
      throw cannotWrite(this.folder, cause);
    }
  }
}

function segmentName(number: number): string {
  return `bodies-${String(number).padStart(4, '0')}.bin`;
}

function cannotWrite(folder: string, cause: unknown): FlowrigError {
  const message = `Cannot write the archive in ${folder}: ${(cause as Error).message}. Free space, or choose another folder with --out.`;
  return new FlowrigError('cannot-write', message, { cause });
}
