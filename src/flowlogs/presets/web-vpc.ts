// A web shop's VPC: two load-balancer nodes in front of six web servers, a database with a reader, one host for operations
// (metrics, name service, pings) and a NAT gateway for calls to the internet, which in turn scans what it can reach.
//
// Accepted records come in groups of twelve, each a few conversations complete with every view of them: both directions, at
// each interface that sees the conversation. So a record is found from its index alone, and both ends tell the same story.

import { mix32, type RandomSource } from '../../core/random.ts';
import type { Flow, NetworkInterface, Preset, Traffic } from '../preset.ts';
import { payloadQuantiles } from './heavy-tail.ts';
import { namedHosts, publicAddress, strangerAddress } from './internet.ts';
import { fillScan } from './scans.ts';

const tcp = 6;
const udp = 17;
const icmp = 1;

/** IP and TCP headers with timestamps; what is left for payload in a packet of 1,500 bytes. */
const headerBytes = 52;
const segmentBytes = 1448;

const natIndex = 2;
const opsIndex = 3;
const webFirst = 4;
const webCount = 6;
const databaseFirst = 10;

/** The first four are reachable from the internet: two bits choose whom a scanner tries. */
const cast: readonly { role: string; subnet: number }[] = [
  { role: 'load-balancer', subnet: 0 },
  { role: 'load-balancer', subnet: 1 },
  { role: 'nat-gateway', subnet: 0 },
  { role: 'ops', subnet: 1 },
  ...Array.from({ length: webCount }, (_, i) => ({ role: 'web', subnet: i % 2 === 0 ? 16 : 32 })),
  { role: 'database', subnet: 48 },
  { role: 'database-reader', subnet: 49 },
];

/** Who records a view and between whom it runs; parties are 0 the client, 1 the server, 2 the NAT gateway. */
interface View {
  readonly recorder: 0 | 1 | 2;
  readonly from: 0 | 1 | 2;
  readonly to: 0 | 1 | 2;
  readonly backward: boolean;
}

function view(recorder: View['recorder'], from: View['from'], to: View['to'], backward = false): View {
  return { recorder, from, to, backward };
}

// A zonal NAT gateway records four views of a connection and the instance two: Amazon VPC User Guide, "Flow log record
// examples", traffic through a NAT gateway.
const edgeViews = [view(1, 1, 0, true), view(1, 0, 1)];
const insideViews = [view(0, 0, 1), view(0, 1, 0, true), view(1, 0, 1), view(1, 1, 0, true)];
const oneWayViews = [view(0, 0, 1), view(1, 0, 1)];
const outboundViews = [
  view(0, 0, 1),
  view(0, 1, 0, true),
  view(2, 0, 2),
  view(2, 2, 1),
  view(2, 1, 2, true),
  view(2, 2, 0, true),
];

/** One conversation before its views; an object filled anew for each record. */
interface Conversation {
  protocol: number;
  clientPort: number;
  serverPort: number;
  forwardPackets: number;
  forwardBytes: number;
  backwardPackets: number;
  backwardBytes: number;
  /** Index of the interface, or -1 for the internet. */
  clientIndex: number;
  serverIndex: number;
  clientAddress: number;
  serverAddress: number;
}

type Draw = (conversation: Conversation, draw: number) => void;

/** The place of one record in its group. */
interface Place {
  readonly draw: Draw;
  /** Which conversation of the group. */
  readonly ordinal: number;
  readonly view: View;
}

const groupSize = 12;

export const webVpc: Preset = {
  name: 'web-vpc',
  summary: 'A web shop: load balancer, web servers, database, calls out through a NAT gateway, scanners turned away.',
  version: 1,
  mix: { reject: 0.18, nodata: 0.02, skipdata: 0.001 },
  open: openWebVpc,
};

