// Function packages and layers as .zip files: what they hold, and how they lie when unpacked. The archive itself is fflate's work; what
// it leaves out (checksums, permissions, links) is read here from the central directory (PKWARE, .ZIP File Format Specification, 4.3).

import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';

import { unzipSync } from 'fflate';

/** Why a file is no package that Lambda would take: the rest of a sentence that begins with its name. */
export class ZipMistake extends Error {
  override readonly name = 'ZipMistake';
}

interface ZipEntry {
  readonly name: string;
  readonly checksum: number;
  readonly sizeBytes: number;
  /** Type and permissions as in stat(2); undefined where it was packed elsewhere than on Unix. */
  readonly mode: number | undefined;
}

/** 250 MB for a function with its layers (Lambda guide, "Lambda quotas"). */
const unpackedLimitBytes = 250 * 1024 ** 2;

const endSize = 22;

/** Names of its files, with `/` between folders. Throws a ZipMistake. */
export function zipNames(file: string): string[] {
  return readDirectory(readFileSync(file)).map(({ name }) => name);
}

/** One of its files, as text. Throws a ZipMistake. */
export function zipText(file: string, name: string): string {
  const contents = unzipped(readFileSync(file), (entry) => entry.name === name);
  return Buffer.from(contents[name] ?? []).toString();
}

/** Unpacks it into the folder, over what is there. Throws a ZipMistake before anything lies outside of the folder. */
export function unpackZip(file: string, folder: string): void {
  const bytes = readFileSync(file);
  const entries = readDirectory(bytes);
  const sizeBytes = entries.reduce((sum, entry) => sum + entry.sizeBytes, 0);
  if (sizeBytes > unpackedLimitBytes) throw new ZipMistake('is larger than the 250 MB that Lambda takes, unpacked.');
  const contents = unzipped(bytes, () => true);
  for (const entry of entries) {
    const content = contents[entry.name];
    if (!content || crc32(content) !== entry.checksum) {
      throw new ZipMistake(`is damaged: "${entry.name}" in it does not have its checksum.`);
    }
    place(entry, content, folder);
  }
}

function unzipped(bytes: Uint8Array, filter: (entry: { name: string }) => boolean): Record<string, Uint8Array> {
  try {
    return unzipSync(bytes, { filter });
  } catch (error) {
    throw new ZipMistake(`is no readable .zip file: ${(error as Error).message}.`, { cause: error });
  }
}

function place({ name, mode }: ZipEntry, content: Uint8Array, folder: string): void {
  const target = path.join(folder, name);
  if (!target.startsWith(folder + path.sep)) throw new ZipMistake(`holds "${name}", which lies outside of it.`);
  if (name.endsWith('/')) return void mkdirSync(target, { recursive: true });
  mkdirSync(path.dirname(target), { recursive: true });
  const isLink = mode !== undefined && (mode & 0o170000) === 0o120000;
  if (isLink) symlinkSync(Buffer.from(content).toString(), target);
  else writeFileSync(target, content, { mode: mode === undefined ? 0o755 : mode & 0o777 });
}

function readDirectory(bytes: Buffer): ZipEntry[] {
  const end = bytes.lastIndexOf('PK\u0005\u0006', undefined, 'latin1');
  if (end < 0 || end + endSize > bytes.length) throw new ZipMistake('is no .zip file, or its end is missing.');
  const count = bytes.readUInt16LE(end + 10);
  let at = bytes.readUInt32LE(end + 16);
  const entries: ZipEntry[] = [];
  while (entries.length < count) {
    if (at + 46 > end || bytes.readUInt32LE(at) !== 0x02014b50)
      throw new ZipMistake('is damaged: its directory is broken.');
    const nameEnd = at + 46 + bytes.readUInt16LE(at + 28);
    const isUnix = bytes[at + 5] === 3;
    entries.push({
      name: bytes.toString('utf8', at + 46, nameEnd),
      checksum: bytes.readUInt32LE(at + 16),
      sizeBytes: bytes.readUInt32LE(at + 24),
      mode: isUnix ? bytes.readUInt16LE(at + 40) : undefined,
    });
    at = nameEnd + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return entries;
}
