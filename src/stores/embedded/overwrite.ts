// Overwrites an object with the same lines in other bytes: as who compresses a bucket anew does.

import { createHash } from 'node:crypto';

import type { S3 } from './action.ts';
import type { RequestIds } from './request-ids.ts';

export interface Overwriting {
  readonly s3: S3;
  readonly bucket: string;
  readonly key: string;
  readonly ids: RequestIds;
}

/** The object must be there. */
export async function overwriteAlike({ s3, bucket, key, ids }: Overwriting): Promise<void> {
  const there = s3.storage.bucket(bucket)!;
  const { checksum: _, ...entry } = there.get(key)!;
  const chunks: Uint8Array[] = [];
  entry.body.hold();
  try {
    // The buffers of a body are valid until the next are asked for.
    for await (const pieces of entry.body.read(0, entry.body.sizeBytes))
      for (const piece of pieces) chunks.push(piece.slice());
  } finally {
    await entry.body.release();
  }
  const bytes = otherBytes(Buffer.concat(chunks));
  const writer = s3.storage.openWriter();
  try {
    await writer.write(bytes);
    const etag = createHash('md5').update(bytes).digest('hex');
    const storedMs = s3.clock.nowMs();
    await there.put(key, { ...entry, body: await writer.finish(), etag, lastModifiedMs: storedMs });
    s3.onOverwrite?.({ bucket, key, sizeBytes: bytes.length, etag, storedMs, ...ids });
  } finally {
    await writer.discard();
  }
}

/** Gzip tells when it was made (RFC 1952, section 2.3.1: MTIME), which nobody reads; a text gets a blank line more. */
function otherBytes(bytes: Buffer): Buffer {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b || bytes.length < 10) return Buffer.concat([bytes, Buffer.from('\n')]);
  const changed = Buffer.from(bytes);
  changed.writeUInt32LE(changed.readUInt32LE(4) ^ 1, 4);
  return changed;
}
