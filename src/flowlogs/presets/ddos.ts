// A web site under attack: ten quiet minutes, then reflected UDP and floods of SYNs that a network ACL turns away, from more
// addresses than any list could hold, and flow logs that skip records under the load; after ten minutes it ebbs.

import { mix32 } from '../../core/random.ts';
import type { Flow, Preset } from '../preset.ts';
import { tcpFlags } from './conversation.ts';
import { anybody, hosts, publicAddress, serviceOfStranger, strangers } from './internet.ts';
import { play } from './play.ts';
import { rejectionsOf, type Reject } from './rejections.ts';
import { carry, talksOf } from './talk.ts';
import { World, type Member } from './world.ts';

const members: readonly Member[] = [
  { role: 'front', subnets: [0, 1, 2], kind: 'managed' },
  { role: 'web', subnets: [16, 17, 18, 16, 17, 18], kind: 'instance' },
];

const open = [443];

/** Source ports of services that answer more than they are asked, and how large their answers are. */
const reflectors = [
  { port: 123, bytes: 468 },
  { port: 53, bytes: 1340 },
  { port: 389, bytes: 1432 },
  { port: 11_211, bytes: 1400 },
  { port: 1900, bytes: 320 },
] as const;

/** Nine rejected records of ten are the attack's, at one of the addresses in front. */
function withFlood(world: World, usual: Reject): Reject {
  if (!world.records('front')) return usual;
  const targets = world.role('front');
  return (flow: Flow, bits, isIpv6, isIcmp) => {
    usual(flow, bits, isIpv6, isIcmp);
    if (isIcmp === true || isIpv6 || bits % 10 === 0) return;
    const draw = mix32(bits, 65);
    flow.interfaceIndex = targets[0]!;
    flow.srcAddress = publicAddress(mix32(bits, 66));
    flow.dstAddress = world.address(targets[0]!, false);
    flow.packetSrcAddress = flow.srcAddress;
    flow.packetDstAddress = flow.dstAddress;
    flow.srcService = serviceOfStranger(flow.srcAddress);
    if (draw & 3) fillReflected(flow, draw);
    else fillSynFlood(flow, draw);
  };
}

function fillReflected(flow: Flow, draw: number): void {
  const reflector = reflectors[(draw >>> 2) % reflectors.length]!;
  flow.protocol = 17;
  flow.srcPort = reflector.port;
  flow.dstPort = 1024 + ((draw >>> 5) % 64_000);
  flow.packets = 20 + ((draw >>> 8) & 4095);
  flow.bytes = flow.packets * reflector.bytes;
  flow.tcpFlags = 0;
}

function fillSynFlood(flow: Flow, draw: number): void {
  flow.protocol = 6;
  flow.srcPort = 1024 + ((draw >>> 5) % 64_000);
  // The ACL lets nobody but the site's own content delivery network through to this port while the attack lasts.
  flow.dstPort = 80;
  flow.packets = 1 + ((draw >>> 8) & 255);
  flow.bytes = flow.packets * 40;
  flow.tcpFlags = tcpFlags.syn;
}

export const ddos: Preset = {
  name: 'ddos',
  summary:
    'A web site before, under and after an attack: reflected UDP and SYN floods rejected, records skipped under the load.',
  version: 2,
  mix: { reject: 0.05, nodata: 0.005, skipdata: 0.0005 },
  phases: [
    { fromMinute: 5, reject: 0.88, skipdata: 0.03 },
    { fromMinute: 15, reject: 0.3, skipdata: 0.005 },
    { fromMinute: 20, reject: 0.05, skipdata: 0.0005 },
  ],
  pace: { kind: 'full' },
  open(random, options) {
    const world = new World({ region: 'us-east-1', members }, random.split('identity'), options);
    const talks = talksOf(world, [
      { weight: 8, client: strangers(60_000, 1), server: 'front', port: 443, carry: carry.tcp },
      { weight: 5, client: 'front', server: 'web', port: 8443, carry: carry.tcp },
      { weight: 2, client: 'front', server: 'web', port: 8443, carry: carry.tcp, isLasting: true },
      { weight: 1, client: 'web', server: hosts(8, random.split('hosts')), port: 443, carry: carry.tcp },
      {
        weight: 1,
        client: 'web',
        server: hosts(2, random.split('logs')),
        port: 514,
        carry: carry.metrics,
        isOneWay: true,
      },
      { weight: 0, client: anybody(3), server: 'front', carry: carry.ping, isIcmp: true },
    ]);
    const usual = rejectionsOf(world, [
      { weight: 8, role: 'front', kind: 'radiation', open },
      { weight: 1, role: 'front', kind: 'late', open },
    ]);
    return [play({ world, talks, reject: withFlood(world, usual), random, options, lastingShare: 0.1 })];
  },
};
