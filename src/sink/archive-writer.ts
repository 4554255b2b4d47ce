// Writes the archive while requests come in: a request's body at its last byte, its index line just before its answer. Answers wait until
// both are with the system: what was acknowledged lies in the page cache, which survives the death of the process, and no answer waits for
// a disk.

import { closeSync, ftruncateSync, mkdirSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';

import { FlowrigError } from '../core/errors.ts';
import { indexFile, type ArchiveEntry } from './archive.ts';
import { Segment } from './segment.ts';

/** A segment takes no new body past this size, so that no single file grows without bound. */
const segmentBytes = 1024 ** 3;

/** Where a body lies. */
export interface Place {
  readonly file: string;
  readonly offset: number;
}

/** Writes another line for a delivery that has ended, unless it was forgotten. True when the line stands. */
export type Amend = (now: ArchiveEntry) => boolean;

/** `isAmended` where a line of the same sequence stands already, whose place this one takes. */
export type OnLine = (entry: ArchiveEntry, place: LinePlace, isAmended: boolean) => void;

/** Where a delivery's line lies in the index, its line feed included. */
export interface LinePlace {
  readonly offset: number;
  readonly sizeBytes: number;
}

interface Line {
  readonly entry: ArchiveEntry;
  readonly text: string;
  readonly isAmended: boolean;
}

export class ArchiveWriter implements Disposable {
  private readonly folder: string;
  private readonly onLine: OnLine;
  private readonly index: number;
  private indexBytes = 0;
  /** Lines of this moment, which are written together. */
  private lines: Line[] = [];
  private linesStand: Promise<void> | undefined;
  /** How often all was forgotten. */
  private generation = 0;
  private segment: Segment | undefined;
  private segmentCount = 0;
  /** Segments on the disk, each with the count of its bodies whose delivery has not ended. */
  private readonly unended = new Map<string, number>();

  /** The folder is made where it is missing; one that holds an archive already is refused. `onLine` sees each line once it stands. */
  constructor(folder: string, onLine: OnLine = () => undefined) {
    this.folder = folder;
    this.onLine = onLine;
    try {
      mkdirSync(folder, { recursive: true });
      this.index = openSync(join(folder, indexFile), 'ax');
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cannotWrite(folder, cause);
      const message = `The archive folder ${folder} holds an archive already. Give another folder, or remove it.`;
      throw new FlowrigError('folder-not-empty', message, { cause });
    }
  }

  /** Adds a body as received, which must stay as it is until it is `written`; that rejects where the disk takes it not. */
  append(body: Uint8Array): { readonly place: Place; readonly written: Promise<void> } {
    if (!this.segment || this.segment.sizeBytes >= segmentBytes) this.openSegment();
    const { file } = this.segment!;
    const { offset, written } = this.segment!.add(body);
    this.unended.set(file, this.unended.get(file)! + 1);
    return { place: { file, offset }, written };
  }

  /** Adds the line of a delivery that ends now; resolves when it stands. */
  async end(entry: ArchiveEntry): Promise<Amend> {
    this.addLine(entry, false);
    this.unended.set(entry.file, this.unended.get(entry.file)! - 1);
    const { generation } = this;
    // Behind those of others whose bodies were written with this one's: one call for 8 lines takes a third of 8 calls.
    await (this.linesStand ??= Promise.resolve().then(() => this.writeLines()));
    return (now) => {
      if (generation !== this.generation) return false;
      this.addLine(now, true);
      this.writeLines();
      return true;
    };
  }

  /**
   * Forgets every delivery that has ended, and gives its space back; a segment that holds a body of one that has not stays until
   * the next time.
   */
  forget(): void {
    try {
      this.writeLines();
      ftruncateSync(this.index);
      this.indexBytes = 0;
      this.generation++;
      this.segment?.close();
      this.segment = undefined;
      for (const [file, count] of this.unended) {
        if (count > 0) continue;
        unlinkSync(join(this.folder, file));
        this.unended.delete(file);
      }
    } catch (cause) {
      throw cannotWrite(this.folder, cause);
    }
  }

  [Symbol.dispose](): void {
    this.segment?.close();
    closeSync(this.index);
  }

  private addLine(entry: ArchiveEntry, isAmended: boolean): void {
    this.lines.push({ entry, text: `${JSON.stringify(entry)}\n`, isAmended });
  }

  private writeLines(): void {
    const { lines } = this;
    this.lines = [];
    this.linesStand = undefined;
    if (lines.length === 0) return;
    const bytes = Buffer.from(lines.map(({ text }) => text).join(''));
    try {
      for (let done = 0; done < bytes.length;) done += writeSync(this.index, bytes, done);
    } catch (cause) {
      throw cannotWrite(this.folder, cause);
    }
    for (const { entry, text, isAmended } of lines) {
      const place = { offset: this.indexBytes, sizeBytes: Buffer.byteLength(text) };
      this.indexBytes += place.sizeBytes;
      this.onLine(entry, place, isAmended);
    }
  }

  private openSegment(): void {
    const file = segmentName(this.segmentCount);
    try {
      this.segment?.close();
      this.segment = new Segment(this.folder, file, (cause) => cannotWrite(this.folder, cause));
    } catch (cause) {
      throw cannotWrite(this.folder, cause);
    }
    this.unended.set(file, 0);
    this.segmentCount++;
  }
}

function segmentName(number: number): string {
  return `bodies-${String(number).padStart(4, '0')}.bin`;
}

function cannotWrite(folder: string, cause: unknown): FlowrigError {
  const message = `Cannot write the archive in ${folder}: ${(cause as Error).message}. Free space, or choose another folder with --out.`;
  return new FlowrigError('cannot-write', message, { cause });
}
