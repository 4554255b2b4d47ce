// From a format to what a line writer does: fields that depend on the interface alone, one behind the other, become one text
// an interface; every other field becomes an instruction.

import { findField } from './fields.ts';
import type { Format } from './formats.ts';
import { awsServices, rejectReasons, trafficTypes, type FieldValues, type TransitGateway } from './preset.ts';
import { Texts } from './texts.ts';

/** What an instruction writes; each ends with one space. */
export const steps = {
  interfaceText: 0,
  constant: 1,
  srcAddress: 2,
  dstAddress: 3,
  packetSrcAddress: 4,
  packetDstAddress: 5,
  srcPort: 6,
  dstPort: 7,
  protocol: 8,
  packets: 9,
  bytes: 10,
  start: 11,
  end: 12,
  action: 13,
  tcpFlags: 14,
  type: 15,
  direction: 16,
  trafficPath: 17,
  srcService: 18,
  dstService: 19,
  rejectReason: 20,
  encryptionStatus: 21,
  nextHop: 22,
  attachments: 23,
  lostNoRoute: 24,
  lostBlackhole: 25,
  lostMtuExceeded: 26,
  lostTtlExpired: 27,
  /** `srcaddr` to `bytes`, which all of AWS's own formats have in one order. */
  ends: 28,
  /** `start` and `end`. */
  window: 29,
} as const;

export interface Step {
  readonly code: number;
  /** Empty where the step writes numbers. */
  readonly texts: Texts;
}

/** How a line of a format is written. */
export interface LinePlan {
  /** Of records with status OK. */
  readonly flow: readonly Step[];
  readonly nodata: readonly Step[];
  readonly skipdata: readonly Step[];
  /** No line is longer, its line end included. */
  readonly lineBytesMax: number;
}

/** What lines say that no flow says. */
export interface LineWorld {
  /** Interfaces that flows are recorded at; then those that only report NODATA. */
  readonly busy: readonly FieldValues[];
  readonly idle: readonly FieldValues[];
  readonly transitGateway: TransitGateway;
  readonly hasIpv6: boolean;
}

const none = new Texts([]);
const actions = ['ACCEPT', 'REJECT'] as const;

function spaced(values: readonly string[]): Texts {
  return new Texts(values.map((value) => `${value} `));
}

/** Numbers from -1 on, of which -1 reads `-`. */
function upTo(most: number): string[] {
  return ['-', ...Array.from({ length: most + 1 }, (_, i) => String(i))];
}

type FieldStep = readonly [code: number, widthMax: number, texts?: Texts];

const addressStep = (code: number): FieldStep => [code, 0];

/** The widths are of what a window of at most 10 minutes can hold, not of the type. */
const flowSteps: Readonly<Record<string, FieldStep>> = {
  srcaddr: addressStep(steps.srcAddress),
  dstaddr: addressStep(steps.dstAddress),
  'pkt-srcaddr': addressStep(steps.packetSrcAddress),
  'pkt-dstaddr': addressStep(steps.packetDstAddress),
  srcport: [steps.srcPort, 6],
  dstport: [steps.dstPort, 6],
  protocol: [steps.protocol, 4],
  packets: [steps.packets, 9],
  bytes: [steps.bytes, 11],
  start: [steps.start, 11],
  end: [steps.end, 11],
  action: [steps.action, 7, spaced(actions)],
  'tcp-flags': [steps.tcpFlags, 3, spaced(upTo(63))],
  type: [steps.type, 5, spaced(trafficTypes)],
  'flow-direction': [steps.direction, 8, spaced(['ingress', 'egress'])],
  'traffic-path': [steps.trafficPath, 2, spaced(['-', ...upTo(8).slice(2)])],
  'pkt-src-aws-service': [steps.srcService, 33, spaced(awsServices)],
  'pkt-dst-aws-service': [steps.dstService, 33, spaced(awsServices)],
  'reject-reason': [steps.rejectReason, 4, spaced(rejectReasons)],
  'encryption-status': [steps.encryptionStatus, 2, spaced(upTo(3))],
  'packets-lost-no-route': [steps.lostNoRoute, 9],
  'packets-lost-blackhole': [steps.lostBlackhole, 9],
  'packets-lost-mtu-exceeded': [steps.lostMtuExceeded, 9],
  'packets-lost-ttl-expired': [steps.lostTtlExpired, 9],
};

const addressWidths = { ipv4: 16, ipv6: 40 } as const;

/** Which field of the next hop each of these shows. */
const nextHopFields: Readonly<Record<string, string>> = {
  'next-hop-interface-id': 'interface-id',
  'next-hop-subnet-id': 'subnet-id',
  'next-hop-az-id': 'az-id',
  'next-hop-vpc-id': 'vpc-id',
  'next-hop-interface-type': 'interface-type',
};

/** A flow's way through a transit gateway, as it is recorded at one of its two attachments. */
interface Passage {
  readonly from: FieldValues;
  readonly to: FieldValues;
  readonly isEgress: boolean;
}

/** A field that depends on both attachments and the direction. */
function attachmentValue(name: string, { from, to, isEgress }: Passage): string {
  if (name === 'tgw-attachment-id') return (isEgress ? to : from)['attachment-id']!;
  if (name === 'tgw-pair-attachment-id') return (isEgress ? from : to)['attachment-id']!;
  return (name.startsWith('tgw-src-') ? from : to)[name.slice('tgw-src-'.length)] ?? '-';
}

