// A file of bodies. Those that come in one turn of the event loop are written together: the system takes 14 us for each of eight bodies of 64 KiB
// at once, 21 for one alone.

import { closeSync, openSync, writeSync, writev, writevSync } from 'node:fs';
import { join } from 'node:path';

import { nextTurn } from '../core/turn.ts';

/**
 * More is written on the thread pool: 1 MiB takes a third of what this thread has to do for it. To wake a thread takes as long as to write less:
 * with 64 KiB from 8 connections the sink came to 0.62 to 0.67 of a bare node:http server's rate, and to 0.59 to 0.62 on the pool.
 */
const atOnceBytes = 512 * 1024;

/** Bodies of one turn. */
interface Batch {
  readonly offset: number;
  readonly bodies: Uint8Array[];
  readonly written: Promise<void>;
}

export class Segment {
  readonly file: string;
  sizeBytes = 0;
  readonly #descriptor: number;
  #batch: Batch | undefined;
  /** Batches that are not written yet. */
  #openBatches = 0;
  #isClosing = false;

  readonly #explain: (cause: unknown) => unknown;

  /** Throws where there is such a file, or none can be made. `explain` makes the error that is told of a body that cannot be written. */
  constructor(folder: string, file: string, explain: (cause: unknown) => unknown) {
    this.file = file;
    this.#explain = explain;
    this.#descriptor = openSync(join(folder, file), 'wx');
  }

  /** Adds a body, which must stay as it is until `written` resolves: then it lies with the system. */
  add(body: Uint8Array): { readonly offset: number; readonly written: Promise<void> } {
    const offset = this.sizeBytes;
    const batch = (this.#batch ??= this.#newBatch());
    batch.bodies.push(body);
    this.sizeBytes += body.length;
    return { offset, written: batch.written };
  }

  /** Closes the file when all that was added is written. */
  close(): void {
    this.#isClosing = true;
    if (this.#openBatches === 0) closeSync(this.#descriptor);
  }

  #newBatch(): Batch {
    const { promise: written, resolve, reject } = Promise.withResolvers<void>();
    const batch: Batch = { offset: this.sizeBytes, bodies: [], written };
    this.#openBatches++;
    nextTurn(() => {
      this.#batch = undefined;
      this.#write(batch, (error) => {
        this.#openBatches--;
        if (this.#isClosing && this.#openBatches === 0) closeSync(this.#descriptor);
        if (error) reject(this.#explain(error));
        else resolve();
      });
    });
    // Whoever waits for something else yet hears of it later.
    written.catch(() => undefined);
    return batch;
  }

  #write({ offset, bodies }: Batch, done: (error: unknown) => void): void {
    const sizeBytes = bodies.reduce((sum, { length }) => sum + length, 0);
    if (sizeBytes <= atOnceBytes) return done(this.#writeNow(bodies, offset, sizeBytes));
    writev(this.#descriptor, bodies, offset, (error, writtenBytes) => {
      if (error || writtenBytes === sizeBytes) return done(error);
      // A disk that is nearly full takes a part; what it says to the rest is the error that is told.
      const rest = Buffer.concat(bodies).subarray(writtenBytes);
      done(this.#writeNow([rest], offset + writtenBytes, rest.length));
    });
  }

  /** Answers what went wrong, if anything. */
  #writeNow(bodies: readonly Uint8Array[], offset: number, sizeBytes: number): unknown {
    try {
      let written = sizeBytes === 0 ? 0 : writevSync(this.#descriptor, bodies, offset);
      if (written === sizeBytes) return undefined;
      const whole = Buffer.concat(bodies);
      while (written < sizeBytes) {
        written += writeSync(this.#descriptor, whole, written, sizeBytes - written, offset + written);
      }
      return undefined;
    } catch (error) {
      return error;
    }
  }
}
