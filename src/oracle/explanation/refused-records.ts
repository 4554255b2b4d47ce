// The records of requests that were not kept, or not wholly, by fingerprint: one pass over their bodies in the archive, for all who ask
// what became of a record that did not arrive.

import { keptCount, type Delivery } from '../../core/model/delivery.ts';
import type { FingerprintTable } from '../comparison/fingerprint-table.ts';
import { readerOf, type Ledger } from '../ledger/ledger.ts';
import type { ReadRecords } from '../ledger/arrival-access.ts';

/** Most records that are read, those of the last requests: 24 MB of fingerprints. */
const mostRecords = 3_000_000;

export interface RefusedRecords {
  readonly count: number;
  /** False where there were earlier ones, too many to be read. */
  readonly isWhole: boolean;
  /** Whether all records of the request are among them. */
  holds(delivery: Delivery): boolean;
  /** Calls `visit` for each record that stands in the table, with its request and its number there; the last requests first. */
  look(table: FingerprintTable, visit: (delivery: Delivery, value: number) => void): void;
}

interface RefusedInput {
  readonly deliveries: readonly Delivery[];
  readonly ledger: Ledger;
  readonly readRecords: ReadRecords;
}

/** They are read when somebody asks for the first time. */
export function refusedRecords(input: RefusedInput): () => Promise<RefusedRecords> {
  let read: Promise<RefusedRecords> | undefined;
  return () => (read ??= readRefused(input));
}

async function readRefused(input: RefusedInput): Promise<RefusedRecords> {
  const reader = readerOf(input.ledger);
  /** Two words a record, the higher one first. */
  const requests: { delivery: Delivery; fingerprints: Uint32Array }[] = [];
  const whole = new Set<number>();
  let left = mostRecords;
  for (const delivery of input.deliveries.toReversed()) {
    const kept = keptCount(delivery);
    const count = delivery.recordCount - kept;
    if (count <= 0) continue;
    left -= count;
    if (left < 0) break;
    const fingerprints = new Uint32Array(count * 2);
    await input.readRecords(delivery.sequence, (view, index) => {
      if (index < kept) return;
      reader.read(view);
      fingerprints[(index - kept) * 2] = reader.fingerprinter.high;
      fingerprints[(index - kept) * 2 + 1] = reader.fingerprinter.low;
    });
    requests.push({ delivery, fingerprints });
    if (kept === 0) whole.add(delivery.sequence);
  }
  return {
    count: requests.length,
    isWhole: left >= 0,
    holds: ({ sequence }) => whole.has(sequence),
    look(table, visit) {
      for (const { delivery, fingerprints } of requests) {
        for (let at = 0; at < fingerprints.length; at += 2) {
          table.visit(fingerprints[at]!, fingerprints[at + 1]!, (value) => visit(delivery, value));
        }
      }
    },
  };
}
