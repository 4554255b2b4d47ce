// The user's own flow-log files as a corpus: one object a file, its bytes untouched. Each file is read once to see what it holds,
// and again whenever its bytes or lines are asked for; only its size in compressed form lies in memory.

import { createHash } from 'node:crypto';

import { FlowrigError } from '../core/errors.ts';
import type { Corpus, CorpusObject, LineCounts, VisitLine } from '../core/model/corpus.ts';
import { isBlank } from './blank.ts';
import { isFieldName } from './fields.ts';
import { Fingerprint } from './fingerprint.ts';
import { inflate, isGzip } from './inflate.ts';
import { LineSplitter } from './line-splitter.ts';
import { isParquet } from './is-parquet.ts';
import { keyFolder, parseFileName, slotMs, type KeyLayout } from './s3-key.ts';

/** A file to replay. */
export interface ReplayFile {
  /** For messages, and for the key's last part. */
  readonly path: string;
  /** The whole file; called more than once. */
  read(): Promise<Uint8Array>;
}

/** What to replay. */
export interface ReplayOptions {
  readonly files: readonly ReplayFile[];
  /** Field names of files without a header line. */
  readonly fields: readonly string[];
  /** Unix ms: the slot of a file that says nothing of time, neither in its name nor in its lines. */
  readonly startMs: number;
  /** How keys are laid out; AWS's default where absent. */
  readonly layout?: KeyLayout;
}

/** Whose files they are where their names do not tell: an account and a Region of AWS's documentation. */
const owner = { accountId: '123456789012', region: 'us-east-1' };

/**
 * Opens the corpus of some files. A first line whose tokens are all field names is a header. A gzip that is cut or corrupt is
 * `damaged`; its lines are the whole lines before the damage. Of Parquet each row is a line.
 */
export async function replayedCorpus(options: ReplayOptions): Promise<Corpus> {
  const surveys: Survey[] = [];
  for (const file of options.files) surveys.push(await survey(file, options.fields));
  const objects = placeObjects(surveys, options);
  const fingerprint = new Fingerprint(objects);
  for (const [i, { plainDigest }] of surveys.entries()) fingerprint.add(i, () => plainDigest);

  async function body(object: CorpusObject): Promise<Uint8Array> {
    const file = options.files[object.index]!;
    const bytes = await bytesOf(file);
    if (digestOf(bytes).equals(surveys[object.index]!.fileDigest)) return bytes;
    throw new FlowrigError('bad-usage', `${file.path} was changed while it was being replayed. Start the run again.`);
  }

  return {
    version: 1,
    lineCount: surveys.reduce((sum, { counts }) => sum + counts.data, 0),
    objects,
    body,
    async scan(object, visit) {
      return (await readLines(object.key, await body(object), { visit })).counts;
    },
    fingerprint: () => Promise.resolve(fingerprint.digest()),
  };
}

async function bytesOf(file: ReplayFile): Promise<Uint8Array> {
  try {
    return await file.read();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new FlowrigError('file-missing', `${file.path} cannot be replayed, for it cannot be read: ${reason}`, {
      cause,
    });
  }
}

/** What one reading of a file found. */
interface Survey {
  readonly path: string;
  readonly fileDigest: Buffer;
  readonly plainDigest: Buffer;
  readonly fields: readonly string[];
  readonly counts: LineCounts;
  readonly condition: CorpusObject['condition'];
  /** The latest `end` of its records, Unix seconds; 0 where there is none. */
  readonly lastEndS: number;
}

async function survey(file: ReplayFile, fallback: readonly string[]): Promise<Survey> {
  const bytes = await bytesOf(file);
  const plain = createHash('sha256');
  let fields = fallback;
  let endColumn = fields.indexOf('end');
  let lastEndS = 0;
  const { counts, isDamaged } = await readLines(file.path, bytes, {
    visit(line, start, end) {
      const endS = endColumn < 0 ? 0 : numberInColumn(line, { start, end, column: endColumn });
      if (endS > lastEndS && endS <= latestS) lastEndS = endS;
    },
    header(names) {
      fields = names;
      endColumn = fields.indexOf('end');
    },
    piece: (piece) => void plain.update(piece),
  });
  const condition = isDamaged ? 'damaged' : counts.data === 0 ? 'empty' : 'intact';
  return {
    path: file.path,
    fileDigest: digestOf(bytes),
    plainDigest: plain.digest(),
    fields,
    counts,
    condition,
    lastEndS,
  };
}

/** The year 2100: what is later is no time in seconds (flowlogs-reader's tests have a SKIPDATA line in milliseconds). */
const latestS = 4_102_444_800;

function digestOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

interface Reader {
  readonly visit: VisitLine;
  readonly header?: (names: readonly string[]) => void;
  readonly piece?: (piece: Buffer) => void;
}

/** Goes through a file, plain or gzipped. Its first bytes decide which: files are renamed more often than they are made anew. */
async function readLines(
  name: string,
  bytes: Uint8Array,
  reader: Reader,
): Promise<{ counts: LineCounts; isDamaged: boolean }> {
  if (isParquet(bytes)) return readRows(bytes, reader);
  let data = 0;
  let header = 0;
  let blank = 0;
  const splitter = new LineSplitter((piece, start, end, line) => {
    if (isBlank(piece, start, end)) {
      blank++;
      return;
    }
    const names = data + header === 0 ? headerNames(piece, start, end) : undefined;
    if (names) {
      header++;
      reader.header?.(names);
      return;
    }
    data++;
    reader.visit(piece, start, end, line);
  });
  const take = (piece: Buffer): void => {
    reader.piece?.(piece);
    splitter.push(piece);
  };
  let isDamaged = false;
  if (isGzip(bytes)) isDamaged = (await inflate(bytes, take)) !== undefined;
  else if (name.endsWith('.gz') && !looksLikeText(bytes)) isDamaged = true;
  else take(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  // Behind damage the last line is not whole, unless its LF came.
  if (!isDamaged) splitter.end();
  return { counts: { data, header, blank }, isDamaged };
}

/** Rows of Parquet as the lines that a text file would have, `-` for null. The rows before damage count. */
async function readRows(bytes: Uint8Array, reader: Reader): Promise<{ counts: LineCounts; isDamaged: boolean }> {
  const { bytesBuffer, openParquet } = await import('./parquet/read.ts');
  let data = 0;
  try {
    const file = await openParquet(bytesBuffer(bytes));
    reader.header?.(file.columns.map(({ field }) => field));
    await file.readRows((values, row) => {
      const line = Buffer.from(`${values.join(' ')}\n`);
      data++;
      reader.piece?.(line);
      reader.visit(line, 0, line.length - 1, row + 1);
    });
    return { counts: { data, header: 0, blank: 0 }, isDamaged: false };
  } catch {
    return { counts: { data, header: 0, blank: 0 }, isDamaged: true };
  }
}

/** Whether a file begins without control characters but tab, LF and CR: then it is no gzip with a broken head. */
function looksLikeText(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 512).every((byte) => byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d);
}

/** Longer than every documented field name together. */
const headerBytesMax = 4096;

function headerNames(bytes: Uint8Array, start: number, end: number): readonly string[] | undefined {
  if (end - start > headerBytesMax) return undefined;
  const tokens = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start)
    .toString('latin1')
    .split(/[ \t\r]+/)
    .filter((token) => token !== '');
  return tokens.every(isFieldName) ? tokens : undefined;
}

interface Column {
  readonly start: number;
  readonly end: number;
  readonly column: number;
}

/** The whole number in a column of a line, or 0 where there is none. */
function numberInColumn(bytes: Uint8Array, { start, end, column }: Column): number {
  let at = start;
  for (let left = column; left > 0 && at < end; at++) if (bytes[at] === 0x20) left--;
  let value = 0;
  for (; at < end && bytes[at] !== 0x20; at++) {
    const digit = bytes[at]! - 0x30;
    if (digit < 0 || digit > 9) return 0;
    value = value * 10 + digit;
  }
  return value;
}

function placeObjects(surveys: readonly Survey[], options: ReplayOptions): CorpusObject[] {
  const keys = new Set<string>();
  let lineFirst = 0;
  return surveys.map(({ path, fields, counts, condition, lastEndS }, index) => {
    const name = path.split(/[/\\]/).at(-1)!;
    const named = parseFileName(name);
    const atMs = named?.slotStartMs ?? (lastEndS > 0 ? lastEndS * 1000 : options.startMs);
    const slotStartMs = Math.floor(atMs / slotMs) * slotMs;
    const key = distinctKey(keyFolder(named ?? owner, slotStartMs, options.layout), name, keys);
    const object = {
      index,
      key,
      lineFirst,
      lineCount: counts.data,
      slotEndMs: slotStartMs + slotMs,
      fields,
      condition,
    };
    lineFirst += counts.data;
    return object;
  });
}

/** Files of one name in different folders are different objects: a numbered folder keeps them apart. */
function distinctKey(folder: string, name: string, taken: Set<string>): string {
  let key = folder + name;
  for (let i = 2; taken.has(key); i++) key = `${folder}${i}/${name}`;
  taken.add(key);
  return key;
}
