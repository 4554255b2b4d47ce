// Parquet to the text that AWS would have written: a header line, then a line a row, so that all behind it reads one kind of object.
// A Parquet file is read from its end, so its bytes are held whole, compressed as they are; rows are decoded some at a time.

import { brotliDecompressSync, gunzipSync } from 'node:zlib';

import { parquetMetadataAsync, parquetRead, type AsyncBuffer } from 'hyparquet';

/** AWS's largest files have 75 MB as text; Parquet of them is smaller than that when gzipped (VPC User Guide, "Flow log files"). */
const maxFileBytes = 192 * 1024 ** 2;

const rowsAtOnce = 10_000;

/** The object is Parquet that cannot be read: damaged, or in a way that this forwarder does not know. */
export class ParquetError extends Error {
  override readonly name = 'ParquetError';
}

export function isParquet(head: Buffer): boolean {
  return head.toString('latin1', 0, 4) === 'PAR1';
}

/** Yields text in chunks. Rejects, after the last whole chunk, where the file is damaged. */
export async function* parquetText(head: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const file = await holdWhole(head, rest);
  const metadata = await parquetMetadataAsync(file).catch(refuse);
  const names = metadata.schema.filter(({ type }) => type !== undefined).map(({ name }) => name.replaceAll('_', '-'));
  yield Buffer.from(`${names.join(' ')}\n`);
  const rowCount = Number(metadata.num_rows);
  for (let first = 0; first < rowCount; first += rowsAtOnce) {
    let lines = '';
    await parquetRead({
      file,
      metadata,
      compressors,
      rowStart: first,
      rowEnd: Math.min(rowCount, first + rowsAtOnce),
      rowFormat: 'array',
      onComplete(rows) {
        for (const row of rows as unknown[][]) lines += `${row.map(textOf).join(' ')}\n`;
      },
    }).catch(refuse);
    yield Buffer.from(lines);
  }
}

async function holdWhole(head: Buffer, rest: AsyncIterable<Buffer>): Promise<AsyncBuffer> {
  const pieces = [head];
  let length = head.length;
  for await (const piece of rest) {
    length += piece.length;
    if (length > maxFileBytes) throw new ParquetError(`The Parquet file is larger than ${maxFileBytes} bytes.`);
    pieces.push(piece);
  }
  const bytes = Buffer.concat(pieces, length);
  return { byteLength: length, slice: (start, end) => new Uint8Array(bytes.subarray(start, end)).buffer };
}

function refuse(error: Error): never {
  throw new ParquetError(`The Parquet data are damaged or cut off: ${error.message}.`, { cause: error });
}

const compressors = {
  GZIP: (input: Uint8Array) => new Uint8Array(gunzipSync(input)),
  BROTLI: (input: Uint8Array) => new Uint8Array(brotliDecompressSync(input)),
};

/** Numbers that are missing are null there, as `-` is in text. A space would shift the columns: AWS percent-encodes it. */
function textOf(value: unknown): string {
  if (value === null || value === undefined || value === '') return '-';
  return typeof value === 'string' ? value.replaceAll(/\s/g, '%20') : String(value);
}
