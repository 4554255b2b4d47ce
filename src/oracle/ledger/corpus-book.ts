// The corpus's own lines by fingerprint, booked while they are written: who encodes an object has its lines at hand, and at the verdict
// nobody has to make them again, which is most of the work there.

import { existsSync } from 'node:fs';
import { join } from 'node:path';

import type { CorpusObject } from '../../core/model/corpus.ts';
import { CorpusLines } from './corpus-lines.ts';
import { fieldSchema } from '../reading/field-schema.ts';
import { openJournal, readJournal, type VisitArrival } from './journal.ts';
import { lineAt, plainLine } from '../reading/plain-line.ts';
import { layoutOf, leftOutOf, type Promises } from '../promises.ts';

/** Where a line has its obligation: the row tells that an object is whole, by its size in place of a fingerprint. */
const endKind = 3;

const lineFeed = 0x0a;

export interface CorpusBookOptions {
  /** Distinct formats of the corpus. */
  readonly fields: readonly (readonly string[])[];
  readonly seed: number;
  readonly promises: Promises;
  /** The ledger's folder. */
  readonly folder: string;
}

export interface CorpusBook extends Disposable {
  /** Books the lines of an object, once each: a header line, then data lines, each ended by LF. They are on disk when it returns. */
  readonly add: (object: CorpusObject, text: Uint8Array) => void;
}

/** Lines are booked by their identity under the promises, as if nothing else were left out of it. */
export function openCorpusBook({ fields, seed, promises, folder }: CorpusBookOptions): CorpusBook {
  const schema = fieldSchema(fields, new Set(leftOutOf(promises)), layoutOf(promises).layout);
  const lines = new CorpusLines(schema, { promises, withheld: new Set(), seed });
  const { fingerprinter } = lines;
  const journal = openJournal(bookPath(folder));
  return {
    add(object, text) {
      lines.open(object);
      const first = text.indexOf(lineFeed) + 1;
      let place = 0;
      for (let from = first; from < text.length;) {
        const size = plainLine.load(text, from);
        for (let start = lineAt; start < lineAt + size; place++) {
          const end = plainLine.lineEnd(start);
          const obligation = lines.read(plainLine.page, start, end);
          journal.append(fingerprinter.high, fingerprinter.low, object.index, place * 4 + obligation);
          start = end + 1;
        }
        from += size;
      }
      journal.append(text.length - first, 0, object.index, place * 4 + endKind);
      journal.flush();
    },
    [Symbol.dispose]: () => journal[Symbol.dispose](),
  };
}

export interface BookVisitor {
  /** The sequence is the object's index, the place the line's, and the kind one of `obligations`. */
  readonly line: VisitArrival;
  /** Behind the last line of an object. */
  end(object: number, lineCount: number, sizeBytes: number): void;
}

/** Shows whole objects, in the order in which they were written, each line once and in order. */
export function readCorpusBook(folder: string, visitor: BookVisitor): void {
  const path = bookPath(folder);
  if (!existsSync(path)) return;
  readJournal(path, (high, low, row) => {
    if (row.kind === endKind) visitor.end(row.sequence, row.place, high >>> 0);
    else visitor.line(high, low, row);
  });
}

function bookPath(folder: string): string {
  return join(folder, 'corpus-lines');
}
