// Stored bytes to text. The first bytes decide, neither the key's suffix nor Content-Encoding: copies lose both. Pieces are fed
// one by one and what each yields is handed on before the next, so backpressure needs no stream plumbing, and everything that an
// inflater yields before an error is delivered before the error is thrown. `DecompressionStream` is not used: it refuses
// gzip files of several members (nodejs/node issue 58247).

import { createGunzip, type Gunzip } from 'node:zlib';

import { isParquet, parquetText } from './parquet.ts';

/** The object's own bytes are wrong or cut off: reading them again gives the same. */
export class DamagedObjectError extends Error {
  override readonly name = 'DamagedObjectError';
}

/** Flow logs that this forwarder cannot read. */
export class UnsupportedObjectError extends Error {
  override readonly name = 'UnsupportedObjectError';
}

/** 16 KiB of gzip hold at most 16 MiB of text (DEFLATE's limit is 1032:1): what a bomb can put into memory at once. */
const feedBytes = 16 * 1024;
const inflatedBytes = 128 * 1024;

/** Yields text in chunks of any size. Throws after the last whole chunk. */
export async function* inflate(pieces: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  // Closed by hand and not by a loop: the head is read apart from the rest.
  try {
    let head: Buffer = Buffer.alloc(0);
    while (head.length < 4) {
      const piece = await pieces.next();
      if (piece.done) break;
      head = Buffer.concat([head, piece.value]);
    }
    if (isGzip(head)) yield* gunzip(head, pieces);
    else if (isParquet(head)) yield* parquetText(head, pieces);
    else {
      refuseUnknown(head);
      if (head.length > 0) yield head;
      yield* pieces;
    }
  } finally {
    await pieces.return(undefined);
  }
}

async function* gunzip(head: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  if (head.length < 4) throw new DamagedObjectError('The gzip data end within their header.');
  using inflater = new Inflater();
  yield* inflater.feed(head);
  for await (const piece of rest) yield* inflater.feed(piece);
  yield* inflater.finish();
}

/** No text begins with 0x1f: alone it is what was left of a gzip. */
function isGzip(head: Buffer): boolean {
  return head[0] === 0x1f && (head.length === 1 || head[1] === 0x8b);
}

function refuseUnknown(head: Buffer): void {
  if (head.length >= 4 && head.readUInt32BE(0) === 0x28b5_2ffd)
    throw new UnsupportedObjectError('The object is compressed with Zstandard.');
}

/** Drives one gunzip; the members of a gzip file may be many, and zeros may follow the last. */
class Inflater implements Disposable {
  readonly #gunzip: Gunzip = createGunzip({ chunkSize: inflatedBytes });
  #outputs: Buffer[] = [];
  #failure: Error | undefined;
  #ended = false;
  #fed = 0;
  #sawText = false;
  #settle: () => void = () => undefined;

  constructor() {
    this.#gunzip.on('data', (chunk: Buffer) => this.#outputs.push(chunk));
    this.#gunzip.on('error', (error) => {
      this.#failure = new DamagedObjectError(`The gzip data are damaged or cut off: ${error.message}.`, {
        cause: error,
      });
      this.#settle();
    });
    this.#gunzip.on('end', () => {
      this.#ended = true;
      this.#settle();
    });
  }

  async *feed(piece: Buffer): AsyncGenerator<Buffer> {
    for (let at = 0; at < piece.length; at += feedBytes) {
      const slice = piece.subarray(at, at + feedBytes);
      if (this.#ended) {
        refuseTrailing(slice);
        continue;
      }
      this.#fed += slice.length;
      yield* this.#run((done) => this.#gunzip.write(slice, done));
      // Node's inflater ends at the first zero after a member and looks at nothing behind it.
      if (this.#ended) refuseTrailing(slice.subarray(slice.length - (this.#fed - this.#gunzip.bytesWritten)));
    }
  }

  async *finish(): AsyncGenerator<Buffer> {
    if (!this.#ended) yield* this.#run(() => this.#gunzip.end());
  }

  [Symbol.dispose](): void {
    this.#gunzip.destroy();
  }

  async *#run(start: (done: () => void) => void): AsyncGenerator<Buffer> {
    await new Promise<void>((resolve) => {
      this.#settle = resolve;
      start(resolve);
    });
    const outputs = this.#outputs;
    this.#outputs = [];
    for (const chunk of outputs) {
      if (!this.#sawText && isGzip(chunk)) throw new UnsupportedObjectError('The object is gzip within gzip.');
      this.#sawText = true;
      yield chunk;
    }
    if (this.#failure) throw this.#failure;
  }
}

function refuseTrailing(rest: Buffer): void {
  if (rest.some((byte) => byte !== 0)) throw new DamagedObjectError('Other bytes follow the end of the gzip data.');
}
