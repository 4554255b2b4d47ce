// What a ledger holds and by what it was booked: all that another ledger, or its folder, has to know of it.

import type { Carriage } from '../reading/carriage.ts';
import type { Layout, TimestampMeaning } from '../reading/layout.ts';
import type { VisitArrival } from './journal.ts';

export interface LedgerOptions {
  /** Distinct formats of the corpus: the names of its fields, in order. */
  readonly fields: readonly (readonly string[])[];
  readonly seed: number;
  /** Where the ledger's files are; made when needed. */
  readonly folder: string;
  /** Fields that promises leave out of identity: dropped and masked ones. A ledger opened without them is booked anew. */
  readonly leftOut?: readonly string[];
  /** Those of them that are dropped: raw lines may come without their columns. */
  readonly dropped?: readonly string[];
  /** Where fields stand, where somebody declared it. */
  readonly layout?: Layout;
  /** Default `end`. */
  readonly timestampMeaning?: TimestampMeaning;
}

/** What a ledger holds: enough to be added to another one. */
export interface LedgerPart {
  readonly options: LedgerOptions;
  /** How each field of the schema was found. */
  carriage(): readonly Carriage[];
  /** Shows every arrival, in the order of booking. */
  visit(visit: VisitArrival): void;
}
