// The archive read again: every request's body as it was received, so that a run can be judged without its target.

import { closeSync, openSync, readSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

import { FlowrigError } from '../core/errors.ts';
import type { Delivery, VisitRecord } from '../core/model/delivery.ts';
import { checksum } from './checksum.ts';
import { decodeBody, openBody, tooLarge } from './decode/content-encoding.ts';
import { DecodeError } from './decode/decode-error.ts';
import { checkBody, formatOf, type DecodedBody } from './decode/index.ts';
import { collectorLimitBytes } from './editions/edition.ts';

/** One line of index.ndjson: a delivery, and where its body lies. Of several lines with one sequence the last holds. */
export interface ArchiveEntry extends Delivery {
  /** Name of the segment file beside the index. */
  readonly file: string;
  readonly offset: number;
  /** Bytes in the file: as many as were received, or none where the body was over the limit and thrown away. */
  readonly storedBytes: number;
  /** Of these bytes, as src/sink/checksum.ts makes it. */
  readonly checksum?: number;
  /** In archives of older versions, instead. */
  readonly crc32?: number;
  readonly contentType?: string;
  readonly contentEncoding?: string;
}

export const indexFile = 'index.ndjson';

export interface Archive {
  /** In the order of their sequence. */
  readonly deliveries: readonly Delivery[];
  /** False when a line of the index or a body was cut or is gone: then a missing record proves nothing. `visit` tells of changed bodies. */
  readonly complete: boolean;
  /** Visits the records of a delivery again. `error` says why its body cannot be decoded. */
  visit(sequence: number, visit: VisitRecord): Promise<{ recordCount: number; error?: string }>;
}

/** Opens the archive of a run; throws where the folder holds none. */
export async function openArchive(folder: string): Promise<Archive> {
  const { entries, complete } = await readIndex(folder);
  const bySequence = new Map(entries.map((entry) => [entry.sequence, entry]));
  return {
    deliveries: entries,
    complete: complete && noneIsLeftOut(entries) && (await bodiesAreWhole(folder, entries)),
    async visit(sequence, visit) {
      const entry = bySequence.get(sequence);
      if (!entry) return { recordCount: 0, error: `the archive holds no delivery ${sequence}` };
      const { decoded, error } = decodeEntry(folder, entry);
      decoded?.visit((view, index) => {
        visit(view, index);
        return false;
      });
      return { recordCount: decoded?.recordCount ?? 0, ...(error === undefined ? {} : { error }) };
    },
  };
}

/** Decodes the body of a delivery again; `error` says why that cannot be done. */
export function decodeEntry(
  folder: string,
  entry: ArchiveEntry,
): { readonly decoded?: DecodedBody; readonly error?: string } {
  const body = readBody(folder, entry);
  if (body.length < entry.storedBytes) {
    return { error: `the archive lacks ${entry.storedBytes - body.length} bytes of it` };
  }
  if (isChanged(body, entry)) return { error: 'the archive holds other bytes than were received' };
  try {
    if (entry.storedBytes < entry.sizeBytes) throw tooLarge();
    const opened = openEncoded(body, entry.contentEncoding ?? '');
    return { decoded: checkBody(formatOf(entry), opened, undefined, (name) => entry.headers[name]) };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return { error: error.message };
  }
}

function isChanged(body: Uint8Array, entry: ArchiveEntry): boolean {
  return entry.checksum === undefined ? crc32(body) !== entry.crc32 : checksum(body) !== entry.checksum;
}

async function readIndex(folder: string): Promise<{ entries: readonly ArchiveEntry[]; complete: boolean }> {
  let text: string;
  try {
    text = await readFile(join(folder, indexFile), 'utf8');
  } catch (cause) {
    const message = `The archive has no index at ${join(folder, indexFile)}. Give the folder of a run that flowrig wrote.`;
    throw new FlowrigError('bad-run-folder', message, { cause });
  }
  const lines = text.split('\n');
  let complete = lines.pop() === '';
  const bySequence = new Map<number, ArchiveEntry>();
  for (const line of lines) {
    const entry = parseEntry(line);
    if (entry) bySequence.set(entry.sequence, entry);
    else complete = false;
  }
  const entries = [...bySequence.values()].sort((a, b) => a.sequence - b.sequence);
  return { entries, complete };
}

function parseEntry(line: string): ArchiveEntry | undefined {
  try {
    const entry = JSON.parse(line) as ArchiveEntry | null;
    return Number.isInteger(entry?.sequence) ? entry! : undefined;
  } catch {
    return undefined;
  }
}

/** Every delivery has its line when its run is over, so the sequence has no gap. */
function noneIsLeftOut(entries: readonly ArchiveEntry[]): boolean {
  return entries.every((entry, index) => entry.sequence === index + 1);
}

/** Each segment ends where its last body does: bytes beyond it are a body whose line is gone. */
async function bodiesAreWhole(folder: string, entries: readonly ArchiveEntry[]): Promise<boolean> {
  const ends = new Map<string, number>();
  for (const name of await readdir(folder)) if (name !== indexFile) ends.set(name, 0);
  for (const { file, offset, storedBytes } of entries) {
    if (storedBytes > 0) ends.set(file, Math.max(ends.get(file) ?? 0, offset + storedBytes));
  }
  for (const [file, end] of ends) {
    const sizeBytes = await stat(join(folder, file)).then(
      (found) => found.size,
      () => 0,
    );
    if (sizeBytes !== end) return false;
  }
  return true;
}

/**
 * The body as received; shorter where the file was cut or is gone. At once, as it was written: three turns of the thread pool took
 * longer than small bodies took to be decoded.
 */
function readBody(folder: string, { file, offset, storedBytes }: ArchiveEntry): Uint8Array {
  if (storedBytes === 0) return new Uint8Array(0);
  let descriptor: number;
  try {
    descriptor = openSync(join(folder, file), 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Uint8Array(0);
    throw error;
  }
  try {
    const body = Buffer.allocUnsafe(storedBytes);
    return body.subarray(0, readSync(descriptor, body, 0, storedBytes, offset));
  } finally {
    closeSync(descriptor);
  }
}

function openEncoded(body: Uint8Array, encoding: string): Uint8Array {
  openBody(body, encoding);
  return decodeBody(body, encoding, collectorLimitBytes);
}
