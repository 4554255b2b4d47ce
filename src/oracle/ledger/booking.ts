// Books records of kept deliveries in the journal: one by one, or all of a delivery, which for lines in bodies takes a third of the time.

import { invariant } from '../../core/errors.ts';
import type { RecordView, ShowRecords } from '../../core/model/delivery.ts';
import { arrivalKinds, type ArrivalReader } from '../reading/arrival-reader.ts';
import type { FieldSchema } from '../reading/field-schema.ts';
import { LineBatch, type BatchVisitor } from '../reading/line-batch.ts';
import type { Journal } from './journal.ts';

/** A delivery of more records than this could not be told apart; 2^30 records do not fit any body. */
const maxPlace = 2 ** 30;

export interface Booking {
  /** Books one record of a kept delivery. Nothing of the view is held on to. */
  readonly arrive: (sequence: number, view: RecordView, index: number) => void;
  /** Books all records of a kept delivery. Nothing of them is held on to when it returns. */
  readonly arriveAll: (sequence: number, show: ShowRecords) => void;
}

export function openBooking(reader: ArrivalReader, { usualLine }: FieldSchema, journal: Journal): Booking {
  const { fingerprinter } = reader;
  const batch = new LineBatch(reader, usualLine);

  function append(kind: number, sequence: number, index: number): void {
    journal.append(fingerprinter.high, fingerprinter.low, sequence, index * 4 + kind);
  }

  function arrive(sequence: number, view: RecordView, index: number): void {
    // Asked first: the sentence would be made for every record.
    if (index >= maxPlace) invariant(false, `record ${index} of delivery ${sequence} is beyond what a ledger can name`);
    append(reader.read(view), sequence, index);
  }

  return {
    arrive,
    arriveAll(sequence, show) {
      /** Where the batch's first record is. */
      let first = 0;
      const visitor: BatchVisitor = {
        usual(fingerprints, from, end) {
          const mark = (first + from) * 4 + arrivalKinds.record;
          journal.appendAll(fingerprints.subarray(from * 2, end * 2), sequence, mark);
        },
        other: (kind, at) => append(kind, sequence, first + at),
      };
      try {
        show((view, index) => {
          if (index === first + batch.count && batch.take(view)) return;
          batch.read(visitor);
          first = index;
          if (!batch.take(view)) arrive(sequence, view, index);
        });
      } finally {
        batch.read(visitor);
      }
    },
  };
}
