// Who speaks to whom in a web shop: visitors, the load balancer, web servers and their database, and what is called outside.

import { mix32, type RandomSource } from '../../core/random.ts';
import { carryDatagrams, carryPings, carryTcp } from './carry.ts';
import { ephemeralPort, highPort, views, type Conversation, type View } from './conversation.ts';
import { payloadQuantiles } from './heavy-tail.ts';
import { customerAddress, namedHosts, publicAddress, serviceOfStranger, zipfRanks } from './internet.ts';
import type { Talk } from './score.ts';
import { seenViews } from './talk.ts';
import type { World } from './world.ts';

export type Talks = Readonly<
  Record<'visit' | 'backend' | 'query' | 'call' | 'clock' | 'lookup' | 'metrics' | 'ping', Talk>
>;

type Pickers = [(draw: number) => number, (draw: number) => number, (draw: number) => number];

interface Words {
  readonly weight: number;
  readonly client?: string;
  readonly server?: string;
  readonly via?: string;
  readonly views: readonly View[];
  readonly draw: Talk['draw'];
  readonly isIcmp?: boolean;
}

export function talksOf(world: World, outside: RandomSource): Talks {
  const all = { ...requests(world, outside), ...datagrams(world, outside) };
  const entries = Object.entries(all).map(([name, words]): [string, Talk] => {
    const { client = () => undefined, server = () => undefined, via, views: told, ...rest } = words;
    const ends = { client, server, ...(via !== undefined && { via }) };
    const family = via === undefined ? {} : ({ family: 'ipv4' } as const);
    return [name, { ...rest, ...family, views: seenViews(world, told, ends) }];
  });
  return Object.fromEntries(entries) as Talks;
}

/** Picks an interface of a role for a whole number. */
function picker(world: World, role: string): (draw: number) => number {
  const members = world.role(role);
  return (draw) => members[draw % members.length]!;
}

/** A stranger in the place of the client. */
function visitor(c: Conversation, address: number): void {
  c.clientIndex = -1;
  c.clientAddress = address;
  c.clientPacketAddress = address;
  c.clientService = serviceOfStranger(address);
}

/** A host outside in the place of the server, called through the gateway. */
function outsideServer(world: World, c: Conversation, gateway: number, address: number): void {
  world.gateway(c, gateway);
  c.serverIndex = -1;
  c.serverAddress = address;
  c.serverPacketAddress = address;
  c.serverService = serviceOfStranger(address);
}

function requests(world: World, outside: RandomSource): Record<'visit' | 'backend' | 'query' | 'call', Words> {
  const quantiles = payloadQuantiles();
  const visitorOf = zipfRanks(60_000);
  const [balancer, web, database] = ['load-balancer', 'web', 'database'].map((role) => picker(world, role)) as Pickers;
  const gateway = picker(world, 'gateway')(0);
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
      weight: 12,
      server: 'load-balancer',
      views: views.fromInternet,
      draw(c, bits) {
        request(c, (bits & 15) === 0 ? 80 : 443, bits);
        const draw = mix32(bits, 2);
        visitor(c, c.isIpv6 ? customerAddress(draw) : publicAddress(mix32(1, visitorOf(draw))));
        world.server(c, balancer(bits >>> 4));
        c.clientPort = highPort(mix32(bits, 3));
      },
    },
    backend: {
      weight: 6,
      client: 'load-balancer',
      server: 'web',
      views: views.inside,
      draw(c, bits) {
        request(c, 8080, bits);
        world.client(c, balancer(bits & 1));
        world.server(c, web(bits >>> 3));
      },
    },
    query: {
      weight: 5,
      client: 'web',
      server: 'database',
      views: views.inside,
      draw(c, bits) {
        request(c, 5432, bits);
        world.client(c, web(bits >>> 3));
        world.server(c, database((bits & 7) < 3 ? 1 : 0));
      },
    },
    call: {
      weight: 4,
      client: 'web',
      via: 'gateway',
      views: views.throughGateway,
      draw(c, bits) {
        request(c, 443, bits);
        world.client(c, web(bits >>> 3));
        const share = mix32(bits, 2) / 0x1_0000_0000;
        outsideServer(world, c, gateway, hosts[Math.floor(hosts.length * share * share)]!);
      },
    },
  };
}

function datagrams(world: World, outside: RandomSource): Record<'clock' | 'lookup' | 'metrics' | 'ping', Words> {
  const [balancer, web, ops] = ['load-balancer', 'web', 'ops'].map((role) => picker(world, role)) as Pickers;
  const gateway = picker(world, 'gateway')(0);
  const clocks = Float64Array.from({ length: 4 }, (_, i) => publicAddress(outside.at(1, i)));

  function fromWeb(c: Conversation, serverPort: number, bits: number): void {
    world.client(c, web(bits >>> 3));
    c.clientPort = ephemeralPort(mix32(bits, 4));
    c.serverPort = serverPort;
  }

  return {
    clock: {
      weight: 1,
      client: 'web',
      via: 'gateway',
      views: views.throughGateway,
      draw(c, bits) {
        carryDatagrams(c, 1, 76, 76);
        fromWeb(c, 123, bits);
        outsideServer(world, c, gateway, clocks[bits & 3]!);
      },
    },
    lookup: {
      weight: 2,
      client: 'web',
      server: 'ops',
      views: views.inside,
      draw(c, bits) {
        carryDatagrams(c, 1 + (bits & 1), 56 + ((bits >>> 8) & 31), 90 + ((bits >>> 13) & 127));
        fromWeb(c, 53, bits);
        world.server(c, ops(0));
      },
    },
    metrics: {
      weight: 1,
      client: 'web',
      server: 'ops',
      views: views.oneWay,
      draw(c, bits) {
        carryDatagrams(c, 1 + ((bits >>> 8) & 63), 60 + ((bits >>> 14) & 127), 0);
        fromWeb(c, 8125, bits);
        world.server(c, ops(0));
      },
    },
    ping: {
      weight: 1,
      server: 'load-balancer',
      isIcmp: true,
      views: views.fromInternet,
      draw(c, bits) {
        carryPings(c, 1 + ((bits >>> 8) & 7), 84);
        world.server(c, balancer(bits >>> 4));
        // Without ports only the address tells two pings of one window apart: a record is one of each 5-tuple.
        const draw = mix32(bits, 2);
        visitor(c, c.isIpv6 ? customerAddress(draw) : publicAddress(draw));
      },
    },
  };
}
