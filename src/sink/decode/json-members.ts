// The members of the objects that are being written: where each key and each written member begins, so that an object whose keys
// come out of order can be put in order when it ends. Typed arrays, since an object may have millions of members.

import { comma } from './ascii.ts';
import { ByteBuffer, type TextScratch } from './text-scratch.ts';

export class Members {
  /** Keys of the open objects' members, unescaped, one behind the other. */
  readonly keys = new ByteBuffer();
  /** Where the key that was begun last begins. */
  keyStart = 0;
  /** Per member: its key's range in `keys`, its range in the scratch. */
  private columns = [new Int32Array(16), new Int32Array(16), new Int32Array(16), new Int32Array(16)] as const;
  private count = 0;
  /** Of each open object the first member, and whether its keys came in order so far. */
  private readonly firsts: number[] = [];
  private readonly isOrdered: boolean[] = [];

  open(): void {
    this.firsts.push(this.count);
    this.isOrdered.push(true);
  }

  beginMember(scratch: TextScratch): void {
    if (this.count === this.columns[0].length) this.grow();
    this.keyStart = this.keys.end;
    this.columns[0][this.count] = this.keyStart;
    this.columns[2][this.count] = scratch.end;
  }

  /** The key's bytes have been appended to `keys`. */
  endKey(): void {
    const { count, firsts, isOrdered } = this;
    this.columns[1][count] = this.keys.end;
    if (count > firsts.at(-1)! && this.compare(count - 1, count) >= 0) isOrdered[isOrdered.length - 1] = false;
    this.count++;
  }

  endMember(scratch: TextScratch): void {
    this.columns[3][this.count - 1] = scratch.end;
  }

  /** Puts the innermost object in order and forgets it. */
  close(scratch: TextScratch): void {
    const first = this.firsts.pop()!;
    if (this.count > first) this.endMember(scratch);
    if (!this.isOrdered.pop()!) this.reorder(scratch, first);
    if (this.count > first) this.keys.end = this.columns[0][first]!;
    this.count = first;
  }

  private reorder(scratch: TextScratch, first: number): void {
    const [, , starts, ends] = this.columns;
    const order = Int32Array.from({ length: this.count - first }, (_, i) => first + i);
    order.sort((a, b) => this.compare(a, b) || a - b);
    const start = starts[first]!;
    const written = Buffer.from(scratch.view.source.subarray(start, scratch.end));
    const into = scratch.view.source;
    let to = start;
    for (let i = 0; i < order.length; i++) {
      const member = order[i]!;
      // Of equal keys the last one stands.
      if (i + 1 < order.length && this.compare(member, order[i + 1]!) === 0) continue;
      if (to > start) into[to++] = comma;
      into.set(written.subarray(starts[member]! - start, ends[member]! - start), to);
      to += ends[member]! - starts[member]!;
    }
    scratch.end = to;
  }

  private compare(a: number, b: number): number {
    const [keyStarts, keyEnds] = this.columns;
    const { bytes } = this.keys;
    const lengthA = keyEnds[a]! - keyStarts[a]!;
    const lengthB = keyEnds[b]! - keyStarts[b]!;
    const shared = Math.min(lengthA, lengthB);
    for (let i = 0; i < shared; i++) {
      const difference = bytes[keyStarts[a]! + i]! - bytes[keyStarts[b]! + i]!;
      if (difference !== 0) return difference;
    }
    return lengthA - lengthB;
  }

  private grow(): void {
    this.columns = this.columns.map((column) => {
      const larger = new Int32Array(column.length * 2);
      larger.set(column);
      return larger;
    }) as unknown as typeof this.columns;
  }
}
