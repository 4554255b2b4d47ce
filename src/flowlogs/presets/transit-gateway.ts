// Three VPCs and a data centre behind one transit gateway, whose own flow log (format tgw) tells each flow where it comes in and
// where it goes out. In any other format it is the first VPC's flow log, with the gateway's interfaces in it.

import type { Preset, TrafficOptions } from '../preset.ts';
import { paths } from './conversation.ts';
import { neighbours } from './internet.ts';
import { play } from './play.ts';
import { rejectionsOf } from './rejections.ts';
import { carry, talksOf, type TalkWords } from './talk.ts';
import { World, type Member } from './world.ts';

const members: readonly Member[] = [
  { role: 'app', subnets: [16, 17, 16, 17, 16], kind: 'instance' },
  { role: 'gateway', subnets: [0, 1], kind: 'transit_gateway' },
  { role: 'data', subnets: [16, 17, 16], kind: 'instance', vpc: 1 },
  { role: 'shared', subnets: [16, 17], kind: 'instance', vpc: 2 },
];

const office = neighbours(3, paths.inside);
const otherVpc = neighbours(7, paths.inside);

/** As the gateway sees it: both ends are of VPCs that hang on it, or one of them is of the data centre. */
const acrossGateway: readonly TalkWords[] = [
  { weight: 8, client: 'app', server: 'data', port: [5432, 9042, 9200], carry: carry.tcp },
  { weight: 4, client: 'app', server: 'data', port: 5432, carry: carry.tcp, isLasting: true },
  { weight: 5, client: 'app', server: 'shared', port: [443, 389, 8200], carry: carry.tcp },
  { weight: 3, client: 'data', server: 'shared', port: [443, 514], carry: carry.tcp },
  { weight: 4, client: 'app', server: 'shared', port: 53, carry: carry.lookup },
  { weight: 4, client: office, server: 'app', port: [443, 22, 3389], carry: carry.tcp },
  { weight: 2, client: 'data', server: office, port: [1433, 445], carry: carry.tcp },
  { weight: 1, client: 'app', server: office, port: 514, carry: carry.metrics, isOneWay: true },
  { weight: 1, client: 'app', server: office, carry: carry.ping, isIcmp: true },
];

/** As the first VPC sees it: what comes by the gateway's interfaces, and what goes out to them. */
const atVpc: readonly TalkWords[] = [
  { weight: 6, client: otherVpc, server: 'app', via: 'gateway', through: 'transit', port: 443, carry: carry.tcp },
  { weight: 3, client: office, server: 'app', via: 'gateway', through: 'transit', port: [22, 3389], carry: carry.tcp },
  { weight: 8, client: 'app', server: otherVpc, port: [5432, 9042, 9200], carry: carry.tcp },
  { weight: 4, client: 'app', server: otherVpc, port: 5432, carry: carry.tcp, isLasting: true },
  { weight: 3, client: 'app', server: otherVpc, port: 53, carry: carry.lookup },
  { weight: 1, client: 'app', server: office, port: 514, carry: carry.metrics, isOneWay: true },
  { weight: 1, client: 'app', server: office, carry: carry.ping, isIcmp: true },
];

export const transitGateway: Preset = {
  name: 'transit-gateway',
  summary:
    'Three VPCs and a data centre behind a transit gateway, in its own format tgw: both attachments of each flow, and losses.',
  version: 1,
  format: 'tgw',
  mix: { reject: 0.02, nodata: 0.02, skipdata: 0.0005 },
  pace: { kind: 'full' },
  open: (random, options) => {
    const world = new World({ region: 'us-east-1', vpcCount: 3, members }, random.split('identity'), options);
    const talks = talksOf(world, wordsFor(options));
    const reject = rejectionsOf(world, [
      { weight: 3, role: 'app', kind: 'denied', open: [23, 161, 8443], peer: office },
      { weight: 1, role: 'data', kind: 'denied', open: [25, 53], peer: office },
    ]);
    return [play({ world, talks, reject, random, options, lastingShare: 0.3 })];
  },
};

function wordsFor({ recorder }: TrafficOptions): readonly TalkWords[] {
  return recorder === 'transit-gateway' ? acrossGateway : atVpc;
}
