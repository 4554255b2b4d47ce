// What is turned away, and by whom: scans at public interfaces, packets that come after their connection has closed, traffic out
// that no rule allows, and what Block Public Access or encryption controls reject.

import { mix32 } from '../../core/random.ts';
import type { Flow } from '../preset.ts';
import { clear, ephemeralPort, newConversation, paths, protocols, tcpFlags } from './conversation.ts';
import { customerAddress, publicAddress, serviceOfStranger } from './internet.ts';
import { fillScan, scannedPort } from './scans.ts';
import type { Outsider } from './talk.ts';
import type { World } from './world.ts';

/** Fills a rejected record from 32 bits; the family is given, and whether it is ICMP where that matters. */
export type Reject = (flow: Flow, bits: number, isIpv6: boolean, isIcmp: boolean | undefined) => void;

export interface RejectionWords {
  /** How often it comes beside the others. */
  readonly weight: number;
  /** The role at whose interfaces it happens. */
  readonly role: string;
  /**
   * `radiation`: scans, which never hit a port of `open`. `late`: packets of visitors' connections to a port of `open` that have
   * closed. `denied`: what the interface sends to a port of `open` elsewhere, and no rule lets out. `bpa`: scans that Block Public
   * Access rejects. `ec`: what comes from `peer` and is not encrypted, as an endpoint under encryption controls demands.
   */
  readonly kind: 'radiation' | 'late' | 'denied' | 'bpa' | 'ec';
  /** Ports that are open at the role, or that are asked for in vain. */
  readonly open: readonly number[];
  /** Whom a denied packet is for; whom an unencrypted one is from. */
  readonly peer?: Outsider;
}

const pickCount = 256;

/** Rejections of these kinds at the interfaces that the flow log records; where there are none, one is denied its way out. */
export function rejectionsOf(world: World, words: readonly RejectionWords[]): Reject {
  const recorded = words.filter(({ role }) => world.records(role));
  const kinds: readonly RejectionWords[] =
    recorded.length > 0 ? recorded : [{ weight: 1, role: world.recordedRole, kind: 'denied', open: [25, 6667, 4444] }];
  const total = kinds.reduce((sum, { weight }) => sum + weight, 0);
  const fills = kinds.map((kind) => fillOf(world, kind));
  const picks = new Uint8Array(pickCount);
  let share = 0;
  let at = 0;
  kinds.forEach(({ weight }, i) => {
    share += weight / total;
    while (at < Math.round(share * pickCount)) picks[at++] = i;
  });
  return (flow, bits, isIpv6, isIcmp) => {
    clearRejection(flow);
    flow.type = isIpv6 ? 1 : 0;
    fills[picks[mix32(bits, 51) & (pickCount - 1)]!]!(flow, bits, isIpv6, isIcmp);
    flow.packetSrcAddress = flow.srcAddress;
    flow.packetDstAddress = flow.dstAddress;
  };
}

/** What most rejected records are: ingress from somewhere without an interface of the log's. */
export function clearRejection(flow: Flow): void {
  flow.rejectReason = 0;
  flow.encryptionStatus = -1;
  flow.nextHopIndex = -1;
  flow.isEgress = false;
  flow.trafficPath = 0;
  flow.srcService = 0;
  flow.dstService = 0;
  flow.type = 0;
}

function fillOf(world: World, words: RejectionWords): Reject {
  if (words.kind === 'denied') return deniedOf(world, words);
  if (words.kind === 'late') return lateOf(world, words);
  if (words.kind === 'ec') return unencryptedOf(world, words);
  const open = new Set(words.open);
  const members = world.role(words.role);
  return (flow, bits, isIpv6, isIcmp) => {
    const index = members[mix32(bits, 52) % members.length]!;
    flow.interfaceIndex = index;
    fillScan(flow, world.address(index, false), bits);
    if (isIpv6) flow.dstAddress = world.address(index, true);
    fitKind(flow, bits, isIpv6, isIcmp);
    if (isIpv6) flow.srcAddress = customerAddress(mix32(bits, 60));
    else if (isIcmp === true) flow.srcAddress = publicAddress(mix32(bits, 60));
    flow.srcService = serviceOfStranger(flow.srcAddress);
    for (let i = 67; flow.protocol === protocols.tcp && open.has(flow.dstPort); i++) {
      flow.dstPort = scannedPort(flow.dstAddress, mix32(bits, i));
    }
    flow.tcpFlags = flow.protocol === protocols.tcp ? scanFlags(bits) : 0;
    if (words.kind === 'bpa') {
      // It tells no bytes (Amazon VPC User Guide, "Assess the impact of BPA").
      flow.rejectReason = 1;
      flow.bytes = -1;
    }
  };
}

/** Mostly a bare SYN; a few are answers to attacks under the address's name. */
export function scanFlags(bits: number): number {
  const kind = mix32(bits, 53) & 63;
  if (kind === 0) return tcpFlags.synAck;
  return kind === 1 ? tcpFlags.rst : tcpFlags.syn;
}

