// The fingerprint of a corpus: SHA-256 over each object's key and the SHA-256 of its plain bytes. Digests of objects are kept as
// the objects are made, so that a run pays for it once and in any order.

import { createHash } from 'node:crypto';

import { invariant } from '../core/errors.ts';

export class Fingerprint {
  readonly #keys: readonly string[];
  readonly #digests: (Uint8Array | undefined)[];

  constructor(keys: readonly string[]) {
    this.#keys = keys;
    this.#digests = keys.map(() => undefined);
  }

  has(index: number): boolean {
    return this.#digests[index] !== undefined;
  }

  /** Keeps the digest of an object's plain bytes, unless it is known. */
  add(index: number, digest: () => Uint8Array): void {
    this.#digests[index] ??= digest();
  }

  /** Hex. Every object's digest must be known. */
  digest(): string {
    const hash = createHash('sha256');
    for (const [i, key] of this.#keys.entries()) {
      const digest = this.#digests[i];
      invariant(digest, `The digest of object ${i} is missing from the fingerprint.`);
      hash.update(`${key}\n`).update(digest);
    }
    return hash.digest('hex');
  }
}
