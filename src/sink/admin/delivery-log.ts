// The deliveries of a sink that runs for days: they lie in its archive, and only where each one's line stands is kept in memory,
// 24 bytes each. What is read again is read from the disk, one delivery at a time.

import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';

import { invariant } from '../../core/errors.ts';
import { turns } from '../../core/turn.ts';
import { keptCount } from '../../core/model/delivery.ts';
import { decodeEntry, indexFile, type ArchiveEntry } from '../archive.ts';
import type { LinePlace } from '../archive-writer.ts';
import type { DecodedBody } from '../decode/index.ts';
import { DeliveryTotals } from './delivery-totals.ts';

/** A delivery read again. */
export interface LoggedDelivery {
  readonly entry: ArchiveEntry;
  /** Its records; absent where none was kept. */
  readonly decoded?: DecodedBody;
  /** Why the records that it kept cannot be read again. */
  readonly error?: string;
}

export interface LogQuery {
  /** Only deliveries behind this sequence. */
  readonly since: number;
  /** Goes on with each delivery as it ends. */
  readonly follows: boolean;
  /** Aborted when nobody reads on. */
  readonly gone: AbortSignal;
}

export class DeliveryLog {
  /** Over all deliveries, also those that were forgotten. */
  readonly totals: DeliveryTotals = new DeliveryTotals();
  private readonly folder: string;
  /** Of each delivery in the order in which they ended: its sequence, and where its line lies. */
  private sequences: number[] = [];
  private offsets: number[] = [];
  private sizes: number[] = [];
  /** How often all was forgotten. */
  private generation = 0;
  private followers: (() => void)[] = [];

  /** `folder` is the archive's. */
  constructor(folder: string) {
    this.folder = folder;
  }

  /**
   * Takes note of a delivery whose line stands in the archive now. An amended one stands as it is told now, for those who ask from now
   * on; the totals keep what its answer was, since a counter may not fall.
   */
  add(entry: ArchiveEntry, { offset, sizeBytes }: LinePlace, isAmended: boolean): void {
    if (isAmended) {
      const position = this.sequences.lastIndexOf(entry.sequence);
      this.offsets[position] = offset;
      this.sizes[position] = sizeBytes;
      return;
    }
    this.sequences.push(entry.sequence);
    this.offsets.push(offset);
    this.sizes.push(sizeBytes);
    this.totals.add(entry);
    for (const wake of this.followers.splice(0)) wake();
  }

  /** Forgets all deliveries; their archive has forgotten them, too. */
  forget(): void {
    this.sequences = [];
    this.offsets = [];
    this.sizes = [];
    this.generation++;
  }

  /**
   * Those that have ended, by sequence; then, for a follower, each as it ends. A delivery that is forgotten meanwhile is left out.
   */
  async *read({ since, follows, gone }: LogQuery): AsyncGenerator<LoggedDelivery> {
    const index = openSync(join(this.folder, indexFile), 'r');
    let { generation } = this;
    let next = this.sequences.length;
    try {
      for (const position of this.endedSince(since)) {
        if (generation !== this.generation) break;
        yield this.decoded(index, position);
        // The sink serves its own clients between two deliveries.
        await turns(1);
      }
      while (follows && !gone.aborted) {
        if (generation !== this.generation) [generation, next] = [this.generation, 0];
        if (next === this.sequences.length) {
          await this.another(gone);
          continue;
        }
        const position = next++;
        if (this.sequences[position]! <= since) continue;
        yield this.decoded(index, position);
        await turns(1);
      }
    } finally {
      closeSync(index);
    }
  }

  /** Places of the deliveries behind `since`, by sequence: they mostly ended in that order. */
  private endedSince(since: number): number[] {
    const places: number[] = [];
    for (let i = 0; i < this.sequences.length; i++) if (this.sequences[i]! > since) places.push(i);
    return places.sort((a, b) => this.sequences[a]! - this.sequences[b]!);
  }

  /** At once, so that nothing is forgotten between the look at the place and the reading. */
  private decoded(index: number, position: number): LoggedDelivery {
    const line = Buffer.allocUnsafe(this.sizes[position]!);
    const sizeBytes = readSync(index, line, 0, line.length, this.offsets[position]!);
    invariant(sizeBytes === line.length, `the archive's index ends within the line at ${this.offsets[position]}`);
    const entry = JSON.parse(line.toString()) as ArchiveEntry;
    return keptCount(entry) === 0 ? { entry } : { entry, ...decodeEntry(this.folder, entry) };
  }

  /** Resolves when another delivery has ended, or nobody reads on. */
  private another(gone: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        gone.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        this.followers = this.followers.filter((follower) => follower !== wake);
        resolve();
      };
      gone.addEventListener('abort', leave, { once: true });
      this.followers.push(wake);
    });
  }
}
