// One file to an inspection, as a stream: text, plain or gzipped, or Parquet, whatever its name says. Memory does not grow with it.

import { createReadStream, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { createGunzip } from 'node:zlib';

import { FlowrigError } from '../../core/errors.ts';
import { Inspection, lineBytesMax, type Inspected } from '../../flowlogs/inspect/inspection.ts';
import { fieldRule } from '../../flowlogs/inspect/field-rules.ts';
import { isGzip } from '../../flowlogs/inflate.ts';
import { isParquet } from '../../flowlogs/is-parquet.ts';
import { LineSplitter } from '../../flowlogs/line-splitter.ts';
import type { ParquetColumn } from '../../flowlogs/parquet/read.ts';

export interface InspectedFile extends Inspected {
  readonly file: string;
  readonly encoding: 'text' | 'gzip' | 'parquet';
  readonly sizeBytes: number;
}

/** Throws `file-missing` for what cannot be read; damage is one of the violations. */
export async function inspectFile(path: string): Promise<InspectedFile> {
  const stream = createReadStream(path, { highWaterMark: 256 * 1024 });
  try {
    const pieces = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    const first = await pieces.next();
    const head = first.done ? Buffer.alloc(0) : first.value;
    const encoding = isParquet(head) ? 'parquet' : isGzip(head) ? 'gzip' : 'text';
    const inspection = new Inspection();
    const isFile = statSync(path).isFile();
    // A pipe has no name of its own.
    if (isFile) checkName(basename(path), encoding, inspection);
    if (encoding === 'parquet') {
      if (!isFile) throw notReadable(path);
      await readRows(path, inspection);
      return { file: path, encoding, sizeBytes: statSync(path).size, ...inspection.result() };
    }
    await readText(withHead(head, pieces), encoding, inspection);
    return { file: path, encoding, sizeBytes: stream.bytesRead, ...inspection.result() };
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    throw new FlowrigError('file-missing', `${path} cannot be inspected, for it cannot be read: ${cause.message}`, {
      cause,
    });
  } finally {
    stream.destroy();
  }
}

/** Parquet is read from its end. */
function notReadable(path: string): FlowrigError {
  const message = `${path} is no file, and holds Parquet, which is read from its end. Store it first.`;
  return new FlowrigError('bad-usage', message);
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}

async function* withHead(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

async function readText(
  pieces: AsyncGenerator<Buffer>,
  encoding: InspectedFile['encoding'],
  inspection: Inspection,
): Promise<void> {
  const splitter = new LineSplitter((bytes, start, end, line) => inspection.see(bytes as Buffer, start, end, line), {
    bytesMax: lineBytesMax,
    see: (line) => inspection.seeLong(line),
  });
  if (encoding === 'text') {
    for await (const piece of pieces) splitter.push(piece);
    return splitter.end();
  }
  const gunzip = createGunzip({ chunkSize: 256 * 1024 });
  gunzip.on('data', (piece: Buffer) => splitter.push(piece));
  const failure = await new Promise<Error | undefined>((resolve, reject) => {
    gunzip.on('error', resolve).on('end', () => resolve(undefined));
    void (async () => {
      for await (const piece of pieces) {
        if (gunzip.destroyed) return;
        await new Promise<void>((next) => void gunzip.write(piece, () => next()));
      }
      gunzip.end();
    })().catch(reject);
  });
  if (failure === undefined) return splitter.end();
  const message = `the gzip is damaged or cut off: ${failure.message}`;
  inspection.violations.add('gzip-damaged', 'an object is a whole gzip', message);
}

/** Of Parquet only the parts that are asked for are read. */
async function readRows(path: string, inspection: Inspection): Promise<void> {
  const { openParquet } = await import('../../flowlogs/parquet/read.ts');
  await using handle = await open(path);
  const { size: byteLength } = await handle.stat();
  const slice = async (start: number, end = byteLength): Promise<ArrayBuffer> => {
    const bytes = new Uint8Array(end - start);
    await handle.read(bytes, 0, bytes.length, start);
    return bytes.buffer;
  };
  try {
    const file = await openParquet({ byteLength, slice });
    checkColumns(file.columns, inspection);
    await file.readRows((values, row) => inspection.seeValues(values, row + 1));
  } catch (error) {
    const message = `the Parquet is damaged or cut off: ${(error as Error).message}`;
    inspection.violations.add('parquet-damaged', 'an object is a whole Parquet file', message);
  }
}

/** Amazon VPC User Guide, "Flow log records", tells the type of each column. */
function checkColumns(columns: readonly ParquetColumn[], inspection: Inspection): void {
  inspection.openFormat(columns.map(({ field }) => field));
  for (const { field, type } of columns) {
    const rule = fieldRule(field);
    if (rule && rule.type !== type) {
      const statement = 'a column of Parquet has the type that AWS documents for its field';
      inspection.violations.add('column-type', statement, `${field} is ${type}, not ${rule.type}`);
    }
    if (!rule) inspection.violations.add('field-unknown', 'a header names fields that AWS documents', `"${field}"`);
  }
}

/** Names of AWS's form are held to it (Amazon VPC User Guide, "Flow log files"); any other name is the user's own business. */
function checkName(name: string, encoding: InspectedFile['encoding'], { violations }: Inspection): void {
  if (name.endsWith('.gz') !== (encoding === 'gzip')) {
    const message =
      encoding === 'gzip'
        ? 'the bytes are gzip, and the name does not end in .gz'
        : 'the name ends in .gz, and the bytes are no gzip';
    violations.add('suffix', 'a name ends in .gz where the bytes are gzip, and only there', message);
  }
  if (!name.includes('_vpcflowlogs_')) return;
  const statement =
    'a file is ACCOUNT_vpcflowlogs_REGION_FLOW-LOG_YYYYMMDDTHHmmZ_HASH.log.gz, with a time in steps of 5 minutes';
  const match =
    /^\d{12}_vpcflowlogs_[a-z0-9-]+_fl-[0-9a-f]{8,17}_\d{4}(?:0\d|1[012])[0-3]\dT[0-2]\d[0-5]([05])Z_[0-9a-f]{8}\.log(\.gz|\.parquet)?$/.exec(
      name,
    );
  if (!match) violations.add('file-name', statement, `"${name}"`);
}
