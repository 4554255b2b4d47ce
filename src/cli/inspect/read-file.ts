// One file to an inspection, as a stream: text, plain or gzipped, whatever its name says. Memory does not grow with the file.

import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { createGunzip } from 'node:zlib';

import { FlowrigError } from '../../core/errors.ts';
import { Inspection, lineBytesMax, type Inspected } from '../../flowlogs/inspect/inspection.ts';
import { LineSplitter } from '../../flowlogs/line-splitter.ts';

export interface InspectedFile extends Inspected {
  readonly file: string;
  readonly encoding: 'text' | 'gzip';
  readonly sizeBytes: number;
}

/** Throws `file-missing` for what cannot be read; damage is one of the violations. */
export async function inspectFile(path: string): Promise<InspectedFile> {
  const stream = createReadStream(path, { highWaterMark: 256 * 1024 });
  try {
    const pieces = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    const first = await pieces.next();
    const head = first.done ? Buffer.alloc(0) : first.value;
    const encoding = head[0] === 0x1f && head[1] === 0x8b ? 'gzip' : 'text';
    const inspection = new Inspection();
    checkName(basename(path), encoding, inspection);
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
