// Records of which the line in their body tells everything, read many at a time: their bytes are copied together and read by one call of
// WebAssembly, which takes a third of the time of one after the other. What turns out not to be a usual line is read as any record is.

import type { RecordView } from '../../core/model/delivery.ts';
import { emptyRecordView } from '../../core/model/record-view.ts';
import type { ArrivalReader } from './arrival-reader.ts';
import type { Shape } from './binding.ts';
import type { UsualLine } from './format.ts';
import { mostLines, plainBytes, plainLine } from './plain-line.ts';

/** Sees records of the batch in their order; `words` holds the two words of each one's fingerprint. */
export interface BatchVisitor {
  /** Records from `from` on, and before `end`, that are lines of records. */
  usual(words: Int32Array, from: number, end: number): void;
  /** One record that the reader has read. */
  other(kind: number, at: number): void;
}

const nothing = new Uint8Array(0);

export class LineBatch {
  count = 0;
  readonly #reader: ArrivalReader;
  readonly #usual: UsualLine | undefined;
  readonly #ranges = new Int32Array(mostLines * 2);
  readonly #timestampsMs = new Float64Array(mostLines);
  #source: Uint8Array = nothing;
  #shape: Shape | undefined;
  #start = 0;
  #end = 0;
  /** A record of the batch as the reader wants to see it: none of its attributes holds a field, so it is as if it had none. */
  readonly #view = emptyRecordView(0);

  /** Where no line of the schema is usual every record is refused. */
  constructor(reader: ArrivalReader, usual: UsualLine | undefined) {
    this.#reader = reader;
    this.#usual = usual;
  }

  /** Takes a record whose bytes stay until the batch is read; false where it is none of its kind, or not beside those taken before. */
  take(view: RecordView): boolean {
    const { bodyStart, bodyEnd, source, lastingBytes = 0 } = view;
    if (bodyEnd > lastingBytes || bodyEnd - bodyStart > plainBytes || !this.#usual) return false;
    const shape = this.#reader.shapeOfLine(view);
    if (!shape) return false;
    const { count } = this;
    if (count === 0) {
      this.#source = source;
      this.#shape = shape;
      this.#start = bodyStart;
    } else {
      if (count === mostLines || source !== this.#source || shape !== this.#shape) return false;
      if (bodyStart < this.#end || bodyEnd - this.#start > plainLine.room) return false;
    }
    this.#ranges[count * 2] = bodyStart;
    this.#ranges[count * 2 + 1] = bodyEnd;
    this.#timestampsMs[count] = view.timestampMs;
    this.#end = bodyEnd;
    this.count = count + 1;
    return true;
  }

  /** Reads what was taken, and is empty then. */
  read(visitor: BatchVisitor): void {
    const { count } = this;
    if (count === 0) return;
    this.count = 0;
    const source = this.#source.subarray(this.#start, this.#end);
    const lines = { source, start: this.#start, ranges: this.#ranges, count };
    const strange = plainLine.readAll(lines, this.#usual!, this.#reader.fingerprinter);
    this.#reader.countLines(this.#shape!, count - strange);
    if (strange === 0) visitor.usual(plainLine.fingerprints, 0, count);
    else this.#visitMixed(visitor, count);
    this.#source = nothing;
  }

  #visitMixed(visitor: BatchVisitor, count: number): void {
    let from = 0;
    for (let at = 0; at < count; at++) {
      if (!plainLine.isStrange(at)) continue;
      if (at > from) visitor.usual(plainLine.fingerprints, from, at);
      from = at + 1;
      visitor.other(this.#readOther(at), at);
    }
    if (count > from) visitor.usual(plainLine.fingerprints, from, count);
  }

  #readOther(at: number): number {
    const view = this.#view;
    view.source = this.#source;
    view.bodyStart = this.#ranges[at * 2]!;
    view.bodyEnd = this.#ranges[at * 2 + 1]!;
    view.timestampMs = this.#timestampsMs[at]!;
    return this.#reader.readLine(view, this.#shape!);
  }
}
