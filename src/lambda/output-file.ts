// What a sandbox's processes write goes to a file: unlike a pipe that takes it at once, so that nothing is still in the process when
// it is frozen or killed (Node writes to pipes asynchronously), and in the order in which it was written.

import { closeSync, openSync, readSync } from 'node:fs';

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

/** `onOutput` sees the bytes in order; they are valid during the call. */
export function openOutputFile(file: string, onOutput: (chunk: Uint8Array) => void): OutputFile {
  const descriptor = openSync(file, 'a+', 0o600);
  const chunk = Buffer.allocUnsafeSlow(chunkBytes);
  let position = 0;
  let tail: Buffer = Buffer.alloc(0);
  return {
    descriptor,
    drain() {
      for (;;) {
        const sizeBytes = readSync(descriptor, chunk, 0, chunkBytes, position);
        if (sizeBytes === 0) return;
        position += sizeBytes;
        const read = chunk.subarray(0, sizeBytes);
        tail = Buffer.concat([tail, read.subarray(-tailLimitBytes)]);
        if (tail.length > tailLimitBytes) tail = Buffer.from(tail.subarray(-tailLimitBytes));
        onOutput(read);
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
