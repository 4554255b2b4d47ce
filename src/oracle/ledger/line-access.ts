// Some lines of the corpus, by their ordinals: one by one where the corpus makes any line from its number, else by going through
// their objects.

import type { Corpus, CorpusObject } from '../../core/model/corpus.ts';
import type { Bitmap } from './bitmap.ts';

/** Sees a line that was wanted, of the object that `onObject` told last. */
export type VisitWanted = (
  bytes: Uint8Array,
  start: number,
  end: number,
  place: { ordinal: number; line: number },
) => void;

/** Objects that have a line of the set, in order. */
export function objectsWith(lines: Bitmap, corpus: Corpus): CorpusObject[] {
  if (lines.count === 0) return [];
  return corpus.objects.filter((object) => lines.next(object.lineFirst, object.lineFirst + object.lineCount) >= 0);
}

export interface LineVisitor {
  readonly onObject: (object: CorpusObject) => void;
  /** The place is an object that changes. */
  readonly visit: VisitWanted;
  /** Most lines to show. */
  readonly limit?: number;
}

/** Shows the lines of the set in the order of the corpus. */
export async function visitLines(
  wanted: Bitmap,
  corpus: Corpus,
  { onObject, visit, limit = Infinity }: LineVisitor,
): Promise<void> {
  let left = limit;
  const place = { ordinal: 0, line: 0 };
  for (const object of objectsWith(wanted, corpus)) {
    if (left === 0) return;
    onObject(object);
    if (corpus.visitLine) {
      const end = object.lineFirst + object.lineCount;
      for (let at = wanted.next(object.lineFirst, end); at >= 0 && left > 0; at = wanted.next(at + 1, end)) {
        left -= 1;
        place.ordinal = at;
        corpus.visitLine(object, at - object.lineFirst, (bytes, from, to, line) => {
          place.line = line;
          visit(bytes, from, to, place);
        });
      }
      continue;
    }
    let ordinal = object.lineFirst;
    await corpus.scan(object, (bytes, from, to, line) => {
      place.ordinal = ordinal++;
      place.line = line;
      if (left === 0 || !wanted.has(place.ordinal)) return;
      left -= 1;
      visit(bytes, from, to, place);
    });
  }
}
