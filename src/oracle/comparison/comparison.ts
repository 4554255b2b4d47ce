// What a comparison of the corpus with the ledger finds: sets of lines and of arrivals, and counts by object.

import { newHistogram, type Histogram } from '../../core/histogram.ts';
import type { Corpus } from '../../core/model/corpus.ts';
import { Bitmap } from '../ledger/bitmap.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Elapsed } from './latency-over-time.ts';
import { copyClasses, type CopyClass } from './timeline.ts';

/** Counts by object index: `lines = header + blank + delivered + altered + missing + deadLettered + notOwed`. */
export interface Balances {
  /** Lines of the file, all of them. */
  readonly lines: Uint32Array;
  readonly header: Uint32Array;
  readonly blank: Uint32Array;
  readonly delivered: Uint32Array;
  readonly altered: Uint32Array;
  readonly missing: Uint32Array;
  readonly deadLettered: Uint32Array;
  readonly notOwed: Uint32Array;
}

/** Sets of lines are by their ordinal in the corpus; sets of arrivals by `arrivalBase[sequence] + place`. */
export interface Comparison {
  readonly balances: Balances;
  readonly missing: Bitmap;
  /** Lines of which something arrived that was changed: what the pairing takes from `missing`. */
  readonly altered: Bitmap;
  /** Owed records that their object's first success had promised before the sink had accepted them. */
  readonly late: Bitmap;
  readonly unwanted: Bitmap;
  /** Lines that arrived though they were not owed, and are welcome. */
  readonly optional: Bitmap;
  unwantedArrivals: number;
  /** Lines of the corpus that the promises say to leave out. */
  unwantedLines: number;
  readonly doubled: Readonly<Record<CopyClass, Bitmap>>;
  readonly copies: Record<CopyClass, number>;
  /** Arrivals that stand nowhere in the corpus, by `arrivalKinds`. */
  readonly unmatched: readonly [Bitmap, Bitmap, Bitmap, Bitmap];
  readonly arrivalBase: Float64Array;
  /** Groups of equal lines with more lines than one, of which not all arrived once. */
  equalLines: number;
  readonly latency: Histogram;
  /** The same by request. */
  readonly elapsed: Elapsed;
  /** Bytes of log text, headers and line ends included. */
  corpusBytes: number;
}

export function emptyComparison(corpus: Corpus, ledger: Ledger): Comparison {
  const count = (): Uint32Array => new Uint32Array(corpus.objects.length);
  const lines = (): Bitmap => new Bitmap(corpus.lineCount);
  const places = ledger.places();
  const arrivalBase = new Float64Array(places.length + 1);
  for (let sequence = 0; sequence < places.length; sequence++) {
    arrivalBase[sequence + 1] = arrivalBase[sequence]! + places[sequence]!;
  }
  const arrivals = (): Bitmap => new Bitmap(arrivalBase[places.length]!);
  return {
    balances: {
      lines: count(),
      header: count(),
      blank: count(),
      delivered: count(),
      altered: count(),
      missing: count(),
      deadLettered: count(),
      notOwed: count(),
    },
    missing: lines(),
    altered: lines(),
    late: lines(),
    unwanted: lines(),
    optional: lines(),
    unwantedArrivals: 0,
    unwantedLines: 0,
    doubled: Object.fromEntries(copyClasses.map((name) => [name, lines()])) as Record<CopyClass, Bitmap>,
    copies: Object.fromEntries(copyClasses.map((name) => [name, 0])) as Record<CopyClass, number>,
    unmatched: [arrivals(), arrivals(), arrivals(), arrivals()],
    arrivalBase,
    equalLines: 0,
    latency: newHistogram(),
    elapsed: { sumMs: new Float64Array(places.length), count: new Uint32Array(places.length) },
    corpusBytes: 0,
  };
}
