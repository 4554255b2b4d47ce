// Inflates gzip as a stream: any number of members, zero padding behind them. Damaged bytes give all that can be had before the
// damage, and then the error as a value, since a damaged file is something to judge and no failure of ours.

import { createGunzip, type Gunzip } from 'node:zlib';

const pieceBytes = 65_536;
/** Bytes of a write near damage, pass by pass. */
const steps = [pieceBytes, 512, 1];

/** Takes the inflated pieces in order; a piece is valid only during the call. */
export type TakePiece = (piece: Buffer) => void;

/** Whether the bytes begin as gzip does (RFC 1952, 2.3.1). */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** Resolves with undefined, or with what is wrong with the bytes. Memory does not grow with the text. */
export async function inflate(bytes: Uint8Array, take: TakePiece): Promise<Error | undefined> {
  // A decoder that meets an error keeps back what it made of the same write. So a damaged file is gone through again, in smaller
  // steps where the write failed, until the step is one byte.
  let fed: Fed = { failedAt: bytes.length, inflatedBytes: 0 };
  for (const step of steps) {
    fed = await feed(bytes, { step, smallFrom: fed.failedAt, takenBytes: fed.inflatedBytes }, take);
    if (!fed.error || fed.failedAt === bytes.length) break;
  }
  return fed.error;
}

interface Feeding {
  /** Bytes of a write from `smallFrom` on; before, the usual pieces. */
  readonly step: number;
  readonly smallFrom: number;
  /** Inflated bytes that were taken in an earlier pass. */
  readonly takenBytes: number;
}

interface Fed {
  readonly error?: Error;
  /** Where the write that failed began; the end of the bytes where only their end was missing. */
  readonly failedAt: number;
  readonly inflatedBytes: number;
}

async function feed(bytes: Uint8Array, { step, smallFrom, takenBytes }: Feeding, take: TakePiece): Promise<Fed> {
  const gunzip = createGunzip({ chunkSize: 4 * pieceBytes });
  let inflatedBytes = 0;
  gunzip.on('data', (piece: Buffer) => {
    const known = Math.max(0, Math.min(piece.length, takenBytes - inflatedBytes));
    inflatedBytes += piece.length;
    if (known < piece.length) take(piece.subarray(known));
  });
  // The write that fails tells of it; without a listener of its own the event would end the process.
  gunzip.on('error', () => undefined);
  let at = 0;
  try {
    while (at < bytes.length) {
      const next = Math.min(at < smallFrom ? Math.min(at + pieceBytes, smallFrom) : at + step, bytes.length);
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
