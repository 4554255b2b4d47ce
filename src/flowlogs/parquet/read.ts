// Parquet to lines of a flow log, whoever wrote it: rows of one group at a time, nulls as `-`, column names with hyphens again.

import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';

import { parquetMetadataAsync, parquetRead, type AsyncBuffer, type FileMetaData } from 'hyparquet';

/** Rows that are decoded at once: a group of any size must not take memory of any size. */
const rowsAtOnce = 20_000;

export interface ParquetColumn {
  /** As a header line of text would name it. */
  readonly field: string;
  /** Physical type, such as INT32. */
  readonly type: string;
}

export interface ParquetFile {
  readonly columns: readonly ParquetColumn[];
  readonly rowCount: number;
  /** Calls with the values of each row, in the order of the columns; rejects where the file is damaged. */
  readRows(visit: (values: string[], row: number) => void): Promise<void>;
}

/** The bytes of a whole file. */
export function bytesBuffer(bytes: Uint8Array): AsyncBuffer {
  return {
    byteLength: bytes.byteLength,
    slice: (start, end) => new Uint8Array(bytes.subarray(start, end)).buffer,
  };
}

/** Reads the footer; rejects where there is none. */
export async function openParquet(file: AsyncBuffer): Promise<ParquetFile> {
  const metadata = await parquetMetadataAsync(file);
  const leaves = metadata.schema.filter((element) => element.type !== undefined);
  return {
    columns: leaves.map(({ name, type }) => ({ field: name.replaceAll('_', '-'), type: String(type) })),
    rowCount: Number(metadata.num_rows),
    async readRows(visit) {
      let first = 0;
      for (const group of metadata.row_groups) {
        const end = first + Number(group.num_rows);
        for (; first < end; first += rowsAtOnce) {
          await readSome(file, metadata, { first, end: Math.min(end, first + rowsAtOnce), visit });
        }
        first = end;
      }
    },
  };
}

interface Some {
  readonly first: number;
  readonly end: number;
  readonly visit: (values: string[], row: number) => void;
}

async function readSome(file: AsyncBuffer, metadata: FileMetaData, { first, end, visit }: Some): Promise<void> {
  await parquetRead({
    file,
    metadata,
    rowStart: first,
    rowEnd: end,
    rowFormat: 'array',
    compressors,
    onComplete(rows) {
      for (const [i, row] of (rows as unknown[][]).entries()) visit(row.map(textOf), first + i);
    },
  });
}

const compressors = {
  GZIP: (input: Uint8Array) => new Uint8Array(gunzipSync(input)),
  BROTLI: (input: Uint8Array) => new Uint8Array(brotliDecompressSync(input)),
  ZSTD: (input: Uint8Array) => new Uint8Array(zstdDecompressSync(input)),
};

function textOf(value: unknown): string {
  if (value === null || value === undefined || value === '') return '-';
  return typeof value === 'string' ? value : String(value);
}