function isAttachmentField(name: string): boolean {
  return name.startsWith('tgw-') && name !== 'tgw-id';
}

/** For both directions, ingress first, and each pair of attachments. */
export function attachmentIndex(count: number, isEgress: boolean, src: number, dst: number): number {
  return ((isEgress ? count : 0) + src) * count + dst;
}

function attachmentTexts(name: string, { attachments }: TransitGateway): Texts {
  const passages = [false, true].flatMap((isEgress) =>
    attachments.flatMap((from) => attachments.map((to): Passage => ({ from, to, isEgress }))),
  );
  return spaced(passages.map((passage) => attachmentValue(name, passage)));
}

export function planLines(format: Format, world: LineWorld): LinePlan {
  const { busy, idle, transitGateway } = world;
  const own = (name: string, values: FieldValues): string => {
    if (name === 'version') return String(format.version);
    return (format.recorder === 'transit-gateway' ? transitGateway.values[name] : undefined) ?? values[name] ?? '-';
  };

  function flowPiece(name: string): Piece {
    const step = flowSteps[name];
    if (step) {
      const [code, width, texts] = step;
      const addressWidth = addressWidths[world.hasIpv6 ? 'ipv6' : 'ipv4'];
      return { step: { code, texts: texts ?? none }, width: width || addressWidth };
    }
    const hop = nextHopFields[name];
    if (hop !== undefined) {
      const texts = spaced(['-', ...busy.map((values) => values[hop] ?? '-')]);
      return { step: { code: steps.nextHop, texts }, width: texts.longest };
    }
    if (isAttachmentField(name)) {
      const texts = attachmentTexts(name, transitGateway);
      return { step: { code: steps.attachments, texts }, width: texts.longest };
    }
    return name === 'log-status' ? { texts: ['OK'] } : { texts: busy.map((values) => own(name, values)) };
  }

  const everyone = [...busy, ...idle];
  function unmeasuredPiece(name: string, status: string): Piece {
    if (name === 'start' || name === 'end') {
      const [code, width] = flowSteps[name]!;
      return { step: { code, texts: none }, width };
    }
    if (name === 'log-status') return { texts: [status] };
    return { texts: findField(name)!.isKept ? everyone.map((values) => own(name, values)) : ['-'] };
  }

  const flow = joined(format.fields.map((name) => flowPiece(name)));
  const nodata = joined(format.fields.map((name) => unmeasuredPiece(name, 'NODATA')));
  const skipdata = joined(format.fields.map((name) => unmeasuredPiece(name, 'SKIPDATA')));
  return {
    flow: flow.steps,
    nodata: nodata.steps,
    skipdata: skipdata.steps,
    lineBytesMax: Math.max(flow.width, nodata.width, skipdata.width),
  };
}

/** Fields that are written at once where they follow each other: one instruction costs 3 to 6 ns besides what it writes. */
const runs: readonly { readonly code: number; readonly of: readonly number[] }[] = [
  {
    code: steps.ends,
    of: [steps.srcAddress, steps.dstAddress, steps.srcPort, steps.dstPort, steps.protocol, steps.packets, steps.bytes],
  },
  { code: steps.window, of: [steps.start, steps.end] },
];

function withRuns(list: readonly Step[]): Step[] {
  const joinedSteps: Step[] = [];
  for (let i = 0; i < list.length;) {
    const run = runs.find(({ of }) => of.every((code, k) => list[i + k]?.code === code));
    joinedSteps.push(run ? { code: run.code, texts: none } : list[i]!);
    i += run ? run.of.length : 1;
  }
  return joinedSteps;
}

/** One field: an instruction, or texts by interface (one for all where they do not depend on it). */
type Piece = { readonly step: Step; readonly width: number } | { readonly texts: readonly string[] };

/** Joins neighbouring texts, so that they are copied at once. */
function joined(pieces: readonly Piece[]): { steps: Step[]; width: number } {
  const list: Step[] = [];
  let width = 0;
  let pending: readonly string[] = [];
  const flush = (): void => {
    if (pending.length === 0) return;
    const isConstant = pending.every((text) => text === pending[0]);
    const texts = isConstant ? [pending[0]!] : pending;
    const before = list.at(-1);
    // What follows the action in each line is written with it.
    if (isConstant && before?.code === steps.action) {
      list[list.length - 1] = {
        code: steps.action,
        texts: new Texts(actions.map((action) => `${action} ${texts[0]!}`)),
      };
      width += texts[0]!.length;
    } else {
      const step = { code: isConstant ? steps.constant : steps.interfaceText, texts: new Texts(texts) };
      list.push(step);
      width += step.texts.longest;
    }
    pending = [];
  };
  for (const piece of pieces) {
    if ('texts' in piece) pending = joinTexts(pending, piece.texts);
    else {
      flush();
      list.push(piece.step);
      width += piece.width;
    }
  }
  flush();
  return { steps: withRuns(list), width };
}

function joinTexts(before: readonly string[], texts: readonly string[]): readonly string[] {
  const count = Math.max(before.length, texts.length);
  const at = (list: readonly string[], i: number): string => (list.length === 1 ? list[0]! : (list[i] ?? ''));
  return Array.from({ length: count }, (_, i) => `${at(before, i)}${at(texts, i)} `);
}
