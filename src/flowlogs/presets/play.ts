// Plays the talks of a world as a traffic: which conversation record i of a batch is of, how long it has lasted, and what its
// record says. Presets differ in their worlds and talks; all that is random access is here.

import { mix32, type RandomSource } from '../../core/random.ts';
import { accountNumber, hexId } from '../ids.ts';
import { portKeeper } from '../port-shares.ts';
import { parts, type Batch, type FieldValues, type Traffic, type TrafficOptions } from '../preset.ts';
import { transitGatewayOf } from '../transit-gateway.ts';
import { carryOn, carryTcp, widenHeaders } from './carry.ts';
import { clear, newConversation, paths, show, type Conversation } from './conversation.ts';
import { copyFound, isSameConversation, newFound, scoreFinder, type Find, type Found } from './find.ts';
import { internetPrefixes, neighbours } from './internet.ts';
import type { Reject } from './rejections.ts';
import type { Talk } from './score.ts';
import { carry, talkOf, type Speaker } from './talk.ts';
import { interfaceValues, zoneId, type World } from './world.ts';

export interface Play {
  readonly world: World;
  readonly talks: readonly Talk[];
  /** The talk that becomes a flow of 2^31 bytes in each 10,000 records; none where absent. */
  readonly bulkTalk?: Talk;
  /** Share of the accepted records that is of conversations that last for several windows. */
  readonly lastingShare?: number;
  /** Share of conversations in IPv6 where the plan gives none. */
  readonly ipv6Share?: number;
  readonly reject: Reject;
  readonly random: RandomSource;
  readonly options: TrafficOptions;
  /** What idle interfaces say besides their place. */
  readonly idle?: (index: number) => FieldValues;
  /** Another order of the conversations where nothing is asked of family or kind. */
  readonly natural?: Find;
}

/** The smallest number of bytes that does not fit into a signed 32-bit integer. */
const bulkBytes = 2 ** 31;

/** Hardly anybody scans IPv6 (blog.webernetz.net/internets-noise: a day without a single scan). */
const rejectedIpv6 = 0.05;

const isIcmpPart = (part: number): boolean => part === parts.icmp || part === parts.icmpv6;
const isIpv6Part = (part: number): boolean => part === parts.ipv6 || part === parts.icmpv6;

export function play(piece: Play): Traffic {
  const { world, random, reject } = piece;
  const identity = random.split('identity');
  const scans = random.split('scans');
  const { vpcs, region } = world;
  const attached = [...vpcs, ...(vpcs.length > 1 ? [] : [neighbour(identity)])];
  const ipv6Below = (piece.ipv6Share ?? 0) * 0x1_0000_0000;
  return {
    accountId: vpcs[0]!.accountId,
    region,
    flowLogId: `fl-${hexId(identity, 100)}`,
    interfaces: world.interfaces,
    recorded: Int32Array.from(world.recorded.keys()).filter((index) => world.recorded[index] === 1),
    idleValues: (index) => ({ ...idleValues(world, identity, index), ...piece.idle?.(index) }),
    transitGateway: transitGatewayOf(
      world.interfaces[0]!.values,
      attached.map((vpc, i) => ({ ...vpc, azId: zoneId(region, i) })),
      random.split('transit gateway'),
    ),
    ipv6Prefixes: [...internetPrefixes, ...world.ipv6Prefixes],
    hasIpv6: ipv6Below > 0,
    roles: world.recordable,
    hasBulk: (piece.bulkTalk?.views.length ?? 0) > 0,
    accepted: acceptedBy(piece, ipv6Below),
    rejected(flow, batch, part, index) {
      const bits = scans.at(batch.id, part === parts.any ? index : part * 4096 + index);
      if (part === parts.any)
        reject(flow, bits, ipv6Below > 0 && mix32(bits, 31) < ipv6Below * rejectedIpv6, undefined);
      else reject(flow, bits, isIpv6Part(part), isIcmpPart(part));
      flow.windows = 1;
    },
  };
}

