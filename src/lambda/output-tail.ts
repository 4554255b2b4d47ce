// The last of what a child wrote: what an error message shows of it.

const tailLimitBytes = 4096;

export interface OutputTail {
  add(chunk: Buffer): void;
  clear(): void;
  /** Undefined where nothing was written. */
  text(): string | undefined;
}

/** Keeps the last 4 KiB; a character that the cut halves is left out. */
export function newOutputTail(): OutputTail {
  let tail: Buffer = Buffer.alloc(0);
  return {
    add(chunk) {
      tail = chunk.length >= tailLimitBytes ? chunk : Buffer.concat([tail, chunk]);
      // A view would keep the whole chunk in memory.
      if (tail.length > tailLimitBytes) tail = Buffer.from(tail.subarray(-tailLimitBytes));
    },
    clear() {
      tail = Buffer.alloc(0);
    },
    text() {
      if (tail.length === 0) return undefined;
      let start = 0;
      if (tail.length === tailLimitBytes) while (start < 3 && (tail[start]! & 0xc0) === 0x80) start++;
      return tail.toString('utf8', start);
    },
  };
}
