// Texts of a JSON body as UTF-8 in one growing buffer, which becomes the `source` of the RecordView: so every decoder hands on
// the same shape, ranges of bytes, whatever it read.

import { valueKinds, type RecordView } from '../../core/model/delivery.ts';
import { newRecordView, takeSlot } from './record-view.ts';

/** A RecordView whose source it fills. */
export class TextScratch {
  readonly view: RecordView;
  private bytes = Buffer.allocUnsafeSlow(64 * 1024);
  private length = 0;

  constructor() {
    this.view = newRecordView(this.bytes);
  }

  /** Forgets what was written after `keepTo`, a value of `end`: a new record keeps what its resource and scope wrote. */
  rewind(keepTo: number): void {
    this.length = keepTo;
  }

  /** Writes a text; the answer is where it starts, and it ends at `end`. A lone surrogate becomes U+FFFD. */
  write(text: string): number {
    const start = this.length;
    if (start + text.length * 3 > this.bytes.length) this.grow(start + text.length * 3);
    this.length += this.bytes.write(text, start);
    return start;
  }

  get end(): number {
    return this.length;
  }

  /** Adds an attribute with its key; the caller sets the value in the slot that is answered. */
  addKey(key: string): number {
    const slot = takeSlot(this.view);
    this.view.keyStart[slot] = this.write(key);
    this.view.keyEnd[slot] = this.length;
    return slot;
  }

  /** Sets a value that is a range of bytes: a text, or the raw encoding of another kind. */
  setText(slot: number, text: string, kind: number = valueKinds.text): void {
    this.view.valueKind[slot] = kind;
    this.view.valueStart[slot] = this.write(text);
    this.view.valueEnd[slot] = this.length;
  }

  setNumber(slot: number, value: number): void {
    this.view.valueKind[slot] = valueKinds.double;
    this.view.number[slot] = value;
  }

  setBoolean(slot: number, value: boolean): void {
    this.view.valueKind[slot] = valueKinds.boolean;
    this.view.number[slot] = value ? 1 : 0;
  }

  private grow(sizeBytes: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(sizeBytes, this.bytes.length * 2));
    larger.set(this.bytes.subarray(0, this.length));
    this.view.source = this.bytes = larger;
  }
}
