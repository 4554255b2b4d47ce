// Records of any format as bytes. What repeats (all that depends on an interface, the window's times) is rendered once and copied
// eight bytes at a time; only addresses, ports and counters are written anew for each record.

import { AddressWriter } from './addresses.ts';
import { overshootBytes, putNumber } from './digits.ts';
import { attachmentIndex, steps, type LinePlan, type Step } from './line-plan.ts';
import type { Flow } from './preset.ts';
import { windowBytes, type WindowTexts } from './window-texts.ts';

export interface LineWriterOptions {
  readonly plan: LinePlan;
  readonly windows: WindowTexts;
  readonly ipv6Prefixes: readonly string[];
  readonly attachmentCount: number;
}

/**
 * Writes lines into a caller's DataView, each `put` returning the position behind its line end. Windows are opened before their lines are
 * written.
 */
export class LineWriter {
  /** What must be free behind a position to write a line there. */
  readonly lineSpaceBytes: number;
  readonly #plan: LinePlan;
  readonly #addresses: AddressWriter;
  readonly #attachmentCount: number;
  readonly #windows: WindowTexts;

  constructor({ plan, windows, ipv6Prefixes, attachmentCount }: LineWriterOptions) {
    this.#plan = plan;
    this.lineSpaceBytes = plan.lineBytesMax + windowBytes + overshootBytes;
    this.#windows = windows;
    this.#addresses = new AddressWriter(ipv6Prefixes);
    this.#attachmentCount = attachmentCount;
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
        return this.#windows.put(view, at, flow);
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
        return this.#windows.putStart(view, at, flow);
      case steps.end:
        return this.#windows.putEnd(view, at, flow);
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
      if (code === steps.window) at = this.#windows.put(view, at, flow);
      else if (code === steps.start) at = this.#windows.putStart(view, at, flow);
      else if (code === steps.end) at = this.#windows.putEnd(view, at, flow);
      else at = texts.put(view, at, code === steps.constant ? 0 : flow.interfaceIndex);
    }
    view.setUint8(at - 1, 0x0a);
    return at;
  }
}

function putBytes(view: DataView, at: number, bytes: number): number {
  if (bytes >= 0) return putNumber(view, at, bytes);
  view.setUint16(at, 0x2d20);
  return at + 2;
}
