// Records of the default format as bytes. What repeats (the start of an interface's lines, the window's times) is rendered once
// and copied eight bytes at a time; only addresses, ports and counters are written anew for each record.

import { overshootBytes, putAddress, putNumber, putText } from './digits.ts';
import type { Flow } from './preset.ts';

/** Anchors: the second of the minute at which an interface's windows end. */
export const anchorCount = 60;

const prefixBytes = 40;
const timesBytes = 24;
const endingBytes = 16;

/** No line of the default format is longer, its line end included. */
export const lineBytesMax = 144;
/** What must be free behind a position to write a line there. */
export const lineSpaceBytes = lineBytesMax + overshootBytes;

/** Kinds of lines, as indexes of their endings. */
export const endings = { accept: 0, reject: 1, nodata: 2, skipdata: 3 } as const;

const endingTexts = ['ACCEPT OK\n', 'REJECT OK\n', '- NODATA\n', '- SKIPDATA\n'];

/** What a writer must know of an interface. */
export interface LineInterface {
  readonly interfaceId: string;
  /** 0 to 59. */
  readonly anchorS: number;
}

/**
 * Writes lines into a caller's DataView, each `put` returning the position behind its line end. A window is opened before its
 * lines are written; its times are then shared by all records of an interface.
 */
export class LineWriter {
  readonly #prefixes: DataView;
  readonly #prefixLength: number;
  readonly #anchors: Uint8Array;
  readonly #times = new DataView(new ArrayBuffer(anchorCount * timesBytes + overshootBytes));
  readonly #endings = new DataView(new ArrayBuffer(endingTexts.length * endingBytes));
  readonly #timesLengths = new Uint8Array(anchorCount);

  constructor(accountId: string, interfaces: readonly LineInterface[]) {
    this.#prefixes = new DataView(new ArrayBuffer(interfaces.length * prefixBytes));
    this.#anchors = Uint8Array.from(interfaces, ({ anchorS }) => anchorS);
    let behind = 0;
    interfaces.forEach(({ interfaceId }, i) => {
      behind = putText(this.#prefixes, i * prefixBytes, `2 ${accountId} ${interfaceId} `) - i * prefixBytes;
    });
    this.#prefixLength = behind;
    endingTexts.forEach((text, i) => putText(this.#endings, i * endingBytes, text));
  }

  /** Renders the window that ends in `minute` (since the Unix epoch), for each anchor. `gaps[anchor]` seconds precede it. */
  openWindow(minute: number, gaps: Uint8Array): void {
    for (let anchor = 0; anchor < anchorCount; anchor++) {
      const endS = minute * 60 + anchor;
      const position = anchor * timesBytes;
      const behind = putNumber(this.#times, position, endS - 60 + gaps[anchor]!);
      this.#timesLengths[anchor] = putNumber(this.#times, behind, endS) - position;
    }
  }

  /** Writes a record with status OK. */
  putFlow(view: DataView, position: number, flow: Flow, ending: number): number {
    let at = this.#putPrefix(view, position, flow.interfaceIndex);
    at = putAddress(view, at, flow.srcAddress);
    at = putAddress(view, at, flow.dstAddress);
    at = putNumber(view, at, flow.srcPort);
    at = putNumber(view, at, flow.dstPort);
    at = putNumber(view, at, flow.protocol);
    at = putNumber(view, at, flow.packets);
    at = putNumber(view, at, flow.bytes);
    return this.#putTail(view, at, flow.interfaceIndex, ending);
  }

  /**
   * Writes a NODATA or SKIPDATA record: version, account, interface, times and status stand, all else is `-` (Amazon VPC User
   * Guide, "Flow log record examples": no data and skipped records).
   */
  putUnmeasured(view: DataView, position: number, interfaceIndex: number, ending: number): number {
    const at = putText(view, this.#putPrefix(view, position, interfaceIndex), '- - - - - - - ');
    return this.#putTail(view, at, interfaceIndex, ending);
  }

  #putPrefix(view: DataView, position: number, interfaceIndex: number): number {
    const from = interfaceIndex * prefixBytes;
    for (let i = 0; i < prefixBytes; i += 8) {
      view.setFloat64(position + i, this.#prefixes.getFloat64(from + i, true), true);
    }
    return position + this.#prefixLength;
  }

  #putTail(view: DataView, position: number, interfaceIndex: number, ending: number): number {
    const anchor = this.#anchors[interfaceIndex]!;
    const from = anchor * timesBytes;
    view.setFloat64(position, this.#times.getFloat64(from, true), true);
    view.setFloat64(position + 8, this.#times.getFloat64(from + 8, true), true);
    view.setFloat64(position + 16, this.#times.getFloat64(from + 16, true), true);
    const at = position + this.#timesLengths[anchor]!;
    view.setFloat64(at, this.#endings.getFloat64(ending * endingBytes, true), true);
    view.setFloat64(at + 8, this.#endings.getFloat64(ending * endingBytes + 8, true), true);
    return at + endingTexts[ending]!.length;
  }
}
