// Workers in private subnets that only call out, through a zonal NAT gateway in each of two zones: six records a conversation and
// window. What they keep in S3 and DynamoDB goes by gateway endpoints, past the NAT.

import type { Preset } from '../preset.ts';
import { paths } from './conversation.ts';
import { hosts, neighbours, service, strangers } from './internet.ts';
import { play } from './play.ts';
import { rejectionsOf } from './rejections.ts';
import { carry, talksOf } from './talk.ts';
import { World, type Member } from './world.ts';

const members: readonly Member[] = [
  { role: 'worker-a', subnets: [16, 16, 16, 16, 16], kind: 'instance' },
  { role: 'worker-b', subnets: [17, 17, 17, 17, 17], kind: 'instance' },
  { role: 'nat-a', subnets: [0], kind: 'nat_gateway' },
  { role: 'nat-b', subnets: [1], kind: 'nat_gateway' },
  { role: 'resolver', subnets: [32, 33], kind: 'instance' },
];

/** What strangers knock at. */
const knocked = [23, 22, 80, 443, 445, 8080, 3389, 5900, 6379, 2323, 8443, 5060];

export const natEgress: Preset = {
  name: 'nat-egress',
  summary: 'Private workers that call out through zonal NAT gateways: six records a conversation, S3 by its endpoint.',
  version: 2,
  mix: { reject: 0.04, nodata: 0.01, skipdata: 0.0005 },
  pace: { kind: 'full' },
  open(random, options) {
    const world = new World({ region: 'eu-west-1', members }, random.split('identity'), options);
    const called = hosts(64, random.split('hosts'));
    const office = neighbours(3, paths.virtualPrivateGateway);
    const clocks = hosts(4, random.split('clocks'));
    const talks = talksOf(
      world,
      (['a', 'b'] as const).flatMap((zone) => {
        const client = `worker-${zone}`;
        const via = `nat-${zone}`;
        return [
          { weight: 10, client, server: called, via, port: [443, 443, 443, 80], carry: carry.tcp },
          { weight: 3, client, server: called, via, port: 443, carry: carry.tcp, isLasting: true },
          { weight: 2, client, server: service('EC2'), via, port: 443, carry: carry.tcp },
          { weight: 1, client, server: clocks, via, port: 123, carry: carry.clock },
          { weight: 6, client, server: service('S3', { hasEndpoint: true }), port: 443, carry: carry.tcp },
          { weight: 3, client, server: service('DYNAMODB', { hasEndpoint: true }), port: 443, carry: carry.tcp },
          { weight: 4, client, server: 'resolver', port: 53, carry: carry.lookup },
          // No rule stands before a NAT gateway, which drops what nobody asked for after it was accepted
          // (repost.aws/knowledge-center/vpc-analyze-inbound-traffic-nat-gateway).
          { weight: 3, client: strangers(4000, 5), server: via, port: knocked, carry: carry.knock, isOneWay: true },
          { weight: 0, client, server: office, carry: carry.ping, isIcmp: true },
        ];
      }),
    );
    const open = [25, 6667, 3333];
    const reject = rejectionsOf(world, [
      { weight: 1, role: 'worker-a', kind: 'denied', open },
      { weight: 1, role: 'worker-b', kind: 'denied', open },
    ]);
    return [play({ world, talks, reject, random, options, lastingShare: 0.2 })];
  },
};
