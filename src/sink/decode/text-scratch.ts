// Where decoders put the texts that do not stand in the body as they are: behind a copy of it. So a RecordView keeps one `source`,
// ranges of the body stay right in it, and a body whose texts need no unescaping, which is nearly every one, is never copied.

import type { RecordView } from '../../core/model/delivery.ts';
import { giveRecordView, takeRecordView } from './record-view.ts';

/** Where bytes can be appended. */
export interface Appendable {
  /** Where the next byte goes. */
  end: number;
  /** Makes room behind `end` and answers the buffer to write into. */
  reserve(byteCount: number): Uint8Array;
}

const leastBytes = 64 * 1024;
/** A larger buffer is not kept for the next body. */
const keptBytes = 32 * 1024 * 1024;

/** The buffer of the walk before, so that bodies with escapes do not allocate their size each time. */
let spare: Uint8Array | undefined;

/** A RecordView over a body, and the room behind the body. */
export class TextScratch implements Appendable {
  readonly view: RecordView;
  end: number;
  private readonly body: Uint8Array;

  constructor(body: Uint8Array) {
    this.body = body;
    this.end = body.length;
    this.view = takeRecordView(body);
  }

  reserve(byteCount: number): Uint8Array {
    const { source } = this.view;
    const needed = this.end + byteCount;
    return source !== this.body && needed <= source.length ? source : this.enlarge(needed);
  }

  append(from: Uint8Array, start: number, end: number): void {
    this.reserve(end - start).set(from.subarray(start, end), this.end);
    this.end += end - start;
  }

  /** Gives buffer and view back; they must not be read any more. */
  release(): void {
    const { source } = this.view;
    if (source !== this.body && source.length <= keptBytes) spare = source;
    giveRecordView(this.view);
  }

  private enlarge(needed: number): Uint8Array {
    const { view, body } = this;
    const used = view.source === body ? body : view.source.subarray(0, this.end);
    let larger = spare;
    spare = undefined;
    if (!larger || larger.length < needed) {
      const grown = view.source === body ? needed : Math.max(needed, view.source.length * 2);
      larger = Buffer.allocUnsafeSlow(grown + leastBytes);
    }
    larger.set(used);
    return (view.source = larger);
  }
}

/** A plain growing buffer. */
export class ByteBuffer implements Appendable {
  bytes: Uint8Array = Buffer.allocUnsafeSlow(1024);
  end = 0;

  reserve(byteCount: number): Uint8Array {
    if (this.end + byteCount > this.bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(this.end + byteCount, this.bytes.length * 2));
      larger.set(this.bytes.subarray(0, this.end));
      this.bytes = larger;
    }
    return this.bytes;
  }

  append(from: Uint8Array, start: number, end: number): void {
    this.reserve(end - start).set(from.subarray(start, end), this.end);
    this.end += end - start;
  }
}
