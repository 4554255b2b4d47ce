// Lines that are their own canonical form, which nearly all are: printable ASCII, single spaces between tokens, nothing around them. They
// are read in WebAssembly, sixteen bytes a step: in JavaScript, four a step, it took three times as long. One memory serves
// all readers of a thread, for each reserves much of the address space.

import { invariant } from '../../core/errors.ts';
import { instanceOf } from '../../core/wasm.ts';
import type { UsualLine } from './format.ts';
import type { Fingerprinter } from './fingerprint.ts';
import { wasmBase64 } from './plain-line-wasm.ts';

/** Longer lines are read in another way. */
export const plainBytes = 1000;

/** Where the two words of the fingerprint stand in the results, and where the line is put: what `plain-line.wat` says. */
const fingerprintAt = 32;
export const lineAt = 256;
/** Lines from here on are in the way of the results of many. */
const pageBytes = 65_536;
/** Of many lines: where each begins and ends, their fingerprints, where spaces of one are, and what is usual. */
const rangesAt = pageBytes / 4;
const fingerprintsAt = rangesAt + 1024;
const spacesAt = fingerprintsAt + 1024;
const usualAt = spacesAt + 512;
/** Most lines that are read at once: before where spaces are there is room for one word. */
export const mostLines = 511;
/** Most bytes of them: with twice as many they would leave the processor's nearest cache before they are read. */
const batchBytes = 32_768;
/** What is read at once, beyond the end of a line too. */
const stepBytes = 16;
const lineFeed = 0x0a;

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly read: (start: number, end: number, keyHigh: number, keyLow: number) => number;
  readonly lineEnd: (start: number) => number;
  readonly readAll: (count: number, base: number, timesEnd: number, protocolsEnd: number) => number;
}

/** Lines of one text: where each begins and ends, and where the text does that `source` is a part of. */
interface Lines {
  readonly source: Uint8Array;
  readonly start: number;
  readonly ranges: Int32Array;
  readonly count: number;
}

class PlainLine {
  /** Masks of the spaces of the line read last, one bit a byte: valid until the next line. */
  readonly spaces: Int32Array;
  /** The first page of the memory: lines that stand in it are read where they are. */
  readonly page: Uint8Array;
  /** Most bytes, from the first line's beginning to the last one's end, that are read at once. */
  readonly room = batchBytes;
  /** Two words for each of the lines that were read at once: valid until others are. */
  readonly fingerprints: Int32Array;
  /** Where the next line feed of the page is; there must be one. */
  readonly lineEnd: Exports['lineEnd'];
  readonly #read: Exports['read'];
  readonly #readAll: Exports['readAll'];

  constructor({ memory, read, readAll, lineEnd }: Exports) {
    this.spaces = new Int32Array(memory.buffer);
    this.page = new Uint8Array(memory.buffer, 0, pageBytes);
    this.fingerprints = this.spaces.subarray(fingerprintsAt, fingerprintsAt + mostLines * 2);
    this.lineEnd = lineEnd;
    this.#read = read;
    this.#readAll = readAll;
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

  /** Leaves the fingerprints of lines that are usual, and answers how many are not. */
  readAll({ source, start, ranges, count }: Lines, usual: UsualLine, { keyHigh, keyLow }: Fingerprinter): number {
    this.page.set(source, lineAt);
    this.spaces.set(ranges.subarray(0, count * 2), rangesAt);
    let at = usualAt;
    for (const word of [keyHigh, keyLow, usual.tokens, usual.headerByte]) this.spaces[at++] = word;
    for (const token of usual.times) this.spaces[at++] = (spacesAt + token - 1) * 4;
    const timesEnd = at * 4;
    for (const token of usual.protocols) this.spaces[at++] = (spacesAt + token - 1) * 4;
    return this.#readAll(count, lineAt - start, timesEnd, at * 4);
  }

  /** Whether a line of those read at once last was not usual: it has no fingerprint. */
  isStrange(line: number): boolean {
    return this.spaces[rangesAt + line * 2] === -1;
  }
}

/** Opens nothing but memory, 128 KiB for each thread. */
export const plainLine = new PlainLine(instanceOf(wasmBase64) as Exports);
