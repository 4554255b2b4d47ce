// A web shop's VPC: two load-balancer nodes in front of six web servers, a database with a reader, one host for operations
// (metrics, name service) and a NAT gateway for calls to the internet, which in turn scans what it can reach.
//
// Accepted records come in groups of twelve: a few conversations with all their views. So a record is found from its index
// alone, and both ends of a conversation tell the same story.

import { invariant } from '../../core/errors.ts';
import { mix32, type RandomSource } from '../../core/random.ts';
import type { NetworkInterface, Preset, Traffic } from '../preset.ts';
import {
  carryDatagrams,
  carryTcp,
  ephemeralPort,
  highPort,
  newConversation,
  protocols,
  show,
  views,
  type Conversation,
  type View,
} from './conversation.ts';
import { payloadQuantiles } from './heavy-tail.ts';
import { namedHosts, publicAddress, strangerAddress } from './internet.ts';
import { fillScan } from './scans.ts';

/** The last octet but one of each interface's address, by role: an availability zone has subnets of its own. */
const subnets = {
  'load-balancer': [0, 1],
  gateway: [0],
  ops: [1],
  web: [16, 32, 16, 32, 16, 32],
  database: [48, 49],
} as const satisfies Readonly<Record<string, readonly number[]>>;

type Role = keyof typeof subnets;

/** One entry an interface. The first four are reachable from the internet, so two bits choose whom a scanner tries. */
const cast = (Object.keys(subnets) as Role[]).flatMap((role) => subnets[role].map((subnet) => ({ role, subnet })));

function firstOf(role: Role): number {
  return cast.findIndex((member) => member.role === role);
}

const gatewayIndex = firstOf('gateway');
const opsIndex = firstOf('ops');
const webFirst = firstOf('web');
const webCount = subnets.web.length;
const databaseFirst = firstOf('database');

/** The smallest number of bytes that does not fit into a signed 32-bit integer. */
const bulkBytes = 2 ** 31;

export const webVpc: Preset = {
  name: 'web-vpc',
  summary: 'A web shop: load balancer, web servers, database, calls out through a NAT gateway, scanners turned away.',
  version: 1,
  mix: { reject: 0.18, nodata: 0.02, skipdata: 0.001 },
  open: openWebVpc,
};

function openWebVpc(random: RandomSource): Traffic {
  const identity = random.split('identity');
  const interfaces = interfacesOf(identity);
  const groups = groupPatterns(talks(interfaces, random.split('hosts')));
  const conversations = random.split('conversations');
  const scans = random.split('scans');
  const conversation = newConversation(gatewayIndex, interfaces[gatewayIndex]!.address);

  return {
    accountId: String(100_000_000_000 + identity.at(101) * 209 + identity.below(209, 102)),
    region: 'us-east-1',
    flowLogId: `fl-${hex17(identity, 100)}`,
    interfaces,
    accepted(flow, batch, index, bulk) {
      const group = Math.floor(index / groupSize);
      const place = groups[(group + batch) % groups.length]![index - group * groupSize]!;
      const bits = conversations.at(batch, group * groupSize + place.ordinal);
      place.draw(conversation, bits);
      if (bulk && group === 0 && place.ordinal === 0) carryTcp(conversation, 400, bulkBytes + (bits >>> 2));
      show(flow, conversation, place.view, bits);
    },
    rejected(flow, batch, index) {
      const bits = scans.at(batch, index);
      flow.interfaceIndex = bits >>> 30;
      fillScan(flow, interfaces[flow.interfaceIndex]!.address, bits);
    },
  };
}

/** Addresses in a /16 of the seed's choice; distinct, since each interface has twenty of its own to choose from. */
function interfacesOf(identity: RandomSource): readonly NetworkInterface[] {
  const network = 10 * 2 ** 24 + identity.below(256, 0) * 2 ** 16;
  return cast.map(({ subnet }, i) => ({
    interfaceId: `eni-${hex17(identity, 1 + i)}`,
    address: network + subnet * 256 + 4 + i * 20 + identity.below(20, 1 + i, 9),
  }));
}

/** 17 hex digits, of which the first is 0, as in the ids that AWS gives. */
function hex17(identity: RandomSource, key: number): string {
  const words = [identity.at(key, 1), identity.at(key, 2)];
  return `0${words.map((word) => word.toString(16).padStart(8, '0')).join('')}`;
}

/** Draws a conversation of one kind from 32 bits. */
interface Talk {
  readonly views: readonly View[];
  readonly draw: (conversation: Conversation, bits: number) => void;
}

type Talks = Readonly<Record<'visit' | 'backend' | 'query' | 'call' | 'clock' | 'lookup' | 'metrics' | 'ping', Talk>>;

function talks(interfaces: readonly NetworkInterface[], outside: RandomSource): Talks {
  const addresses = Float64Array.from(interfaces, ({ address }) => address);
  const between = (c: Conversation, clientIndex: number, serverIndex: number): void => {
    c.clientIndex = clientIndex;
    c.serverIndex = serverIndex;
    c.clientAddress = addresses[clientIndex]!;
    c.serverAddress = addresses[serverIndex]!;
  };
  return { ...requests(between, outside), ...datagrams(between, outside) };
}

