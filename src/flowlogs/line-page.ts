// A page of memory in which WebAssembly writes the lines of a batch: records are put there as rows, and then come out as lines, in
// whatever order. One page serves all readers of a thread, since each would reserve much of the address space: who fills rows has them
// written before anybody else does.
//
// Most of the CPU went into writing lines one by one (line-writer.ts, which still writes single ones): 200 of 335 ns in the
// default format, of which 50 are left here; in v11, 2.8 times as many records a CPU second altogether (Node 24, the 2-core test machine).

import { instanceOf } from '../core/wasm.ts';
import type { Flow } from './preset.ts';
import { rowOffsets, type LineImage } from './line-image.ts';
import { wasmBase64 } from './line-page-wasm.ts';
import { batchSize } from './shuffle.ts';
import type { WindowTexts } from './window-texts.ts';

/** Where things stand in the page: what `line-page.wat` says. Lines end where the tables of an image begin. */
const octetsAt = 0;
const placesAt = 2048;
const startLengthsAt = 6400;
const windowLengthsAt = 7040;
const windowsAt = 8192;
const rowsAt = 28_672;
const linesAt = 159_744;
const linesEnd = 421_888;

const rowBytes = 128;
const rowWords = rowBytes / 4;
const rowDoubles = rowBytes / 8;

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  /** Writes the lines of so many rows; answers where they end. */
  readonly write: (count: number) => number;
}

const { memory, write } = instanceOf(wasmBase64) as Exports;
const page = new Uint8Array(memory.buffer);
const words = new Int32Array(memory.buffer, rowsAt, batchSize * rowWords);
const doubles = new Float64Array(memory.buffer, rowsAt, batchSize * rowDoubles);
let loaded: LineImage | undefined;

for (let octet = 0; octet < 256; octet++) {
  const text = `${octet}.`;
  page.set(Buffer.from(text, 'latin1'), octetsAt + octet * 8);
  page[octetsAt + octet * 8 + 4] = text.length;
}

/** Which rows are written next, one behind the other. */
export const places = new Uint16Array(memory.buffer, placesAt, batchSize);

/** How many lines can be written at once, if none needs more than so many bytes. */
export function linesAtOnce(lineSpaceBytes: number): number {
  return Math.min(batchSize, Math.floor((linesEnd - linesAt) / lineSpaceBytes));
}

/** Puts a record in a row: what all formats have. */
export function putRow(row: number, flow: Flow, windowIndex: number): void {
  const double = row * rowDoubles;
  doubles[double + rowOffsets.srcAddress / 8] = flow.srcAddress;
  doubles[double + rowOffsets.dstAddress / 8] = flow.dstAddress;
  doubles[double + rowOffsets.bytes / 8] = flow.bytes;
  const word = row * rowWords;
  words[word + rowOffsets.interfaceIndex / 4] = flow.interfaceIndex;
  words[word + rowOffsets.windowIndex / 4] = windowIndex;
  words[word + rowOffsets.srcPort / 4] = flow.srcPort;
  words[word + rowOffsets.dstPort / 4] = flow.dstPort;
  words[word + rowOffsets.protocol / 4] = flow.protocol;
  words[word + rowOffsets.packets / 4] = flow.packets;
  words[word + rowOffsets.isRejected / 4] = flow.isRejected ? 1 : 0;
}

/** The same for what only some formats have. */
export function putDetails(row: number, flow: Flow, attachments: number): void {
  const double = row * rowDoubles;
  doubles[double + rowOffsets.packetSrcAddress / 8] = flow.packetSrcAddress;
  doubles[double + rowOffsets.packetDstAddress / 8] = flow.packetDstAddress;
  const word = row * rowWords;
  // The first text of these is `-`.
  words[word + rowOffsets.tcpFlags / 4] = flow.tcpFlags + 1;
  words[word + rowOffsets.encryptionStatus / 4] = flow.encryptionStatus + 1;
  words[word + rowOffsets.nextHop / 4] = flow.nextHopIndex + 1;
  words[word + rowOffsets.type / 4] = flow.type;
  words[word + rowOffsets.isEgress / 4] = flow.isEgress ? 1 : 0;
  words[word + rowOffsets.trafficPath / 4] = flow.trafficPath;
  words[word + rowOffsets.srcService / 4] = flow.srcService;
  words[word + rowOffsets.dstService / 4] = flow.dstService;
  words[word + rowOffsets.rejectReason / 4] = flow.rejectReason;
  words[word + rowOffsets.attachments / 4] = attachments;
  words[word + rowOffsets.lostNoRoute / 4] = flow.lostNoRoute;
  words[word + rowOffsets.lostBlackhole / 4] = flow.lostBlackhole;
  words[word + rowOffsets.lostMtuExceeded / 4] = flow.lostMtuExceeded;
  words[word + rowOffsets.lostTtlExpired / 4] = flow.lostTtlExpired;
}

/** Readies the page to write the rows in a format, all of whose windows are rendered by now. */
export function open(image: LineImage, windows: WindowTexts): void {
  if (loaded !== image) {
    page.set(image.head, image.headAt);
    page.set(image.tables, image.tablesAt);
    loaded = image;
  }
  page.set(windows.startLengths, startLengthsAt);
  page.set(windows.lengths, windowLengthsAt);
  page.set(windows.bytes, windowsAt);
}

/** Writes the lines of the first so many `places` into a target; returns the position behind them. */
export function putLines(count: number, target: Uint8Array, position: number): number {
  if (count === 0) return position;
  const end = write(count);
  target.set(page.subarray(linesAt, end), position);
  return position + end - linesAt;
}
