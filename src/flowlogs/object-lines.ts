// The lines of generated objects, by random access and in order: which kind of line stands where, in which window, and its
// bytes. One value of this class belongs to one reader, for it remembers the batch that it is in.

import type { RandomSource } from '../core/random.ts';
import { anchorCount, endings, LineWriter, type LineInterface } from './line-writer.ts';
import { countsUpTo, type KindCounts } from './mix.ts';
import { newFlow, type Traffic } from './preset.ts';
import { batchSize, Shuffle } from './shuffle.ts';
import { slotOf } from './slots.ts';

/** In each this many records of a run stands one flow of 2^31 bytes or more: what overflows 32 bits must meet some. */
const bulkEvery = 10_000;

/** Gaps between windows, in s (open-telemetry/opentelemetry-collector-contrib issue 38861: 52 s long, 61 s apart). */
const gapMaxS = 9;

/** One object, as far as its lines depend on it. */
export interface ObjectPlan {
  readonly index: number;
  readonly lineFirst: number;
  readonly counts: KindCounts;
}

/** What all readers of one corpus share. */
export interface LineModel {
  readonly traffic: Traffic;
  /** The interfaces of the traffic, then idle ones that only ever report NODATA. */
  readonly interfaces: readonly LineInterface[];
  readonly random: RandomSource;
  readonly startMs: number;
  /** Lines of the whole corpus. */
  readonly lineCount: number;
  /** More batches than any object has. */
  readonly batchesMax: number;
}

export class ObjectLines {
  readonly #model: LineModel;
  readonly #writer: LineWriter;
  readonly #shuffle: Shuffle;
  readonly #gaps: RandomSource;
  readonly #flow = newFlow();
  readonly #gapOfAnchor = new Uint8Array(anchorCount);
  #object: ObjectPlan | undefined;
  #batch = -1;
  #batchId = 0;
  #key = 0;
  #count = 0;
  #nodataFirst = 0;
  #nodataEnd = 0;
  #skipdataEnd = 0;
  #rejectEnd = 0;
  #hasBulk = false;

  constructor(model: LineModel) {
    this.#model = model;
    this.#writer = new LineWriter(model.traffic.accountId, model.interfaces);
    this.#shuffle = new Shuffle(model.random.split('shuffle'));
    this.#gaps = model.random.split('gaps');
  }

  /** Writes data line `index` (from 0) of an object at `position` of a view; returns the position behind its line end. */
  put(view: DataView, position: number, object: ObjectPlan, index: number): number {
    const batch = Math.floor(index / batchSize);
    if (batch !== this.#batch || object !== this.#object) this.#openBatch(object, batch);
    const place = this.#shuffle.at(this.#key, index - batch * batchSize, this.#count);
    if (place >= this.#rejectEnd) {
      this.#model.traffic.accepted(this.#flow, this.#batchId, place - this.#rejectEnd, this.#hasBulk);
      return this.#writer.putFlow(view, position, this.#flow, endings.accept);
    }
    if (place >= this.#skipdataEnd) {
      this.#model.traffic.rejected(this.#flow, this.#batchId, place - this.#skipdataEnd);
      return this.#writer.putFlow(view, position, this.#flow, endings.reject);
    }
    const busyCount = this.#model.traffic.interfaces.length;
    if (place >= this.#nodataEnd) {
      const interfaceIndex = (this.#batchId + place - this.#nodataEnd) % busyCount;
      return this.#writer.putUnmeasured(view, position, interfaceIndex, endings.skipdata);
    }
    const idle = (this.#nodataFirst + place) % (this.#model.interfaces.length - busyCount);
    return this.#writer.putUnmeasured(view, position, busyCount + idle, endings.nodata);
  }

  #openBatch(object: ObjectPlan, batch: number): void {
    const { startMs, batchesMax, lineCount } = this.#model;
    const { counts } = object;
    const first = batch * batchSize;
    const end = Math.min(first + batchSize, counts.lines);
    const before = countsUpTo(counts, first);
    const behind = countsUpTo(counts, end);
    this.#object = object;
    this.#batch = batch;
    this.#batchId = object.index * batchesMax + batch;
    this.#key = this.#shuffle.key(this.#batchId);
    this.#count = end - first;
    this.#nodataFirst = before.nodata;
    this.#nodataEnd = behind.nodata - before.nodata;
    this.#skipdataEnd = this.#nodataEnd + behind.skipdata - before.skipdata;
    this.#rejectEnd = this.#skipdataEnd + behind.reject - before.reject;
    this.#hasBulk = hasBulkMark(object.lineFirst + first, object.lineFirst + end, lineCount);
    const slot = slotOf(startMs, object.index);
    const minute = slot.firstMinute + ((slot.place + batch) % slot.minuteCount);
    for (let anchor = 0; anchor < anchorCount; anchor++) {
      this.#gapOfAnchor[anchor] = this.#gaps.below(gapMaxS + 1, minute, anchor);
    }
    this.#writer.openWindow(minute, this.#gapOfAnchor);
  }
}

/** Whether the mark of some 10,000 lines is among these: the middle one of them, or the corpus's last if that comes first. */
function hasBulkMark(first: number, end: number, lineCount: number): boolean {
  for (let start = Math.floor(first / bulkEvery) * bulkEvery; start < end; start += bulkEvery) {
    const mark = Math.min(start + bulkEvery / 2, lineCount - 1);
    if (mark >= first && mark < end) return true;
  }
  return false;
}
