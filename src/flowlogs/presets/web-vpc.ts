// A web shop's VPC: two load-balancer nodes in front of six web servers, a database with a reader, one host for operations
// (metrics, name service) and a NAT gateway for calls to the internet, which in turn scans what it can reach.
//
// Accepted records come in groups of twelve: a few conversations with all their views. So a record is found from its index
// alone, and both ends of a conversation tell the same story.

import { invariant } from '../../core/errors.ts';
import type { RandomSource } from '../../core/random.ts';
import type { Batch, Flow, Preset, Traffic, TrafficOptions } from '../preset.ts';
import { tcpFlags, type View } from './conversation.ts';
import type { Find, Found } from './find.ts';
import { serviceOfStranger } from './internet.ts';
import { play } from './play.ts';
import { clearRejection, rejectionsOf, scanFlags, type Reject } from './rejections.ts';
import { fillScan } from './scans.ts';
import type { Talk } from './score.ts';
import { talksOf, type Talks } from './web-vpc-talks.ts';
import { World, type Member } from './world.ts';

/** An availability zone has subnets of its own; each interface has twenty addresses of its own to choose from. */
const host = (index: number, random: RandomSource): number => 4 + index * 20 + random.below(20, 1 + index, 9);

/** The first four are reachable from the internet, so two bits choose whom a scanner tries. */
const cast: readonly Member[] = [
  { role: 'load-balancer', subnets: [0, 1], kind: 'managed', host },
  { role: 'gateway', subnets: [0], kind: 'nat_gateway', host },
  { role: 'ops', subnets: [1], kind: 'instance', host },
  { role: 'web', subnets: [16, 32, 16, 32, 16, 32], kind: 'instance', host },
  { role: 'database', subnets: [48, 49], kind: 'managed', host },
];

/** Open to everyone at the load balancer. */
const openPorts = [80, 443];

export const webVpc: Preset = {
  name: 'web-vpc',
  summary: 'A web shop: load balancer, web servers, database, calls out through a NAT gateway, scanners turned away.',
  version: 3,
  mix: { reject: 0.18, nodata: 0.02, skipdata: 0.001 },
  pace: { kind: 'full' },
  open: (random, options) => [openWebVpc(random, options)],
};

function openWebVpc(random: RandomSource, options: TrafficOptions): Traffic {
  const world = new World({ region: 'us-east-1', members: cast }, random.split('identity'), options);
  const all = talksOf(world, random.split('hosts'));
  return play({
    world,
    talks: Object.values(all).filter(({ views: seen }) => seen.length > 0),
    bulkTalk: all.visit,
    reject: rejectedBy(world),
    random,
    options,
    ...(options.scope === 'vpc' && !world.isPart && { natural: inGroups(all, random.split('conversations')) }),
  });
}

/** Scans of the four public interfaces. What comes to an open port of the load balancer is late for its connection. */
function rejectedBy(world: World): Reject {
  const { interfaces } = world;
  const asked = rejectionsOf(world, [
    { weight: 2, role: 'load-balancer', kind: 'radiation', open: openPorts },
    { weight: 1, role: 'gateway', kind: 'radiation', open: [] },
    { weight: 1, role: 'ops', kind: 'radiation', open: [] },
  ]);
  const { recordsAll } = world;
  return (flow, bits, isIpv6, isIcmp) => {
    if (isIcmp === undefined && recordsAll) fillNatural(flow, bits, interfaces);
    else asked(flow, bits, isIpv6, isIcmp);
  };
}

function fillNatural(flow: Flow, bits: number, interfaces: World['interfaces']): void {
  flow.interfaceIndex = bits >>> 30;
  fillScan(flow, interfaces[flow.interfaceIndex]!.address, bits);
  if (!flow.hasDetails) return;
  clearRejection(flow);
  flow.packetSrcAddress = flow.srcAddress;
  flow.packetDstAddress = flow.dstAddress;
  flow.srcService = serviceOfStranger(flow.srcAddress);
  const isLate = flow.interfaceIndex < 2 && openPorts.includes(flow.dstPort);
  flow.tcpFlags = flow.protocol !== 6 ? 0 : isLate ? (bits & 1 ? tcpFlags.rst : 0) : scanFlags(bits);
}

/** The place of one record in its group. */
interface Place {
  readonly talk: Talk;
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
  return group.flatMap((talk, ordinal) => talk.views.map((view) => ({ talk, ordinal, view })));
}

/** Finds a record in the groups: which comes when depends on the batch, so that none comes at a beat. */
function inGroups(all: Talks, conversations: RandomSource): Find {
  const groups = groupPatterns(all);
  return (found: Found, batch: Batch, index: number) => {
    // Math.floor would make a fraction of it.
    const group = (index / groupSize) | 0;
    const place = groups[(group + batch.id) % groups.length]![index - group * groupSize]!;
    found.talk = place.talk;
    found.view = place.view;
    found.bits = conversations.at(batch.id, group * groupSize + place.ordinal);
    found.isBulk = batch.hasBulk && group === 0 && place.ordinal === 0;
  };
}
