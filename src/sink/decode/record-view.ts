// The one RecordView that a decoder fills anew for each record, and how it grows when a record has many attributes.

import { valueKinds, type RecordView } from '../../core/model/delivery.ts';
import { emptyRecordView, growRecordView } from '../../core/model/record-view.ts';

const initialCapacity = 64;
/** A view shows no more attributes of one record: in two bytes each they would take 16 times the body's memory. */
const mostAttributes = 131_072;

/** Sees one record, as `VisitRecord` does; true ends the walk, because the caller has seen enough. */
export type VisitUntil = (view: RecordView, index: number) => boolean;

/** Looks for old records in a body that is being checked. */
export interface AgeWatch {
  /** Unix ms. */
  readonly oldestMs: number;
  /** Is shown every record that may be older, and some that are not. */
  readonly visit: VisitUntil;
}

const nothing = new Uint8Array(0);

/** The view of the walk before: making one takes about 10 us, as long as reading 400 records of one line. */
let spare: RecordView | undefined;

/** A view over a body, which stays until the walk is over; it is empty but for what stood in its columns. */
export function takeRecordView(source: Uint8Array): RecordView {
  const view = spare ?? newRecordView(source);
  spare = undefined;
  view.source = source;
  view.lastingBytes = source.length;
  view.attributeCount = view.resourceAttributeCount = view.scopeAttributeEnd = 0;
  return view;
}

/** Gives back what `takeRecordView` gave, when nobody reads it any more. */
export function giveRecordView(view: RecordView): void {
  if (view.keyStart.length > initialCapacity) return;
  view.source = nothing;
  spare = view;
}

/** An empty view over `source`. */
export function newRecordView(source: Uint8Array): RecordView {
  const view = emptyRecordView(initialCapacity);
  view.source = source;
  return view;
}

/**
 * Takes the next attribute's slot, emptied to what an attribute without key and value is; numbers of the record before stay, since
 * no kind but a number's reads them. Capacity doubles, so that only the
 * first record with many attributes allocates.
 */
export function takeSlot(view: RecordView): number {
  let slot = view.attributeCount++;
  if (slot === view.keyStart.length) {
    if (slot < mostAttributes) growRecordView(view);
    else view.attributeCount = slot--;
  }
  view.keyStart[slot] = view.keyEnd[slot] = 0;
  view.valueKind[slot] = valueKinds.other;
  view.valueStart[slot] = view.valueEnd[slot] = 0;
  return slot;
}

/** Writes an integer's words, and the double next to it. */
export function setInteger(view: RecordView, slot: number, words: { low: number; high: number }): void {
  view.valueKind[slot] = valueKinds.integer;
  view.integerLow[slot] = words.low;
  view.integerHigh[slot] = words.high;
  view.number[slot] = (words.high | 0) * 0x1_0000_0000 + (words.low >>> 0);
}

/** Copies all that a slot holds over another one. */
export function moveSlot(view: RecordView, from: number, to: number): void {
  view.keyStart[to] = view.keyStart[from]!;
  view.keyEnd[to] = view.keyEnd[from]!;
  view.valueKind[to] = view.valueKind[from]!;
  view.valueStart[to] = view.valueStart[from]!;
  view.valueEnd[to] = view.valueEnd[from]!;
  view.integerLow[to] = view.integerLow[from]!;
  view.integerHigh[to] = view.integerHigh[from]!;
  view.number[to] = view.number[from]!;
}

/** Puts the slots from `start` to `end` before all that stand before them; both keep their order. */
export function rotateSlots(view: RecordView, start: number, end: number): void {
  reverseSlots(view, 0, start);
  reverseSlots(view, start, end);
  reverseSlots(view, 0, end);
}

function reverseSlots(view: RecordView, start: number, end: number): void {
  for (let low = start, high = end - 1; low < high; low++, high--) {
    for (const column of [view.keyStart, view.keyEnd, view.valueKind, view.valueStart, view.valueEnd]) {
      swap(column, low, high);
    }
    for (const column of [view.integerLow, view.integerHigh, view.number]) swap(column, low, high);
  }
}

function swap(column: Int32Array | Uint8Array | Uint32Array | Float64Array, a: number, b: number): void {
  const kept = column[a]!;
  column[a] = column[b]!;
  column[b] = kept;
}
