// The attributes of one JSON record in the slots of its view. A key is there once: the later value stands, and a flat key of the
// record stands over one of `attributes`, wherever it came. The resource's attributes go first.

import type { RecordView } from '../../core/model/delivery.ts';
import { moveSlot, rotateSlots, takeSlot } from './record-view.ts';
import { keyCodes } from './record-keys.ts';

/** Typed arrays of 64 bytes and less are made on V8's own heap, in no time. */
const leastTableSize = 16;

export class AttributeSlots {
  private readonly view: RecordView;
  /** Per slot the code of its key, and its hash once it was looked up. */
  private codes = new Uint8Array(leastTableSize);
  private hashes = new Int32Array(leastTableSize);
  /** Slot + 1 by hash, or 0. Holds the slots below `indexed`. */
  private table = new Int32Array(leastTableSize);
  private indexed = 0;

  constructor(view: RecordView) {
    this.view = view;
  }

  beginRecord(): void {
    this.view.attributeCount = 0;
    if (this.indexed > 0) this.forget();
  }

  /** The slot of a key that no other of the record equals. */
  addNew(code: number, start: number, end: number): number {
    const slot = takeSlot(this.view);
    if (slot === this.codes.length) this.grow();
    this.view.keyStart[slot] = start;
    this.view.keyEnd[slot] = end;
    this.codes[slot] = code;
    return slot;
  }

  /** Slots from `first` on were filled with keys that no other of the record equals. */
  addedNew(code: number, first: number): void {
    while (this.view.attributeCount > this.codes.length) this.grow();
    this.codes.fill(code, first, this.view.attributeCount);
  }

  /** The slot of a key that may be there already; -1 where the value that is there stands over the one that comes. */
  add(code: number, start: number, end: number): number {
    const { view } = this;
    while (this.indexed < view.attributeCount) this.index(this.indexed);
    const same = this.find(code, start, end);
    if (same === -1) return this.addNew(code, start, end);
    if (code === keyCodes.inAttributes && this.codes[same] === keyCodes.flat) return -1;
    this.codes[same] = code;
    return same;
  }

  has(code: number): boolean {
    for (let slot = 0; slot < this.view.attributeCount; slot++) if (this.codes[slot] === code) return true;
    return false;
  }

  /** Drops what an earlier object of the same key brought. */
  remove(code: number): void {
    const { view, codes } = this;
    let kept = 0;
    for (let slot = 0; slot < view.attributeCount; slot++) {
      if (codes[slot] === code) continue;
      moveSlot(view, slot, kept);
      codes[kept++] = codes[slot]!;
    }
    view.attributeCount = kept;
    this.forget();
  }

  /** Puts the resource's attributes, which stand together, before the others. */
  endRecord(): void {
    const { view, codes } = this;
    const count = view.attributeCount;
    let start = 0;
    while (start < count && codes[start] !== keyCodes.inResources) start++;
    let end = start;
    while (end < count && codes[end] === keyCodes.inResources) end++;
    if (start > 0 && end > start) rotateSlots(view, start, end);
    view.resourceAttributeCount = view.scopeAttributeEnd = end - start;
  }

  private find(code: number, start: number, end: number): number {
    const { view, table, codes } = this;
    const { source } = view;
    const hash = hashOf(source, { start, end, code });
    const mask = table.length - 1;
    for (let at = hash & mask; table[at] !== 0; at = (at + 1) & mask) {
      const slot = table[at]! - 1;
      const isOtherSet = (codes[slot] === keyCodes.inResources) !== (code === keyCodes.inResources);
      if (this.hashes[slot] !== hash || isOtherSet || view.keyEnd[slot]! - view.keyStart[slot]! !== end - start)
        continue;
      let i = 0;
      while (i < end - start && source[view.keyStart[slot]! + i] === source[start + i]) i++;
      if (i === end - start) return slot;
    }
    return -1;
  }

  private index(slot: number): void {
    const { view, codes } = this;
    const key = { start: view.keyStart[slot]!, end: view.keyEnd[slot]!, code: codes[slot]! };
    this.hashes[slot] = hashOf(view.source, key);
    this.indexed = slot + 1;
    if (this.indexed * 2 > this.table.length) {
      this.table = new Int32Array(this.table.length * 2);
      for (let i = 0; i < slot; i++) this.enter(i);
    }
    this.enter(slot);
  }

  private enter(slot: number): void {
    const { table } = this;
    const mask = table.length - 1;
    let at = this.hashes[slot]! & mask;
    while (table[at] !== 0) at = (at + 1) & mask;
    table[at] = slot + 1;
  }

  /** A table that one huge record made large is not swept for each of the next ones. */
  private forget(): void {
    if (this.table.length > leastTableSize) this.table = new Int32Array(leastTableSize);
    else this.table.fill(0);
    this.indexed = 0;
  }

  private grow(): void {
    const codes = new Uint8Array(this.codes.length * 2);
    const hashes = new Int32Array(this.hashes.length * 2);
    codes.set(this.codes);
    hashes.set(this.hashes);
    this.codes = codes;
    this.hashes = hashes;
  }
}

/** FNV-1a (Fowler, Noll, Vo). */
function hashOf(bytes: Uint8Array, { start, end, code }: { start: number; end: number; code: number }): number {
  let hash = code === keyCodes.inResources ? 0x811c9dc5 : 0x050c5d1f;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
  return hash ^ (hash >>> 15);
}
