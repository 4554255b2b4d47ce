// Records of any format as bytes. What repeats (all that depends on an interface, the window's times) is rendered once and copied
// eight bytes at a time; only addresses, ports and counters are written anew for each record.

import { AddressWriter } from './addresses.ts';
import { overshootBytes, putNumber } from './digits.ts';
import { attachmentIndex, steps, type LinePlan, type Step } from './line-plan.ts';
import type { Flow } from './preset.ts';

/** Anchors: the second of the minute at which an interface's windows end. */
export const anchorCount = 60;

/** Room for a start and an end, each with its space. */
const windowBytes = 32;

/** What a writer must know of an interface, busy or idle. */
export interface LineInterface {
  /** 0 to 59. */
  readonly anchorS: number;
}

export interface LineWriterOptions {
  readonly plan: LinePlan;
  readonly interfaces: readonly LineInterface[];
  readonly ipv6Prefixes: readonly string[];
  readonly attachmentCount: number;
  /** Most windows that one record spans. */
  readonly windowsMax: number;
  /** Seconds before the window that ends in a minute (since the Unix epoch), for an anchor. */
  readonly gapS: (minute: number, anchor: number) => number;
}

/**
 * Writes lines into a caller's DataView, each `put` returning the position behind its line end. A window is opened before its
 * lines are written; its times are then shared by all records of an interface.
 */
export class LineWriter {
  /** What must be free behind a position to write a line there. */
  readonly lineSpaceBytes: number;
  readonly #plan: LinePlan;
  readonly #anchors: Uint8Array;
  readonly #addresses: AddressWriter;
  readonly #attachmentCount: number;
  /** For each number of windows and anchor the start and the end. */
  readonly #windows: DataView;
  readonly #startLengths: Uint8Array;
  readonly #windowLengths: Uint8Array;
  /** The minute for which each was rendered. */
  readonly #minutes: Float64Array;
  readonly #gapS: LineWriterOptions['gapS'];
  #minute = 0;

  constructor({ plan, interfaces, ipv6Prefixes, attachmentCount, windowsMax, gapS }: LineWriterOptions) {
    this.#plan = plan;
    this.lineSpaceBytes = plan.lineBytesMax + windowBytes + overshootBytes;
    this.#anchors = Uint8Array.from(interfaces, ({ anchorS }) => anchorS);
    this.#addresses = new AddressWriter(ipv6Prefixes);
    this.#attachmentCount = attachmentCount;
    const count = windowsMax * anchorCount;
    this.#windows = new DataView(new ArrayBuffer(count * windowBytes + overshootBytes));
    this.#startLengths = new Uint8Array(count);
    this.#windowLengths = new Uint8Array(count);
    this.#minutes = new Float64Array(count);
    this.#gapS = gapS;
  }

  /** Opens the windows that end in `minute` (since the Unix epoch). */
  openWindow(minute: number): void {
    this.#minute = minute;
  }

  /** Writes a record with status OK. */
  putFlow(view: DataView, position: number, flow: Flow): number {
    const list = this.#plan.flow;
    let at = position;
    for (let i = 0; i < list.length; i++) at = this.#putStep(view, at, flow, list[i]!);
    view.setUint8(at - 1, 0x0a);
    return at;
  }

