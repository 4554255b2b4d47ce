// Inflates gzip as a stream: any number of members, zero padding behind them. Damaged bytes give all that can be had before the
// damage, and then the error as a value, since a damaged file is something to judge and no failure of ours.

import { createGunzip, type Gunzip } from 'node:zlib';

const pieceBytes = 65_536;

/** Takes the inflated pieces in order; a piece is valid only during the call. */
export type TakePiece = (piece: Buffer) => void;

/** Whether the bytes begin as gzip does (RFC 1952, 2.3.1). */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** Resolves with undefined, or with what is wrong with the bytes. Memory does not grow with the text. */
export async function inflate(bytes: Uint8Array, take: TakePiece): Promise<Error | undefined> {
  // A decoder that meets an error keeps back what it made of the same write. So the text is taken up to the last good write,
  // and the bad one is gone through again byte by byte.
  const coarse = await feed(bytes, { step: pieceBytes, fineFrom: bytes.length, skipBytes: 0 }, take);
  if (!coarse.error) return undefined;
  const fineFrom = Math.floor(coarse.failedAt / pieceBytes) * pieceBytes;
  const fine = await feed(bytes, { step: pieceBytes, fineFrom, skipBytes: coarse.inflatedBytes }, take);
  return fine.error ?? coarse.error;
}

interface Feeding {
  readonly step: number;
  /** From here on bytes are fed one by one. */
  readonly fineFrom: number;
  /** Inflated bytes that were taken before. */
  readonly skipBytes: number;
}

interface Fed {
  readonly error?: Error;
  /** Where the write that failed began. */
  readonly failedAt: number;
  readonly inflatedBytes: number;
}

async function feed(bytes: Uint8Array, { step, fineFrom, skipBytes }: Feeding, take: TakePiece): Promise<Fed> {
  const gunzip = createGunzip({ chunkSize: 4 * pieceBytes });
  let inflatedBytes = 0;
  gunzip.on('data', (piece: Buffer) => {
    const skipped = Math.max(0, Math.min(piece.length, skipBytes - inflatedBytes));
    inflatedBytes += piece.length;
    if (skipped < piece.length) take(piece.subarray(skipped));
  });
  let at = 0;
  try {
    while (at < bytes.length) {
      const next = Math.min(at + (at >= fineFrom ? 1 : step), bytes.length);
      await write(gunzip, bytes.subarray(at, next));
      at = next;
    }
    await finish(gunzip);
    return { failedAt: at, inflatedBytes };
  } catch (error) {
    return { error: error as Error, failedAt: at, inflatedBytes };
  } finally {
    gunzip.destroy();
  }
}

/** Resolves when the decoder has taken the bytes, or has ended and will take no more. */
function write(gunzip: Gunzip, bytes: Uint8Array): Promise<void> {
  if (gunzip.readableEnded) return Promise.resolve();
  return settle(gunzip, (done) => void gunzip.write(bytes, done));
}

function finish(gunzip: Gunzip): Promise<void> {
  if (gunzip.readableEnded) return Promise.resolve();
  return settle(gunzip, () => void gunzip.end());
}

function settle(gunzip: Gunzip, start: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const settled = (error?: Error | null): void => {
      gunzip.off('error', settled).off('end', onEnd);
      if (error) reject(error);
      else resolve();
    };
    const onEnd = (): void => settled();
    gunzip.on('error', settled).on('end', onEnd);
    start(settled);
  });
}
