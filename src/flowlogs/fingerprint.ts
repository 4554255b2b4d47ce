// The fingerprint of a corpus: SHA-256 over each object's key and the SHA-256 of its plain bytes, as the objects are made, so that a
// run pays for it once. They may be made in any order; what comes before its turn waits.

import { createHash } from 'node:crypto';

import { invariant } from '../core/errors.ts';

export class Fingerprint {
  readonly #objects: readonly { readonly key: string }[];
  readonly #hash = createHash('sha256');
  /** Digests by the index of their object. */
  readonly #waiting = new Map<number, Uint8Array>();
  #next = 0;

  constructor(objects: readonly { readonly key: string }[]) {
    this.#objects = objects;
  }

  has(index: number): boolean {
    return index < this.#next || this.#waiting.has(index);
  }

  /** Takes the digest of an object's plain bytes, unless it is known. */
  add(index: number, digest: () => Uint8Array): void {
    if (this.has(index)) return;
    this.#waiting.set(index, digest());
    for (let known = this.#waiting.get(this.#next); known; known = this.#waiting.get(this.#next)) {
      this.#hash.update(`${this.#objects[this.#next]!.key}\n`).update(known);
      this.#waiting.delete(this.#next++);
    }
  }

  /** Hex. Every object's digest must be known. */
  digest(): string {
    invariant(
      this.#next === this.#objects.length,
      `The digest of object ${this.#next} is missing from the fingerprint.`,
    );
    return this.#hash.copy().digest('hex');
  }
}