/** A VPC on the other side of the transit gateway, where the world has but one. */
function neighbour(identity: RandomSource): { accountId: string; vpcId: string } {
  return { accountId: accountNumber(identity, 201), vpcId: `vpc-${hexId(identity, 203)}` };
}

/** Spare instances, in subnets of their own. */
function idleValues(world: World, random: RandomSource, index: number): FieldValues {
  return interfaceValues({
    random,
    vpc: world.vpcs[0]!,
    subnet: 192 + (index % 48),
    interfaceId: '-',
    kind: 'instance',
    region: world.region,
    role: 'spare',
    index: 1000 + index,
  });
}

function acceptedBy(piece: Play, ipv6Below: number): Traffic['accepted'] {
  const { options } = piece;
  const keepPorts = options.ports && portKeeper(options.ports);
  const finders = Object.values(parts).map((part) => {
    if (part === parts.any && piece.natural && !isOnePort(piece)) return piece.natural;
    return scoreFinder({
      talks: talksOf(piece, part),
      random: piece.random.split('conversations'),
      lastingShare: piece.lastingShare ?? 0,
      part,
      aggregationMinutes: options.aggregationMinutes,
      bulkTalk: piece.bulkTalk,
    });
  });
  const conversation = newConversation(-1, 0);
  const found = newFound(talksOf(piece, parts.any)[0]!);
  const drawn = { ...found, bits: -1 };
  return (flow, batch: Batch, part, index) => {
    finders[part]!(found, batch, index);
    const { talk, bits } = found;
    const isIpv6 =
      part === parts.any
        ? talk.family === 'ipv6' || (ipv6Below > 0 && talk.family !== 'ipv4' && mix32(bits, 31) < ipv6Below)
        : isIpv6Part(part);
    // Records in order are views of the same conversation, three of four times.
    if (isIpv6 !== conversation.isIpv6 || !isSameConversation(found, drawn)) {
      copyFound(drawn, found);
      conversation.isIpv6 = isIpv6;
      drawConversation(conversation, found);
    }
    show(flow, conversation, found.view, bits);
    keepPorts?.(flow, found.view.isBackward);
  };
}

function drawConversation(conversation: Conversation, found: Found): void {
  const { talk, bits } = found;
  clear(conversation);
  talk.draw(conversation, bits);
  if (found.isBulk) carryTcp(conversation, 400, bulkBytes + (bits >>> 2));
  else if (found.stage !== undefined) carryOn(conversation, found.windowBits, found.stage);
  if (found.windows > 1) conversation.windows = found.windows;
  if (conversation.isIpv6) widenHeaders(conversation);
}

function isOnePort({ options: { ports } }: Play): boolean {
  return ports !== undefined && 'only' in ports;
}

/**
 * The talks of a part. Where the preset has none of the kind, or its flow log sees none, two interfaces of it speak; and where they
 * are not both asked for, one with a host of a peered VPC.
 */
function talksOf(piece: Play, part: number): readonly Talk[] {
  const { talks, world } = piece;
  if (part === parts.any) {
    const usual = talks.filter(({ weight, isIcmp }) => weight > 0 && !(isIcmp && isOnePort(piece)));
    return usual.length > 0 ? usual : [talkOf(world, { weight: 1, ...withPeer(world), port: 443, carry: carry.tcp })!];
  }
  const family = isIpv6Part(part) ? 'ipv4' : 'ipv6';
  const fitting = talks.filter((talk) => (talk.isIcmp ?? false) === isIcmpPart(part) && talk.family !== family);
  if (fitting.length > 0) return fitting.map((talk) => ({ ...talk, weight: talk.weight || 1 }));
  const spare = isIcmpPart(part)
    ? { weight: 1, carry: carry.ping, isIcmp: true }
    : { weight: 1, port: 443, carry: carry.tcp };
  const [first, second] = world.roleNames as [string, string];
  return [
    talkOf(world, { ...spare, client: second, server: first }) ?? talkOf(world, { ...spare, ...withPeer(world) })!,
  ];
}

function withPeer(world: World): { client: Speaker; server: Speaker } {
  return { client: neighbours(6, paths.peering), server: world.recordedRole };
}
