// Lines that are their own canonical form, which nearly all are: printable ASCII, single spaces between tokens, nothing around them. They
// are read in WebAssembly, sixteen bytes a step: in JavaScript, four a step, it took three times as long. One memory serves
// all readers of a thread, for each reserves much of the address space.

import { invariant } from '../../core/errors.ts';
import type { Fingerprinter } from './fingerprint.ts';
import { wasmBase64 } from './plain-line-wasm.ts';

/** Longer lines are read in another way. */
export const plainBytes = 1000;

/** Where the two words of the fingerprint stand in the results, and where the line is put: what `plain-line.wat` says. */
const fingerprintAt = 32;
export const lineAt = 256;
/** What is read at once, beyond the end of a line too. */
const stepBytes = 16;
const lineFeed = 0x0a;

/** Node's types have none of it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly read: (start: number, end: number, keyHigh: number, keyLow: number) => number;
  readonly lineEnd: (start: number) => number;
}

class PlainLine {
  /** Masks of the spaces of the line read last, one bit a byte: valid until the next line. */
  readonly spaces: Int32Array;
  /** All of the memory: lines that stand in it are read where they are. */
  readonly page: Uint8Array;
  /** Where the next line feed of the page is; there must be one. */
  readonly lineEnd: Exports['lineEnd'];
  readonly #read: Exports['read'];

  constructor({ memory, read, lineEnd }: Exports) {
    this.spaces = new Int32Array(memory.buffer);
    this.page = new Uint8Array(memory.buffer);
    this.lineEnd = lineEnd;
    this.#read = read;
  }

  /** Puts as many whole lines of a text as fit into the page, from the offset `lineAt` on; returns how many bytes they are. */
  load(text: Uint8Array, from: number): number {
    const room = this.page.length - lineAt - stepBytes;
    const size = text.lastIndexOf(lineFeed, Math.min(text.length, from + room) - 1) + 1 - from;
    invariant(size > 0, `no line ends within ${room} bytes`);
    this.page.set(text.subarray(from, from + size), lineAt);
    return size;
  }

  /**
   * How many tokens the line has, and its fingerprint in the fingerprinter; 0 where it is not its own canonical form. It has at most
   * `plainBytes`.
   */
  read(source: DataView, start: number, end: number, fingerprinter: Fingerprinter): number {
    const words = this.spaces;
    let to = lineAt / 4;
    let at = start;
    // The last word may hold what follows the line: that is not looked at. Only at the end of the source there is nothing.
    for (const last = Math.min(end, source.byteLength - 3); at < last; at += 4) words[to++] = source.getInt32(at, true);
    for (let shift = 0, rest = 0; at < end; at++, shift += 8) words[to] = rest |= source.getUint8(at) << shift;
    return this.readPlaced(lineAt, lineAt + end - start, fingerprinter);
  }

  /** The same for a line of the page. */
  readPlaced(start: number, end: number, fingerprinter: Fingerprinter): number {
    const count = this.#read(start, end, fingerprinter.keyHigh, fingerprinter.keyLow);
    fingerprinter.high = this.spaces[fingerprintAt]!;
    fingerprinter.low = this.spaces[fingerprintAt + 1]!;
    return count;
  }
}

const wasm = new WebAssembly.Module(Buffer.from(wasmBase64, 'base64'));

/** Opens nothing but memory, 64 KiB for each thread. */
export const plainLine = new PlainLine(new WebAssembly.Instance(wasm).exports as Exports);