function openWebVpc(random: RandomSource): Traffic {
  const identity = random.split('identity');
  const network = 10 * 2 ** 24 + identity.below(256, 0) * 2 ** 16;
  const interfaces = cast.map(({ role, subnet }, i): NetworkInterface => ({
    interfaceId: `eni-${hex(identity, 1 + i)}`,
    address: network + subnet * 256 + 4 + i * 20 + identity.below(20, 1 + i, 9),
    role,
  }));
  const groups = groupPatterns(drawsOf(interfaces, random.split('hosts')));
  const conversations = random.split('conversations');
  const scans = random.split('scans');
  const conversation = newConversation();
  const natAddress = interfaces[natIndex]!.address;

  function accepted(flow: Flow, batch: number, index: number, bulk: boolean): void {
    const group = Math.floor(index / groupSize);
    const { draw, ordinal, view: seen } = groups[(group + batch) % groups.length]![index - group * groupSize]!;
    const bits = conversations.at(batch, group * groupSize + ordinal);
    draw(conversation, bits);
    if (bulk && group === 0 && ordinal === 0) {
      carry(conversation, 2 ** 31 + (bits >>> 2), 400);
    }
    show(flow, conversation, seen, natAddress, bits);
  }

  return {
    accountId: String(100_000_000_000 + (identity.at(101) * 209 + identity.below(209, 102))),
    region: 'us-east-1',
    flowLogId: `fl-${hex(identity, 100)}`,
    interfaces,
    accepted,
    rejected(flow, batch, index) {
      const bits = scans.at(batch, index);
      flow.interfaceIndex = bits >>> 30;
      fillScan(flow, interfaces[flow.interfaceIndex]!.address, bits);
    },
  };
}

/** 17 hex digits, the first of them 0 as in every id of late. */
function hex(identity: RandomSource, key: number): string {
  const words = [identity.at(key, 1), identity.at(key, 2)];
  return `0${words.map((word) => word.toString(16).padStart(8, '0')).join('')}`;
}

function newConversation(): Conversation {
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
    clientAddress: 0,
    serverAddress: 0,
  };
}

/** Counters of a TCP connection that carries a response: every second segment is acknowledged. */
function carry(conversation: Conversation, responseBytes: number, requestBytes: number): void {
  const segments = Math.ceil(responseBytes / segmentBytes);
  conversation.backwardPackets = segments + 3;
  conversation.backwardBytes = responseBytes + headerBytes * conversation.backwardPackets;
  conversation.forwardPackets = 4 + (segments >>> 1);
  conversation.forwardBytes = requestBytes + headerBytes * conversation.forwardPackets;
}

function show(flow: Flow, conversation: Conversation, seen: View, natAddress: number, bits: number): void {
  const { recorder, from, to, backward } = seen;
  const { clientAddress, serverAddress, serverPort } = conversation;
  flow.interfaceIndex =
    recorder === 0 ? conversation.clientIndex : recorder === 1 ? conversation.serverIndex : natIndex;
  flow.srcAddress = from === 0 ? clientAddress : from === 1 ? serverAddress : natAddress;
  flow.dstAddress = to === 0 ? clientAddress : to === 1 ? serverAddress : natAddress;
  // Between the gateway and the internet the connection runs on a port of the gateway's own.
  const isTranslated = (from === 2 && to === 1) || (from === 1 && to === 2);
  const clientPort = isTranslated ? 1024 + (mix32(bits, 9) % 64_512) : conversation.clientPort;
  flow.srcPort = backward ? serverPort : clientPort;
  flow.dstPort = backward ? clientPort : serverPort;
  flow.protocol = conversation.protocol;
  flow.packets = backward ? conversation.backwardPackets : conversation.forwardPackets;
  flow.bytes = backward ? conversation.backwardBytes : conversation.forwardBytes;
}

type Draws = Readonly<Record<'visit' | 'backend' | 'query' | 'call' | 'clock' | 'lookup' | 'metrics' | 'ping', Draw>>;

