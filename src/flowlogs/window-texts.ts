// The start and the end of windows as text: all records of an interface share those of a minute, so they are rendered once and
// copied eight bytes at a time.

import { overshootBytes, putNumber } from './digits.ts';
import type { Flow } from './preset.ts';

/** Anchors: the second of the minute at which an interface's windows end. */
export const anchorCount = 60;

/** Room for a start and an end, each with its space. */
export const windowBytes = 32;

/** What a writer must know of an interface, busy or idle. */
export interface LineInterface {
  /** 0 to 59. */
  readonly anchorS: number;
}

export interface WindowTextsOptions {
  readonly interfaces: readonly LineInterface[];
  /** Most windows that one record spans. */
  readonly windowsMax: number;
  /** Seconds before the window that ends in a minute (since the Unix epoch), for an anchor. */
  readonly gapS: (minute: number, anchor: number) => number;
}

export class WindowTexts {
  /** For each number of windows and anchor the start and the end, in `windowBytes`. */
  readonly bytes: Uint8Array;
  /** Of the starts, each with its space. */
  readonly startLengths: Uint8Array;
  /** Of both together. */
  readonly lengths: Uint8Array;
  readonly #view: DataView;
  readonly #anchors: Uint8Array;
  /** The minute for which each was rendered. */
  readonly #minutes: Float64Array;
  readonly #gapS: WindowTextsOptions['gapS'];
  #minute = 0;

  constructor({ interfaces, windowsMax, gapS }: WindowTextsOptions) {
    this.#anchors = Uint8Array.from(interfaces, ({ anchorS }) => anchorS);
    const count = windowsMax * anchorCount;
    this.bytes = new Uint8Array(count * windowBytes + overshootBytes);
    this.startLengths = new Uint8Array(count);
    this.lengths = new Uint8Array(count);
    this.#view = new DataView(this.bytes.buffer);
    this.#minutes = new Float64Array(count);
    this.#gapS = gapS;
  }

  /** Opens the windows that end in `minute` (since the Unix epoch). */
  open(minute: number): void {
    this.#minute = minute;
  }

  /** The place of a record's windows in the columns above, where they are rendered now if they were not. */
  indexOf({ windows, interfaceIndex }: Flow): number {
    const anchor = this.#anchors[interfaceIndex]!;
    const index = (windows - 1) * anchorCount + anchor;
    if (this.#minutes[index] !== this.#minute) this.#render(index, windows, anchor);
    return index;
  }

  /** Only when a record has it: a minute of a quiet log has few. */
  #render(index: number, windows: number, anchor: number): void {
    const first = this.#minute - windows + 1;
    const position = index * windowBytes;
    const startS = Math.max(0, first * 60 + anchor - 60 + this.#gapS(first, anchor));
    const behind = putNumber(this.#view, position, startS);
    this.startLengths[index] = behind - position;
    this.lengths[index] = putNumber(this.#view, behind, this.#minute * 60 + anchor) - position;
    this.#minutes[index] = this.#minute;
  }

  /** Writes start and end; returns the position behind them, as the others do. */
  put(view: DataView, at: number, flow: Flow): number {
    const index = this.indexOf(flow);
    const from = index * windowBytes;
    view.setFloat64(at, this.#view.getFloat64(from, true), true);
    view.setFloat64(at + 8, this.#view.getFloat64(from + 8, true), true);
    view.setFloat64(at + 16, this.#view.getFloat64(from + 16, true), true);
    view.setUint16(at + 24, this.#view.getUint16(from + 24, true), true);
    return at + this.lengths[index]!;
  }

  putStart(view: DataView, at: number, flow: Flow): number {
    const index = this.indexOf(flow);
    this.#putTime(view, at, index * windowBytes);
    return at + this.startLengths[index]!;
  }

  putEnd(view: DataView, at: number, flow: Flow): number {
    const index = this.indexOf(flow);
    const length = this.startLengths[index]!;
    this.#putTime(view, at, index * windowBytes + length);
    return at + this.lengths[index]! - length;
  }

  #putTime(view: DataView, at: number, from: number): void {
    view.setFloat64(at, this.#view.getFloat64(from, true), true);
    view.setFloat64(at + 8, this.#view.getFloat64(from + 8, true), true);
  }
}
