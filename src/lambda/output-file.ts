// What a sandbox's processes write goes to a file: unlike a pipe that takes it at once, so that nothing is still in the process when
// it is frozen or killed (Node writes to pipes asynchronously), and in the order in which it was written.

import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs';

const tailLimitBytes = 4096;
const chunkBytes = 65_536;

export interface OutputFile extends Disposable {
  /** For stdout and stderr of the child. */
  readonly descriptor: number;
  /** Hands on what was written since the last call. */
  drain(): void;
  /** From here on the tail begins anew. */
  mark(): void;
  /** The last 4 KiB of what was drained since the mark; undefined where that is nothing. */
  tail(): string | undefined;
}

export interface OutputReader {
  /** Sees the bytes in order; they are valid during the call. */
  onOutput(chunk: Uint8Array): void;
  /** So many bytes were passed over. */
  onSkipped(sizeBytes: number): void;
  /** Whether it wants no more of them: then most are passed over, and the file is emptied now and then. */
  isSated(): boolean;
}

/** So much may lie in the file when nobody wants it any more. A write that is under way while it is emptied is not counted. */
const emptyAtBytes = 256 * 1024 ** 2;

export function openOutputFile(file: string, reader: OutputReader): OutputFile {
  const descriptor = openSync(file, 'a+', 0o600);
  const chunk = Buffer.allocUnsafeSlow(chunkBytes);
  let position = 0;
  let tail: Buffer = Buffer.alloc(0);

  /** All but the tail. */
  function passOver(): void {
    const overBytes = fstatSync(descriptor).size - position - tailLimitBytes;
    if (overBytes <= 0) return;
    position += overBytes;
    reader.onSkipped(overBytes);
  }

  return {
    descriptor,
    drain() {
      if (reader.isSated()) passOver();
      for (;;) {
        const sizeBytes = readSync(descriptor, chunk, 0, chunkBytes, position);
        if (sizeBytes === 0) break;
        position += sizeBytes;
        const read = chunk.subarray(0, sizeBytes);
        tail = Buffer.concat([tail, read.subarray(-tailLimitBytes)]);
        if (tail.length > tailLimitBytes) tail = Buffer.from(tail.subarray(-tailLimitBytes));
        reader.onOutput(read);
        if (reader.isSated()) passOver();
      }
      if (position > emptyAtBytes && reader.isSated()) {
        ftruncateSync(descriptor, 0);
        position = 0;
      }
    },
    mark() {
      tail = Buffer.alloc(0);
    },
    tail() {
      if (tail.length === 0) return undefined;
      // The cut may have halved a character: its rest is left out.
      let start = 0;
      if (tail.length === tailLimitBytes) while (start < 3 && (tail[start]! & 0xc0) === 0x80) start++;
      // AWS's Python client holds the lines of a traceback together by returns.
      return tail.toString('utf8', start).replaceAll(/\r(?!\n)/g, '\n');
    },
    [Symbol.dispose]: () => closeSync(descriptor),
  };
}
