// Chooses a few examples that differ from each other, and reads them back from the corpus.

import type { Corpus, CorpusObject } from '../../core/model/corpus.ts';
import type { Witness } from '../../core/model/result.ts';
import { Bitmap } from '../ledger/bitmap.ts';
import type { CorpusLines } from '../ledger/corpus-lines.ts';
import { arrivalWords, type Ledger } from '../ledger/ledger.ts';
import { visitLines } from '../ledger/line-access.ts';

/** Most witnesses of one finding. */
export const witnessLimit = 20;

/** Ordinals of examples, ascending: the first of all, then spread over objects and within them. */
export function chooseLines(lines: Bitmap, objects: readonly CorpusObject[]): number[] {
  const chosen = spread(objects, witnessLimit);
  const quota = Math.max(1, Math.floor(witnessLimit / Math.max(1, chosen.length)));
  return chosen.flatMap((object) => {
    const ordinals: number[] = [];
    const end = object.lineFirst + object.lineCount;
    for (let at = lines.next(object.lineFirst, end); at >= 0; at = lines.next(at + 1, end)) ordinals.push(at);
    return spread(ordinals, quota);
  });
}

/** Arrivals of a set, ascending: the first ones and then some spread over the rest. */
export function chooseArrivals(arrivals: Bitmap, limit: number): number[] {
  if (arrivals.count === 0) return [];
  const chosen = new Set<number>();
  const step = arrivals.length / limit;
  for (let i = 0; i < limit; i++) {
    const found = arrivals.next(Math.floor(i * step));
    if (found >= 0) chosen.add(found);
  }
  for (let at = arrivals.next(0); at >= 0 && chosen.size < limit; at = arrivals.next(at + 1)) chosen.add(at);
  return [...chosen].toSorted((a, b) => a - b);
}

/** At most `limit` items, evenly spaced, the first and the last among them. */
export function spread<T>(items: readonly T[], limit: number): T[] {
  if (items.length <= limit) return [...items];
  if (limit === 1) return [items[0]!];
  return Array.from({ length: limit }, (_, i) => items[Math.round((i * (items.length - 1)) / (limit - 1))]!);
}

/** Reads lines of the corpus back, each once: bucket, key, line number, text, and the deliveries that brought it. */
export async function readLines(
  ordinals: Iterable<number>,
  source: { corpus: Corpus; bucket: string; lines: CorpusLines; ledger: Ledger },
): Promise<Map<number, Witness>> {
  const { corpus, bucket, lines, ledger } = source;
  const witnesses = new Map<number, Witness>();
  const wanted = new Bitmap(corpus.lineCount);
  for (const ordinal of ordinals) wanted.add(ordinal);
  const decoder = new TextDecoder();
  const { fingerprinter } = lines;
  let key = '';
  await visitLines(wanted, corpus, {
    onObject(object) {
      lines.open(object);
      key = object.key;
    },
    visit(bytes, start, end, { ordinal, line }) {
      lines.read(bytes, start, end);
      const deliveries = sequencesOf(ledger, fingerprinter.high, fingerprinter.low);
      const text = decoder.decode(bytes.subarray(start, end));
      witnesses.set(ordinal, { bucket, key, line, text, ...(deliveries.length > 0 ? { deliveries } : {}) });
    },
  });
  return witnesses;
}

/** Sequences of the deliveries that brought a fingerprint, ascending. */
function sequencesOf(ledger: Ledger, high: number, low: number): number[] {
  const rows = ledger.rows(high >>> 24);
  const sequences: number[] = [];
  for (let at = 0; at < rows.length; at += arrivalWords.width) {
    if ((rows[at]! | 0) === high && (rows[at + 1]! | 0) === low) sequences.push(rows[at + arrivalWords.sequence]!);
  }
  return sequences.toSorted((a, b) => a - b).slice(0, witnessLimit);
}
