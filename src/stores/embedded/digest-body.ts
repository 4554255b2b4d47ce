// Digests of bytes that lie here already: of copies, and of objects whose parts came one by one.

import { createHash } from 'node:crypto';

import { openHasher, type Hasher } from './checksum.ts';
import type { Body } from './storage/body.ts';

/** The MD5 in hex, and the checksum of the algorithm in base64 where one is named. */
export async function digestBody(
  body: Body,
  algorithm: string | undefined,
): Promise<{ readonly md5Hex: string; readonly value: string | undefined }> {
  const md5 = createHash('md5');
  const checksum = algorithm === undefined ? undefined : openHasher(algorithm);
  const hashers: readonly Hasher[] = checksum ? [md5, checksum] : [md5];
  for await (const pieces of body.read(0, body.sizeBytes)) {
    for (const piece of pieces) for (const hasher of hashers) hasher.update(piece);
  }
  return { md5Hex: md5.digest('hex'), value: checksum?.digest().toString('base64') };
}
