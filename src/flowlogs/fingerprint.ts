// The fingerprint of a corpus: SHA-256 over each object's key and the SHA-256 of its plain bytes. Digests of objects are kept as
// the objects are made, so that a run pays for it once and in any order.

import { createHash } from 'node:crypto';

import { invariant } from '../core/errors.ts';

const digestBytes = 32;

export class Fingerprint {
  readonly #objects: readonly { readonly key: string }[];
  readonly #isKnown: Uint8Array;
  /** One behind the other: as values of their own they would take 100 MB for 360,000 objects. */
  #digests = new Uint8Array(0);

  constructor(objects: readonly { readonly key: string }[]) {
    this.#objects = objects;
    this.#isKnown = new Uint8Array(objects.length);
  }

  has(index: number): boolean {
    return this.#isKnown[index] === 1;
  }

  /** Keeps the digest of an object's plain bytes, unless it is known. */
  add(index: number, digest: () => Uint8Array): void {
    if (this.has(index)) return;
    if (this.#digests.length === 0) this.#digests = new Uint8Array(this.#objects.length * digestBytes);
    this.#digests.set(digest(), index * digestBytes);
    this.#isKnown[index] = 1;
  }

  /** Hex. Every object's digest must be known. */
  digest(): string {
    const hash = createHash('sha256');
    for (const [i, { key }] of this.#objects.entries()) {
      invariant(this.has(i), `The digest of object ${i} is missing from the fingerprint.`);
      hash.update(`${key}\n`).update(this.#digests.subarray(i * digestBytes, (i + 1) * digestBytes));
    }
    return hash.digest('hex');
  }
}