/** Sets the parties of a conversation between two interfaces. */
type Between = (conversation: Conversation, clientIndex: number, serverIndex: number) => void;

function webIndex(bits: number): number {
  return webFirst + ((bits >>> 3) % webCount);
}

function requests(between: Between, outside: RandomSource): Pick<Talks, 'visit' | 'backend' | 'query' | 'call'> {
  const quantiles = payloadQuantiles();
  const hosts = Float64Array.from(namedHosts(48, outside), ({ address }) => address);

  function request(c: Conversation, serverPort: number, bits: number): void {
    const size = mix32(bits, 1);
    const quantile = quantiles[size & 4095]!;
    const responseBytes = quantile + Math.floor((quantile * (size >>> 22)) / 4096);
    carryTcp(c, 180 + ((size >>> 12) & 1023), responseBytes);
    c.clientPort = ephemeralPort(mix32(bits, 4));
    c.serverPort = serverPort;
  }

  return {
    visit: {
      views: views.fromInternet,
      draw(c, bits) {
        request(c, (bits & 15) === 0 ? 80 : 443, bits);
        between(c, 0, (bits >>> 4) & 1);
        c.clientAddress = strangerAddress(mix32(bits, 2), 60_000, 1);
        c.clientPort = highPort(mix32(bits, 3));
      },
    },
    backend: {
      views: views.inside,
      draw(c, bits) {
        request(c, 8080, bits);
        between(c, bits & 1, webIndex(bits));
      },
    },
    query: {
      views: views.inside,
      draw(c, bits) {
        request(c, 5432, bits);
        between(c, webIndex(bits), databaseFirst + ((bits & 7) < 3 ? 1 : 0));
      },
    },
    call: {
      views: views.throughGateway,
      draw(c, bits) {
        request(c, 443, bits);
        between(c, webIndex(bits), 0);
        const share = mix32(bits, 2) / 0x1_0000_0000;
        c.serverAddress = hosts[Math.floor(hosts.length * share * share)]!;
      },
    },
  };
}

function datagrams(between: Between, outside: RandomSource): Pick<Talks, 'clock' | 'lookup' | 'metrics' | 'ping'> {
  const clocks = Float64Array.from({ length: 4 }, (_, i) => publicAddress(outside.at(1, i)));

  function toPort(c: Conversation, serverPort: number, bits: number): void {
    c.clientPort = ephemeralPort(mix32(bits, 4));
    c.serverPort = serverPort;
  }

  return {
    clock: {
      views: views.throughGateway,
      draw(c, bits) {
        carryDatagrams(c, 1, 76, 76);
        toPort(c, 123, bits);
        between(c, webIndex(bits), 0);
        c.serverAddress = clocks[bits & 3]!;
      },
    },
    lookup: {
      views: views.inside,
      draw(c, bits) {
        carryDatagrams(c, 1 + (bits & 1), 56 + ((bits >>> 8) & 31), 90 + ((bits >>> 13) & 127));
        toPort(c, 53, bits);
        between(c, webIndex(bits), opsIndex);
      },
    },
    metrics: {
      views: views.oneWay,
      draw(c, bits) {
        carryDatagrams(c, 1 + ((bits >>> 8) & 63), 60 + ((bits >>> 14) & 127), 0);
        toPort(c, 8125, bits);
        between(c, webIndex(bits), opsIndex);
      },
    },
    ping: {
      views: views.fromInternet,
      draw(c, bits) {
        carryDatagrams(c, 1 + ((bits >>> 8) & 7), 84, 84);
        c.protocol = protocols.icmp;
        c.clientPort = 0;
        c.serverPort = 0;
        between(c, 0, (bits >>> 4) & 1);
        // Without ports only the address tells two pings of one window apart: a record is one of each 5-tuple.
        c.clientAddress = publicAddress(mix32(bits, 2));
      },
    },
  };
}

/** The place of one record in its group. */
interface Place {
  readonly draw: Talk['draw'];
  /** Which conversation of the group. */
  readonly ordinal: number;
  readonly view: View;
}

const groupSize = 12;

/** The groups in the turn in which they come. Each begins with a visit, whose first view is the response. */
const turns =
  'page outbound metered page resolved page outbound page pinged page metered page outbound resolved page timed';

function groupPatterns(all: Talks): readonly (readonly Place[])[] {
  const groups: Readonly<Record<string, readonly Place[]>> = {
    page: places([all.visit, all.visit, all.backend, all.query]),
    outbound: places([all.visit, all.call, all.visit, all.visit]),
    metered: places([all.visit, all.metrics, all.backend, all.query]),
    resolved: places([all.visit, all.visit, all.lookup, all.backend]),
    pinged: places([all.visit, all.visit, all.ping, all.ping, all.query]),
    timed: places([all.visit, all.clock, all.visit, all.visit]),
  };
  for (const [name, group] of Object.entries(groups)) {
    invariant(group.length === groupSize, `Group ${name} has ${group.length} records, not ${groupSize}.`);
  }
  return turns.split(' ').map((name) => groups[name]!);
}

function places(group: readonly Talk[]): readonly Place[] {
  return group.flatMap(({ draw, views: seen }, ordinal) => seen.map((view) => ({ draw, ordinal, view })));
}