function drawsOf(interfaces: readonly NetworkInterface[], hostsRandom: RandomSource): Draws {
  const quantiles = payloadQuantiles();
  const hosts = Float64Array.from(namedHosts(48, hostsRandom), ({ address }) => address);
  const clocks = Float64Array.from({ length: 4 }, (_, i) => publicAddress(hostsRandom.at(1, i)));
  const addresses = Float64Array.from(interfaces, ({ address }) => address);

  function between(c: Conversation, clientIndex: number, serverIndex: number): void {
    c.clientIndex = clientIndex;
    c.serverIndex = serverIndex;
    c.clientAddress = addresses[clientIndex]!;
    c.serverAddress = addresses[serverIndex]!;
  }
  function connect(c: Conversation, serverPort: number, bits: number): void {
    const size = mix32(bits, 1);
    const quantile = quantiles[size & 4095]!;
    c.protocol = tcp;
    c.clientPort = ephemeralPort(bits);
    c.serverPort = serverPort;
    carry(c, quantile + Math.floor((quantile * (size >>> 22)) / 4096), 180 + ((size >>> 12) & 1023));
  }
  function datagrams(
    c: Conversation,
    ports: readonly [number, number],
    packets: number,
    sizes: readonly [number, number],
  ): void {
    c.protocol = udp;
    [c.clientPort, c.serverPort] = ports;
    c.forwardPackets = packets;
    c.backwardPackets = packets;
    c.forwardBytes = packets * sizes[0];
    c.backwardBytes = packets * sizes[1];
  }
  const web = (bits: number): number => webFirst + ((bits >>> 3) % webCount);

  return {
    visit(c, bits) {
      connect(c, (bits & 15) === 0 ? 80 : 443, bits);
      between(c, 0, (bits >>> 4) & 1);
      c.clientAddress = strangerAddress(mix32(bits, 2), 60_000, 1);
      c.clientPort = 1024 + (mix32(bits, 3) % 64_512);
    },
    backend(c, bits) {
      connect(c, 8080, bits);
      between(c, bits & 1, web(bits));
    },
    query(c, bits) {
      connect(c, 5432, bits);
      between(c, web(bits), databaseFirst + ((bits & 7) < 3 ? 1 : 0));
    },
    call(c, bits) {
      connect(c, 443, bits);
      between(c, web(bits), 0);
      const share = mix32(bits, 2) / 0x1_0000_0000;
      c.serverAddress = hosts[Math.floor(hosts.length * share * share)]!;
    },
    clock(c, bits) {
      datagrams(c, [ephemeralPort(bits), 123], 1, [76, 76]);
      between(c, web(bits), 0);
      c.serverAddress = clocks[bits & 3]!;
    },
    lookup(c, bits) {
      datagrams(c, [ephemeralPort(bits), 53], 1 + (bits & 1), [56 + ((bits >>> 8) & 31), 90 + ((bits >>> 13) & 127)]);
      between(c, web(bits), opsIndex);
    },
    metrics(c, bits) {
      datagrams(c, [ephemeralPort(bits), 8125], 1 + ((bits >>> 8) & 63), [60 + ((bits >>> 14) & 127), 0]);
      between(c, web(bits), opsIndex);
    },
    ping(c, bits) {
      const packets = 1 + ((bits >>> 8) & 7);
      datagrams(c, [0, 0], packets, [84, 84]);
      c.protocol = icmp;
      between(c, opsIndex, web(bits));
    },
  };
}

/** Linux's range of ports for outgoing connections (net.ipv4.ip_local_port_range). */
function ephemeralPort(bits: number): number {
  return 32_768 + (mix32(bits, 4) % 28_232);
}

/** Sixteen kinds of groups, taken in turn. Each begins with a visit, whose first view is the response. */
function groupPatterns(draws: Draws): readonly (readonly Place[])[] {
  const page = places(draws, ['visit', 'visit', 'backend', 'query']);
  const outbound = places(draws, ['visit', 'call', 'visit', 'visit']);
  const metered = places(draws, ['visit', 'metrics', 'backend', 'query']);
  const resolved = places(draws, ['visit', 'visit', 'lookup', 'backend']);
  const pinged = places(draws, ['visit', 'visit', 'ping', 'query']);
  const timed = places(draws, ['visit', 'clock', 'visit', 'visit']);
  return [
    ...[page, outbound, metered, page, resolved, page, outbound, page],
    ...[pinged, page, metered, page, outbound, resolved, page, timed],
  ];
}

function places(draws: Draws, names: readonly (keyof Draws)[]): readonly Place[] {
  return names.flatMap((name, ordinal) => viewsOf(name).map((seen) => ({ draw: draws[name], ordinal, view: seen })));
}

function viewsOf(name: keyof Draws): readonly View[] {
  if (name === 'visit') return edgeViews;
  if (name === 'metrics') return oneWayViews;
  return name === 'call' || name === 'clock' ? outboundViews : insideViews;
}
