// Conversations and their views. A flow log has one record for each direction of a conversation at each interface that sees it;
// here a conversation is drawn once, and every record of it is one view of the same numbers.

import { mix32 } from '../../core/random.ts';
import type { Flow } from '../preset.ts';

/** IANA protocol numbers. */
export const protocols = { icmp: 1, tcp: 6, udp: 17 } as const;

/** IP and TCP headers with timestamps; what is left for payload in a packet of 1,500 bytes. */
const headerBytes = 52;
const segmentBytes = 1448;

/**
 * One conversation before its views: an object that is filled anew for each record, since one object a record would cost more
 * than writing it. An index is that of an interface; a party on the internet has an address alone.
 */
export interface Conversation {
  protocol: number;
  clientPort: number;
  serverPort: number;
  forwardPackets: number;
  forwardBytes: number;
  backwardPackets: number;
  backwardBytes: number;
  clientIndex: number;
  serverIndex: number;
  gatewayIndex: number;
  clientAddress: number;
  serverAddress: number;
  gatewayAddress: number;
}

type Party = 'client' | 'server' | 'gateway';

/** One record of a conversation: which party's interface records it, and between whom it runs. */
export interface View {
  readonly recorder: Party;
  readonly from: Party;
  readonly to: Party;
  /** From the server to the client. */
  readonly isBackward: boolean;
  /** Between gateway and internet, where a port of the gateway's own stands for the client's. */
  readonly isTranslated: boolean;
}

function view(recorder: Party, from: Party, to: Party, direction: 'forward' | 'backward' = 'forward'): View {
  const isTranslated = (from === 'gateway' && to === 'server') || (from === 'server' && to === 'gateway');
  return { recorder, from, to, isBackward: direction === 'backward', isTranslated };
}

/**
 * Which views a conversation has. Between an interface and the internet two records stand, between two interfaces four, and
 * through a zonal NAT gateway six: two at the instance and four at the gateway (Amazon VPC User Guide, "Flow log record
 * examples", traffic through a NAT gateway).
 */
export const views = {
  fromInternet: [view('server', 'server', 'client', 'backward'), view('server', 'client', 'server')],
  inside: [
    view('client', 'client', 'server'),
    view('client', 'server', 'client', 'backward'),
    view('server', 'client', 'server'),
    view('server', 'server', 'client', 'backward'),
  ],
  oneWay: [view('client', 'client', 'server'), view('server', 'client', 'server')],
  throughGateway: [
    view('client', 'client', 'server'),
    view('client', 'server', 'client', 'backward'),
    view('gateway', 'client', 'gateway'),
    view('gateway', 'gateway', 'server'),
    view('gateway', 'server', 'gateway', 'backward'),
    view('gateway', 'gateway', 'client', 'backward'),
  ],
} as const satisfies Readonly<Record<string, readonly View[]>>;

export function newConversation(gatewayIndex: number, gatewayAddress: number): Conversation {
  return {
    protocol: 0,
    clientPort: 0,
    serverPort: 0,
    forwardPackets: 0,
    forwardBytes: 0,
    backwardPackets: 0,
    backwardBytes: 0,
    clientIndex: 0,
    serverIndex: 0,
    gatewayIndex,
    clientAddress: 0,
    serverAddress: 0,
    gatewayAddress,
  };
}

/** Fills a record with one view. `bits` are the conversation's own. */
export function show(flow: Flow, conversation: Conversation, seen: View, bits: number): void {
  const { isBackward } = seen;
  const clientPort = seen.isTranslated ? highPort(mix32(bits, 9)) : conversation.clientPort;
  flow.interfaceIndex = indexOf(conversation, seen.recorder);
  flow.srcAddress = addressOf(conversation, seen.from);
  flow.dstAddress = addressOf(conversation, seen.to);
  flow.srcPort = isBackward ? conversation.serverPort : clientPort;
  flow.dstPort = isBackward ? clientPort : conversation.serverPort;
  flow.protocol = conversation.protocol;
  flow.packets = isBackward ? conversation.backwardPackets : conversation.forwardPackets;
  flow.bytes = isBackward ? conversation.backwardBytes : conversation.forwardBytes;
}

function indexOf(conversation: Conversation, party: Party): number {
  if (party === 'client') return conversation.clientIndex;
  return party === 'server' ? conversation.serverIndex : conversation.gatewayIndex;
}

function addressOf(conversation: Conversation, party: Party): number {
  if (party === 'client') return conversation.clientAddress;
  return party === 'server' ? conversation.serverAddress : conversation.gatewayAddress;
}

/** Counters of a TCP connection, handshake and end included, that carries a response: every second segment is acknowledged. */
export function carryTcp(conversation: Conversation, requestBytes: number, responseBytes: number): void {
  const segments = Math.ceil(responseBytes / segmentBytes);
  conversation.protocol = protocols.tcp;
  conversation.backwardPackets = segments + 3;
  conversation.backwardBytes = responseBytes + headerBytes * conversation.backwardPackets;
  conversation.forwardPackets = 4 + (segments >>> 1);
  conversation.forwardBytes = requestBytes + headerBytes * conversation.forwardPackets;
}

/** Counters of datagrams (or pings) of one size each way; an answer of 0 bytes is none. */
export function carryDatagrams(
  conversation: Conversation,
  packets: number,
  askBytes: number,
  answerBytes: number,
): void {
  conversation.protocol = protocols.udp;
  conversation.forwardPackets = packets;
  conversation.forwardBytes = packets * askBytes;
  conversation.backwardPackets = packets;
  conversation.backwardBytes = packets * answerBytes;
}

/** A port as Linux picks it for an outgoing connection (net.ipv4.ip_local_port_range). */
export function ephemeralPort(draw: number): number {
  return 32_768 + (draw % 28_232);
}

/** A port as strangers' stacks and NATs pick it. */
export function highPort(draw: number): number {
  return 1024 + (draw % 64_512);
}
