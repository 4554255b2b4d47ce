// Talks in words: who speaks to whom, at which port, and what is carried. A world turns the words into conversations.

import { mix32 } from '../../core/random.ts';
import { carryDatagrams, carryKnock, carryPings, carryTcpFlow, carryUdpFlow } from './carry.ts';
import { ephemeralPort, highPort, parties, views, type Conversation, type View } from './conversation.ts';
import type { Talk } from './score.ts';
import type { World } from './world.ts';

/** Gives an outsider its address (and what AWS knows of it) for 32 bits: as the client or the server of a conversation. */
export type Outsider = (conversation: Conversation, as: 'client' | 'server', bits: number) => void;

/** A role of the world, or somebody outside. */
export type Speaker = string | Outsider;

/** What is carried; sets protocol, counters and flags, and may change ports. */
export type Carry = (conversation: Conversation, bits: number) => void;

export interface TalkWords {
  /** A whole number; 0 for what comes only where its family and kind are asked for. */
  readonly weight: number;
  readonly client: Speaker;
  readonly server: Speaker;
  /** The role of the gateway between an interface and an outsider: a NAT gateway, or what `through` says. */
  readonly via?: string;
  readonly through?: 'nat' | 'regional-nat' | 'transit';
  /** Of the server; one of several by chance. */
  readonly port?: number | readonly number[];
  readonly carry: Carry;
  readonly isIcmp?: boolean;
  readonly isOneWay?: boolean;
  readonly isLasting?: boolean;
  readonly family?: 'ipv4' | 'ipv6';
  /** Changes what a conversation of this talk is. */
  readonly also?: (conversation: Conversation, bits: number) => void;
}

export const carry = {
  tcp: carryTcpFlow,
  udp: carryUdpFlow,
  ping: (conversation, bits) => carryPings(conversation, 1 + ((bits >>> 8) & 31), 84),
  /** Questions to a name server and their answers. */
  lookup: (conversation, bits) =>
    carryDatagrams(conversation, 1 + (bits & 1), 56 + ((bits >>> 8) & 31), 90 + ((bits >>> 13) & 127)),
  /** NTP: 48 bytes behind the headers of IP and UDP. */
  clock: (conversation) => carryDatagrams(conversation, 1, 76, 76),
  /** One SYN, to which nobody answers. */
  knock: (conversation, bits) => carryKnock(conversation, bits),
  metrics: (conversation, bits) => carryDatagrams(conversation, 1 + ((bits >>> 8) & 63), 60 + ((bits >>> 14) & 127), 0),
} as const satisfies Readonly<Record<string, Carry>>;

/** The talks that the words stand for, without those that the world's flow log sees nothing of. */
export function talksOf(world: World, words: readonly TalkWords[]): readonly Talk[] {
  return words.flatMap((each) => talkOf(world, each) ?? []);
}

/** The talk that the words stand for, with the views that the world's flow log records; undefined where it records none. */
export function talkOf(world: World, words: TalkWords): Talk | undefined {
  const { via } = words;
  const seen = seenViews(world, viewsOf(words), words);
  if (seen.length === 0) return undefined;
  return {
    weight: words.weight,
    views: seen,
    draw: drawOf(world, words),
    isIcmp: words.isIcmp ?? false,
    isLasting: words.isLasting ?? false,
    ...(words.family && { family: words.family }),
    // No gateway of this kind translates IPv6.
    ...(via !== undefined && words.through !== 'transit' && { family: 'ipv4' }),
  };
}

/** The views of which the flow log records the interface. Of a part of its interfaces a conversation is told wholly, or not at all. */
export function seenViews(
  world: World,
  all: readonly View[],
  { client, server, via }: Pick<TalkWords, 'client' | 'server' | 'via'>,
): readonly View[] {
  const roles = { [parties.client]: client, [parties.server]: server, [parties.gateway]: via };
  const seen = all.filter(({ recorder }) => {
    const role = roles[recorder];
    return typeof role === 'string' && world.records(role);
  });
  return world.isPart && seen.length < all.length ? [] : seen;
}

function viewsOf({ client, server, via, through = 'nat', isOneWay = false }: TalkWords): readonly View[] {
  if (via !== undefined) return gatewayViews[through];
  if (typeof client !== 'string') return isOneWay ? views.inOnly : views.fromInternet;
  if (typeof server !== 'string') return isOneWay ? views.outOnly : views.toInternet;
  return isOneWay ? views.oneWay : views.inside;
}

const gatewayViews = {
  nat: views.throughGateway,
  'regional-nat': views.throughRegionalGateway,
  transit: views.throughTransit,
} as const;

function drawOf(world: World, words: TalkWords): Talk['draw'] {
  const { client, server, via, port = 0, carry: carried, also } = words;
  const ports = Uint16Array.from(typeof port === 'number' ? [port] : port);
  const pick = (role: string, draw: number): number => {
    const members = world.role(role);
    return members[draw % members.length]!;
  };
  return (conversation, bits) => {
    if (typeof client === 'string') world.client(conversation, pick(client, mix32(bits, 5)));
    else {
      conversation.clientIndex = -1;
      client(conversation, 'client', mix32(bits, 2));
    }
    if (typeof server === 'string') world.server(conversation, pick(server, mix32(bits, 6)));
    else {
      conversation.serverIndex = -1;
      server(conversation, 'server', mix32(bits, 3));
    }
    if (via !== undefined) world.gateway(conversation, pick(via, mix32(bits, 7)));
    conversation.clientPort = typeof client === 'string' ? ephemeralPort(mix32(bits, 4)) : highPort(mix32(bits, 4));
    conversation.serverPort = ports[(bits >>> 24) % ports.length]!;
    carried(conversation, bits);
    also?.(conversation, bits);
  };
}
