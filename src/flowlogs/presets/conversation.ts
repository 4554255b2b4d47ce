// Conversations and their views. A flow log has one record for each direction of a conversation at each interface that sees it;
// here a conversation is drawn once, and every record of it is one view of the same numbers.

import { mix32 } from '../../core/random.ts';
import type { Flow } from '../preset.ts';

/** IANA protocol numbers. */
export const protocols = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58 } as const;

/** Values of `traffic-path` (Amazon VPC User Guide, "Flow log records"). */
export const paths = {
  inside: 1,
  virtualPrivateGateway: 3,
  peering: 4,
  peeringAbroad: 5,
  localZone: 6,
  gatewayEndpoint: 7,
  internetGateway: 8,
} as const;

/** Values of `tcp-flags`: AWS tells FIN, SYN, RST and SYN-ACK, OR-ed over the window, and no other. */
export const tcpFlags = { fin: 1, syn: 2, rst: 4, synAck: 18 } as const;

/**
 * One conversation before its views: an object that is filled anew for each record, since one object a record would cost more
 * than writing it. An index is that of an interface, or -1 for a party that has none of the log's; such a party has an address
 * alone.
 */
export interface Conversation {
  /** Set before a conversation is drawn. */
  isIpv6: boolean;
  protocol: number;
  clientPort: number;
  serverPort: number;
  forwardPackets: number;
  forwardBytes: number;
  forwardFlags: number;
  backwardPackets: number;
  backwardBytes: number;
  backwardFlags: number;
  clientIndex: number;
  serverIndex: number;
  gatewayIndex: number;
  /** Primary addresses of interfaces; AWS shows these for the interface that records. */
  clientAddress: number;
  serverAddress: number;
  gatewayAddress: number;
  /** The addresses that packets carry: those of a pod, where an interface has more than its primary one. */
  clientPacketAddress: number;
  serverPacketAddress: number;
  /** Indexes into `awsServices`. */
  clientService: number;
  serverService: number;
  /** How traffic leaves the VPC. */
  edgePath: number;
  encryptionStatus: number;
  /** Elastic Fabric Adapter traffic. */
  isEfa: boolean;
  /** Windows that it lasts within one aggregation interval. */
  windows: number;
}

type PartyName = 'client' | 'server' | 'gateway';

/** Parties by number: V8 compares numbers at once, but of two words it must first see whether there is but one of each. */
export const parties = { client: 0, server: 1, gateway: 2 } as const satisfies Record<PartyName, number>;

export type Party = (typeof parties)[PartyName];

/** One record of a conversation: which party's interface records it, and between whom it runs. */
export interface View {
  readonly recorder: Party;
  readonly from: Party;
  readonly to: Party;
  /** The ends as the packets name them: not those of the record where a gateway hands on what it has translated. */
  readonly packetFrom: Party;
  readonly packetTo: Party;
  /** From the server to the client. */
  readonly isBackward: boolean;
  /** Between gateway and internet, where a port of the gateway's own stands for the client's. */
  readonly isTranslated: boolean;
  /** As the recording interface sees it. */
  readonly isEgress: boolean;
  /** The party at the next hop, which may have no interface of the log's; -1 where AWS tells none. */
  readonly nextHop: Party | -1;
}

interface ViewOptions extends Partial<Pick<View, 'isBackward' | 'isTranslated' | 'isEgress'>> {
  readonly packetFrom?: PartyName;
  readonly packetTo?: PartyName;
  readonly nextHop?: PartyName | 'untold';
}

function view(recorder: PartyName, from: PartyName, to: PartyName, options: ViewOptions = {}): View {
  const isTranslated = (from === 'gateway' && to === 'server') || (from === 'server' && to === 'gateway');
  const { nextHop = recorder === from ? to : from } = options;
  return {
    recorder: parties[recorder],
    from: parties[from],
    to: parties[to],
    packetFrom: parties[options.packetFrom ?? from],
    packetTo: parties[options.packetTo ?? to],
    isBackward: options.isBackward ?? false,
    isTranslated: options.isTranslated ?? isTranslated,
    isEgress: options.isEgress ?? recorder === from,
    nextHop: nextHop === 'untold' ? -1 : parties[nextHop],
  };
}

const backward = { isBackward: true } as const;
const untold = { nextHop: 'untold' } as const;

/**
 * Which views a conversation has. Between an interface and the internet two records stand, between two interfaces four, and
 * through a zonal NAT gateway six: two at the instance and four at the gateway, whose records towards the instance keep the
 * packets' own addresses (Amazon VPC User Guide, "Flow log record examples", traffic through a NAT gateway).
 */
