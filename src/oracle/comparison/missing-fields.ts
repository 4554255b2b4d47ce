// Fields that got lost on the way: no arrival carries them, though a record arrived that has a value there. Where all records with
// such values were lost, or were rightly left out, nothing is known of the field.

import type { Corpus } from '../../core/model/corpus.ts';
import type { Comparison } from './comparison.ts';
import type { CorpusLines } from '../ledger/corpus-lines.ts';
import { obligations } from '../promises.ts';

/** Of these names those that are lost. `openLines` gives a reader that has read nothing yet. */
export async function lostFields(
  names: readonly string[],
  { corpus, comparison }: { corpus: Corpus; comparison: Comparison },
  openLines: () => CorpusLines,
): Promise<string[]> {
  const all = openLines();
  const arrived = openLines();
  for (const object of corpus.objects) {
    if (names.every((name) => arrived.hasValues(name))) break;
    all.open(object);
    arrived.open(object);
    let ordinal = object.lineFirst;
    await corpus.scan(object, (bytes, start, end) => {
      if (comparison.missing.has(ordinal++)) return;
      if (all.read(bytes, start, end) === obligations.owed) arrived.read(bytes, start, end);
    });
  }
  return names.filter((name) => arrived.hasValues(name));
}
