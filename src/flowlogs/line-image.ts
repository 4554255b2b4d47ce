// What line-page.wat must know of a plan, laid out as its memory has it: the steps of a line, and tables of their texts.

import { steps, type LinePlan } from './line-plan.ts';
import type { Texts } from './texts.ts';

/** Where the steps stand, then the place of the IPv6 prefixes' table, and all tables behind what changes: what `line-page.wat` says. */
const stepsAt = 4096;
const prefixesAt = 6144;
const headEnd = 6400;
const tablesAt = 421_888;
const memoryBytes = 1024 * 1024;

const stepWords = 4;
const stepsMost = (prefixesAt - stepsAt) / (4 * stepWords) - 1;
/** Texts are read sixteen bytes at a time. */
const readBeyond = 16;

/** What a step of `line-page.wat` does with the value in its row; the last one ends the line. */
const codes = { text: 0, ends: 1, window: 2, number: 3, address: 4, bytes: 5, start: 6, end: 7, lineEnd: 8 } as const;

/**
 * Where a row has each value, in bytes: addresses and bytes as Float64, all else as Int32. What the default format has stands in the
 * first 56 bytes.
 */
export const rowOffsets = {
  srcAddress: 0,
  dstAddress: 8,
  bytes: 16,
  interfaceIndex: 24,
  windowIndex: 28,
  srcPort: 32,
  dstPort: 36,
  protocol: 40,
  packets: 44,
  isRejected: 48,
  /** Always 0: the index of a text that is the same for all. */
  zero: 52,
  tcpFlags: 56,
  type: 60,
  packetSrcAddress: 64,
  packetDstAddress: 72,
  isEgress: 80,
  trafficPath: 84,
  srcService: 88,
  dstService: 92,
  rejectReason: 96,
  encryptionStatus: 100,
  nextHop: 104,
  attachments: 108,
  lostNoRoute: 112,
  lostBlackhole: 116,
  lostMtuExceeded: 120,
  lostTtlExpired: 124,
} as const;

type Instruction = readonly [code: number, offset: number];

const instructions: Readonly<Record<keyof typeof steps, Instruction>> = {
  interfaceText: [codes.text, rowOffsets.interfaceIndex],
  constant: [codes.text, rowOffsets.zero],
  srcAddress: [codes.address, rowOffsets.srcAddress],
  dstAddress: [codes.address, rowOffsets.dstAddress],
  packetSrcAddress: [codes.address, rowOffsets.packetSrcAddress],
  packetDstAddress: [codes.address, rowOffsets.packetDstAddress],
  srcPort: [codes.number, rowOffsets.srcPort],
  dstPort: [codes.number, rowOffsets.dstPort],
  protocol: [codes.number, rowOffsets.protocol],
  packets: [codes.number, rowOffsets.packets],
  bytes: [codes.bytes, rowOffsets.bytes],
  start: [codes.start, 0],
  end: [codes.end, 0],
  action: [codes.text, rowOffsets.isRejected],
  tcpFlags: [codes.text, rowOffsets.tcpFlags],
  type: [codes.text, rowOffsets.type],
  direction: [codes.text, rowOffsets.isEgress],
  trafficPath: [codes.text, rowOffsets.trafficPath],
  srcService: [codes.text, rowOffsets.srcService],
  dstService: [codes.text, rowOffsets.dstService],
  rejectReason: [codes.text, rowOffsets.rejectReason],
  encryptionStatus: [codes.text, rowOffsets.encryptionStatus],
  nextHop: [codes.text, rowOffsets.nextHop],
  attachments: [codes.text, rowOffsets.attachments],
  lostNoRoute: [codes.number, rowOffsets.lostNoRoute],
  lostBlackhole: [codes.number, rowOffsets.lostBlackhole],
  lostMtuExceeded: [codes.number, rowOffsets.lostMtuExceeded],
  lostTtlExpired: [codes.number, rowOffsets.lostTtlExpired],
  ends: [codes.ends, 0],
  window: [codes.window, 0],
};

const instructionOf = new Map<number, Instruction>(
  Object.entries(steps).map(([name, code]) => [code, instructions[name as keyof typeof steps]]),
);

/** Bytes for two places of a page's memory. */
export interface LineImage {
  readonly head: Uint8Array;
  readonly headAt: number;
  readonly tables: Uint8Array;
  readonly tablesAt: number;
}

/** The image of how records with status OK are written; undefined where its texts are too many for the memory. */
export function lineImage({ flow }: LinePlan, ipv6Prefixes: Texts): LineImage | undefined {
  const tables = [ipv6Prefixes, ...flow.map(({ texts }) => texts)];
  const size = tables.reduce((sum, texts) => sum + tableBytes(texts), readBeyond);
  if (size > memoryBytes - tablesAt || flow.length > stepsMost) return undefined;
  const image = new Uint8Array(size);
  const head = new Uint32Array((headEnd - stepsAt) / 4);
  let at = 0;
  const putTable = (texts: Texts): number => {
    const table = at;
    at += tableBytes(texts);
    layOut(texts, image, table);
    return tablesAt + table;
  };
  head[(prefixesAt - stepsAt) / 4] = putTable(ipv6Prefixes);
  for (const [i, { code, texts }] of flow.entries())
    head.set([...instructionOf.get(code)!, putTable(texts)], i * stepWords);
  head[flow.length * stepWords] = codes.lineEnd;
  return { head: new Uint8Array(head.buffer), headAt: stepsAt, tables: image, tablesAt };
}

/** Two words for each text, then the texts. */
function tableBytes({ count, sizeBytes }: Texts): number {
  return count * 8 + sizeBytes;
}

function layOut(texts: Texts, image: Uint8Array, table: number): void {
  const entries = new DataView(image.buffer);
  let at = table + texts.count * 8;
  for (let i = 0; i < texts.count; i++) {
    const bytes = texts.bytesOf(i);
    entries.setUint32(table + i * 8, tablesAt + at, true);
    entries.setUint32(table + i * 8 + 4, bytes.length, true);
    image.set(bytes, at);
    at += bytes.length;
  }
}