function strangerOf(draw: number, isIpv6: boolean): number {
  return isIpv6 ? customerAddress(draw) : publicAddress(draw);
}

/** Makes a scan ICMP or not, and of the family that is asked for. */
function fitKind(flow: Flow, bits: number, isIpv6: boolean, isIcmp: boolean | undefined): void {
  const wasIcmp = flow.protocol === protocols.icmp;
  if (isIcmp === true && !wasIcmp) {
    flow.protocol = protocols.icmp;
    flow.srcPort = 0;
    flow.dstPort = 0;
    flow.bytes = flow.packets * (bits & 8 ? 84 : 28);
  } else if (isIcmp === false && wasIcmp) {
    flow.protocol = protocols.tcp;
    flow.srcPort = 1024 + (mix32(bits, 2) % 64_512);
    flow.dstPort = scannedPort(flow.dstAddress, mix32(bits, 56));
    flow.packets = 1;
    flow.bytes = 40;
  }
  if (!isIpv6) return;
  if (flow.protocol === protocols.icmp) flow.protocol = protocols.icmpv6;
  // Its header has 20 bytes more.
  flow.bytes += 20 * flow.packets;
}

/** The same for what was a segment of TCP. */
function fitSegment(flow: Flow, bits: number, isIpv6: boolean, isIcmp: boolean | undefined): void {
  if (isIcmp === true) fitKind(flow, bits, false, true);
  if (flow.protocol !== protocols.tcp) flow.tcpFlags = 0;
  if (isIpv6) fitKind(flow, bits, true, undefined);
}

/** After a connection has closed, what still comes of it is rejected (Amazon VPC User Guide, "Flow log records", `action`). */
function lateOf(world: World, { role, open }: RejectionWords): Reject {
  const members = world.role(role);
  return (flow, bits, isIpv6, isIcmp) => {
    const index = members[mix32(bits, 52) % members.length]!;
    const draw = mix32(bits, 57);
    flow.interfaceIndex = index;
    flow.srcAddress = strangerOf(draw, isIpv6);
    flow.srcService = serviceOfStranger(flow.srcAddress);
    flow.dstAddress = world.address(index, isIpv6);
    flow.protocol = protocols.tcp;
    flow.srcPort = 1024 + (mix32(bits, 58) % 64_512);
    flow.dstPort = open[bits % open.length]!;
    flow.packets = 1 + ((bits >>> 8) & 1);
    flow.tcpFlags = [0, tcpFlags.rst, tcpFlags.fin, tcpFlags.rst][(bits >>> 10) & 3]!;
    flow.bytes = flow.packets * (flow.tcpFlags === tcpFlags.rst ? 40 : 52);
    fitSegment(flow, bits, isIpv6, isIcmp);
  };
}

/** One SYN, and the ones that TCP sends again when no answer comes. */
function putSyn(flow: Flow, bits: number, open: readonly number[]): void {
  flow.protocol = protocols.tcp;
  flow.srcPort = ephemeralPort(mix32(bits, 58));
  flow.dstPort = open[bits % open.length]!;
  flow.packets = 1 + ((bits >>> 8) & 3);
  flow.bytes = flow.packets * 60;
  flow.tcpFlags = tcpFlags.syn;
}

/** What no rule lets out: an asking for a port elsewhere. */
function deniedOf(world: World, { role, open, peer }: RejectionWords): Reject {
  const members = world.role(role);
  const conversation = newConversation(-1, 0);
  return (flow, bits, isIpv6, isIcmp) => {
    const index = members[mix32(bits, 52) % members.length]!;
    clear(conversation);
    conversation.isIpv6 = isIpv6;
    conversation.serverAddress = strangerOf(mix32(bits, 59), isIpv6);
    conversation.serverService = isIpv6 ? 0 : serviceOfStranger(conversation.serverAddress);
    peer?.(conversation, 'server', mix32(bits, 59));
    flow.interfaceIndex = index;
    flow.srcAddress = world.address(index, isIpv6);
    flow.dstAddress = conversation.serverAddress;
    flow.dstService = conversation.serverService;
    putSyn(flow, bits, open);
    flow.isEgress = true;
    flow.trafficPath = conversation.edgePath || paths.internetGateway;
    fitSegment(flow, bits, isIpv6, isIcmp);
  };
}

/** A SYN to an endpoint from a peer whose instances do not encrypt. */
function unencryptedOf(world: World, { role, open, peer }: RejectionWords): Reject {
  const members = world.role(role);
  const conversation = newConversation(-1, 0);
  return (flow, bits, isIpv6, isIcmp) => {
    const index = members[mix32(bits, 52) % members.length]!;
    clear(conversation);
    conversation.isIpv6 = isIpv6;
    peer!(conversation, 'client', mix32(bits, 59));
    flow.interfaceIndex = index;
    flow.srcAddress = conversation.clientAddress;
    flow.dstAddress = world.address(index, isIpv6);
    putSyn(flow, bits, open);
    flow.rejectReason = 2;
    flow.encryptionStatus = 0;
    fitSegment(flow, bits, isIpv6, isIcmp);
  };
}