export const views = {
  fromInternet: [view('server', 'server', 'client', backward), view('server', 'client', 'server')],
  toInternet: [view('client', 'client', 'server'), view('client', 'server', 'client', backward)],
  inside: [
    view('client', 'client', 'server'),
    view('client', 'server', 'client', backward),
    view('server', 'client', 'server'),
    view('server', 'server', 'client', backward),
  ],
  oneWay: [view('client', 'client', 'server'), view('server', 'client', 'server')],
  outOnly: [view('client', 'client', 'server')],
  inOnly: [view('server', 'client', 'server')],
  throughGateway: [
    view('client', 'client', 'server'),
    view('client', 'server', 'client', backward),
    view('gateway', 'client', 'gateway', { packetTo: 'server' }),
    view('gateway', 'gateway', 'server'),
    view('gateway', 'server', 'gateway', backward),
    view('gateway', 'gateway', 'client', { ...backward, packetFrom: 'server' }),
  ],
  /** The gateway has no interface of its own in the VPC, and shows its public address. */
  throughRegionalGateway: [
    view('client', 'client', 'server', untold),
    view('client', 'server', 'client', { ...backward, ...untold }),
    view('gateway', 'client', 'server'),
    view('gateway', 'gateway', 'server'),
    view('gateway', 'server', 'gateway', backward),
    view('gateway', 'server', 'client', { ...backward, isEgress: true, nextHop: 'client' }),
  ],
  /**
   * From another VPC by a transit gateway's interface: what that hands on bears its own address, and the client's only as the
   * packets' (the same page, traffic through a transit gateway).
   */
  throughTransit: [
    view('server', 'client', 'server', untold),
    view('server', 'server', 'client', { ...backward, nextHop: 'gateway' }),
    view('gateway', 'gateway', 'server', { packetFrom: 'client', isTranslated: false }),
    view('gateway', 'server', 'gateway', { ...backward, packetTo: 'client', isTranslated: false }),
  ],
} as const satisfies Readonly<Record<string, readonly View[]>>;

export function newConversation(gatewayIndex: number, gatewayAddress: number): Conversation {
  return {
    isIpv6: false,
    protocol: 0,
    clientPort: 0,
    serverPort: 0,
    forwardPackets: 0,
    forwardBytes: 0,
    forwardFlags: 0,
    backwardPackets: 0,
    backwardBytes: 0,
    backwardFlags: 0,
    clientIndex: 0,
    serverIndex: 0,
    gatewayIndex,
    clientAddress: 0,
    serverAddress: 0,
    gatewayAddress,
    clientPacketAddress: 0,
    serverPacketAddress: 0,
    clientService: 0,
    serverService: 0,
    edgePath: paths.internetGateway,
    encryptionStatus: -1,
    isEfa: false,
    windows: 1,
  };
}

/** What a draw may leave alone, as it is for most conversations. */
export function clear(conversation: Conversation): void {
  conversation.clientService = 0;
  conversation.serverService = 0;
  conversation.edgePath = paths.internetGateway;
  conversation.encryptionStatus = -1;
  conversation.isEfa = false;
  conversation.windows = 1;
}

/** Fills a record with one view. `bits` are the conversation's own. */
export function show(flow: Flow, conversation: Conversation, seen: View, bits: number): void {
  const { isBackward, recorder, from, to } = seen;
  const clientPort = seen.isTranslated ? highPort(mix32(bits, 9)) : conversation.clientPort;
  flow.interfaceIndex = indexOf(conversation, recorder);
  flow.srcAddress = recorder === from ? addressOf(conversation, from) : packetAddressOf(conversation, from);
  flow.dstAddress = recorder === to ? addressOf(conversation, to) : packetAddressOf(conversation, to);
  flow.srcPort = isBackward ? conversation.serverPort : clientPort;
  flow.dstPort = isBackward ? clientPort : conversation.serverPort;
  flow.protocol = conversation.protocol;
  flow.packets = isBackward ? conversation.backwardPackets : conversation.forwardPackets;
  flow.bytes = isBackward ? conversation.backwardBytes : conversation.forwardBytes;
  flow.windows = conversation.windows;
  // A tenth of the time of a record in the default format.
  if (flow.hasDetails) showDetails(flow, conversation, seen);
}

function showDetails(flow: Flow, conversation: Conversation, seen: View): void {
  const { isBackward, isEgress, to, nextHop } = seen;
  flow.packetSrcAddress = packetAddressOf(conversation, seen.packetFrom);
  flow.packetDstAddress = packetAddressOf(conversation, seen.packetTo);
  flow.tcpFlags = isBackward ? conversation.backwardFlags : conversation.forwardFlags;
  flow.type = conversation.isEfa ? 2 : conversation.isIpv6 ? 1 : 0;
  flow.srcService = serviceOf(conversation, seen.packetFrom);
  flow.dstService = serviceOf(conversation, seen.packetTo);
  flow.nextHopIndex = nextHop === -1 ? -1 : indexOf(conversation, nextHop);
  flow.isEgress = isEgress;
  flow.trafficPath = isEgress ? pathTo(conversation, isBackward ? parties.client : to) : 0;
  flow.rejectReason = 0;
  flow.encryptionStatus = conversation.encryptionStatus;
}

/** Whatever has an interface in the log's VPC is reached inside it. */
function pathTo(conversation: Conversation, party: Party): number {
  return indexOf(conversation, party) >= 0 ? paths.inside : conversation.edgePath;
}

function indexOf(conversation: Conversation, party: Party): number {
  if (party === parties.client) return conversation.clientIndex;
  return party === parties.server ? conversation.serverIndex : conversation.gatewayIndex;
}

function addressOf(conversation: Conversation, party: Party): number {
  if (party === parties.client) return conversation.clientAddress;
  return party === parties.server ? conversation.serverAddress : conversation.gatewayAddress;
}

function packetAddressOf(conversation: Conversation, party: Party): number {
  if (party === parties.client) return conversation.clientPacketAddress;
  return party === parties.server ? conversation.serverPacketAddress : conversation.gatewayAddress;
}

function serviceOf(conversation: Conversation, party: Party): number {
  if (party === parties.client) return conversation.clientService;
  return party === parties.server ? conversation.serverService : 0;
}

/** A port as Linux picks it for an outgoing connection (net.ipv4.ip_local_port_range). */
export function ephemeralPort(draw: number): number {
  return 32_768 + (draw % 28_232);
}

/** A port as strangers' stacks and NATs pick it. */
export function highPort(draw: number): number {
  return 1024 + (draw % 64_512);
}
