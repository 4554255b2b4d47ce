// A public fleet that is being mapped: on top of what every public address hears, one network goes through the ports of all of
// them, and finds the few that are open.

import { mix32 } from '../../core/random.ts';
import type { Flow, Preset } from '../preset.ts';
import { tcpFlags } from './conversation.ts';
import { anybody, hosts, publicAddress, serviceOfStranger, strangers } from './internet.ts';
import { play } from './play.ts';
import { rejectionsOf, type Reject } from './rejections.ts';
import { carry, talksOf } from './talk.ts';
import { World, type Member } from './world.ts';

const open = [22, 443];

const members: readonly Member[] = [
  { role: 'public', subnets: [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2], kind: 'instance' },
];

/** Hosts of the network that scans. */
const sweeperCount = 24;

/** Every second rejected record is the sweep's: one SYN to the next port, from one of a few hosts. */
function withSweep(world: World, usual: Reject): Reject {
  const fleet = world.role('public');
  return (flow: Flow, bits, isIpv6, isIcmp) => {
    usual(flow, bits, isIpv6, isIcmp);
    if (isIcmp === true || isIpv6 || (bits & 1) === 0) return;
    const draw = mix32(bits, 63);
    flow.interfaceIndex = fleet[draw % fleet.length]!;
    flow.srcAddress = publicAddress(0xb900_0000 + (draw % sweeperCount));
    flow.dstAddress = world.address(flow.interfaceIndex, false);
    flow.packetSrcAddress = flow.srcAddress;
    flow.packetDstAddress = flow.dstAddress;
    flow.srcService = serviceOfStranger(flow.srcAddress);
    flow.protocol = 6;
    flow.srcPort = 40_000 + ((draw >>> 8) % 20_000);
    flow.dstPort = 1 + (mix32(bits, 64) % 65_535);
    if (open.includes(flow.dstPort)) flow.dstPort++;
    flow.packets = 1;
    flow.bytes = 44;
    flow.tcpFlags = tcpFlags.syn;
  };
}

export const scan: Preset = {
  name: 'scan',
  summary: 'A public fleet while a network goes through all its ports: nine records of ten are rejected SYNs.',
  version: 2,
  mix: { reject: 0.9, nodata: 0.005, skipdata: 0.002 },
  pace: { kind: 'full' },
  open(random, options) {
    const world = new World({ region: 'us-east-1', members }, random.split('identity'), options);
    const talks = talksOf(world, [
      { weight: 6, client: strangers(20_000, 1), server: 'public', port: 443, carry: carry.tcp },
      { weight: 2, client: strangers(24, 9), server: 'public', port: open, carry: carry.tcp },
      { weight: 1, client: 'public', server: hosts(8, random.split('hosts')), port: 443, carry: carry.tcp },
      { weight: 1, client: anybody(3), server: 'public', carry: carry.ping, isIcmp: true },
      {
        weight: 1,
        client: 'public',
        server: hosts(2, random.split('logs')),
        port: 514,
        carry: carry.metrics,
        isOneWay: true,
      },
    ]);
    const usual = rejectionsOf(world, [{ weight: 1, role: 'public', kind: 'radiation', open }]);
    return [play({ world, talks, reject: withSweep(world, usual), random, options })];
  },
};