  #putStep(view: DataView, at: number, flow: Flow, step: Step): number {
    switch (step.code) {
      case steps.interfaceText:
        return step.texts.put(view, at, flow.interfaceIndex);
      case steps.ends:
        return this.#putEnds(view, at, flow);
      case steps.window:
        return this.#putWindow(view, at, flow);
      case steps.action:
        return step.texts.put(view, at, flow.isRejected ? 1 : 0);
      case steps.constant:
        return step.texts.put(view, at, 0);
      default:
        return this.#putRareStep(view, at, flow, step);
    }
  }

  #putEnds(view: DataView, position: number, flow: Flow): number {
    let at = this.#addresses.put(view, position, flow.srcAddress);
    at = this.#addresses.put(view, at, flow.dstAddress);
    at = putNumber(view, at, flow.srcPort);
    at = putNumber(view, at, flow.dstPort);
    at = putNumber(view, at, flow.protocol);
    at = putNumber(view, at, flow.packets);
    return putBytes(view, at, flow.bytes);
  }

  /** What custom formats have in an order of their own. */
  #putRareStep(view: DataView, at: number, flow: Flow, step: Step): number {
    switch (step.code) {
      case steps.srcAddress:
        return this.#addresses.put(view, at, flow.srcAddress);
      case steps.dstAddress:
        return this.#addresses.put(view, at, flow.dstAddress);
      case steps.packetSrcAddress:
        return this.#addresses.put(view, at, flow.packetSrcAddress);
      case steps.packetDstAddress:
        return this.#addresses.put(view, at, flow.packetDstAddress);
      case steps.srcPort:
        return putNumber(view, at, flow.srcPort);
      case steps.dstPort:
        return putNumber(view, at, flow.dstPort);
      case steps.protocol:
        return putNumber(view, at, flow.protocol);
      case steps.packets:
        return putNumber(view, at, flow.packets);
      case steps.bytes:
        return putBytes(view, at, flow.bytes);
      case steps.start:
        return this.#putStart(view, at, flow);
      case steps.end:
        return this.#putEnd(view, at, flow);
      default:
        return this.#putLaterStep(view, at, flow, step);
    }
  }

  /** What only formats after the default one have. */
  #putLaterStep(view: DataView, at: number, flow: Flow, { code, texts }: Step): number {
    switch (code) {
      case steps.tcpFlags:
        return texts.put(view, at, flow.tcpFlags + 1);
      case steps.type:
        return texts.put(view, at, flow.type);
      case steps.direction:
        return texts.put(view, at, flow.isEgress ? 1 : 0);
      case steps.trafficPath:
        return texts.put(view, at, flow.trafficPath);
      case steps.srcService:
        return texts.put(view, at, flow.srcService);
      case steps.dstService:
        return texts.put(view, at, flow.dstService);
      case steps.rejectReason:
        return texts.put(view, at, flow.rejectReason);
      case steps.encryptionStatus:
        return texts.put(view, at, flow.encryptionStatus + 1);
      case steps.nextHop:
        return texts.put(view, at, flow.nextHopIndex + 1);
      case steps.attachments: {
        const index = attachmentIndex(this.#attachmentCount, flow.isEgress, flow.srcAttachment, flow.dstAttachment);
        return texts.put(view, at, index);
      }
      case steps.lostNoRoute:
        return putNumber(view, at, flow.lostNoRoute);
      case steps.lostBlackhole:
        return putNumber(view, at, flow.lostBlackhole);
      case steps.lostMtuExceeded:
        return putNumber(view, at, flow.lostMtuExceeded);
      default:
        return putNumber(view, at, flow.lostTtlExpired);
    }
  }

  /**
   * Writes a NODATA or SKIPDATA record of the interface and windows of `flow`: what the interface is, times and status stand,
   * all else is `-` (Amazon VPC User Guide, "Flow log record examples": no data and skipped records).
   */
  putUnmeasured(view: DataView, position: number, flow: Flow, kind: 'nodata' | 'skipdata'): number {
    let at = position;
    for (const { code, texts } of this.#plan[kind]) {
      if (code === steps.window) at = this.#putWindow(view, at, flow);
      else if (code === steps.start) at = this.#putStart(view, at, flow);
      else if (code === steps.end) at = this.#putEnd(view, at, flow);
      else at = texts.put(view, at, code === steps.constant ? 0 : flow.interfaceIndex);
    }
    view.setUint8(at - 1, 0x0a);
    return at;
  }

  #windowIndex({ windows, interfaceIndex }: Flow): number {
    const anchor = this.#anchors[interfaceIndex]!;
    const index = (windows - 1) * anchorCount + anchor;
    if (this.#minutes[index] !== this.#minute) this.#renderWindow(index, windows, anchor);
    return index;
  }

  /** Only when a record has it: a minute of a quiet log has few. */
  #renderWindow(index: number, windows: number, anchor: number): void {
    const first = this.#minute - windows + 1;
    const position = index * windowBytes;
    const startS = Math.max(0, first * 60 + anchor - 60 + this.#gapS(first, anchor));
    const behind = putNumber(this.#windows, position, startS);
    this.#startLengths[index] = behind - position;
    this.#windowLengths[index] = putNumber(this.#windows, behind, this.#minute * 60 + anchor) - position;
    this.#minutes[index] = this.#minute;
  }

  #putWindow(view: DataView, at: number, flow: Flow): number {
    const index = this.#windowIndex(flow);
    const from = index * windowBytes;
    view.setFloat64(at, this.#windows.getFloat64(from, true), true);
    view.setFloat64(at + 8, this.#windows.getFloat64(from + 8, true), true);
    view.setFloat64(at + 16, this.#windows.getFloat64(from + 16, true), true);
    view.setUint16(at + 24, this.#windows.getUint16(from + 24, true), true);
    return at + this.#windowLengths[index]!;
  }

  #putStart(view: DataView, at: number, flow: Flow): number {
    const index = this.#windowIndex(flow);
    this.#putTime(view, at, index * windowBytes);
    return at + this.#startLengths[index]!;
  }

  #putEnd(view: DataView, at: number, flow: Flow): number {
    const index = this.#windowIndex(flow);
    const length = this.#startLengths[index]!;
    this.#putTime(view, at, index * windowBytes + length);
    return at + this.#windowLengths[index]! - length;
  }

  #putTime(view: DataView, at: number, from: number): void {
    view.setFloat64(at, this.#windows.getFloat64(from, true), true);
    view.setFloat64(at + 8, this.#windows.getFloat64(from + 8, true), true);
  }
}

function putBytes(view: DataView, at: number, bytes: number): number {
  if (bytes >= 0) return putNumber(view, at, bytes);
  view.setUint16(at, 0x2d20);
  return at + 2;
}
