// A dual-stack VPC: load balancers and servers with addresses of both families, half of the traffic over IPv6, which needs no
// NAT and which hardly anybody scans. It follows the day.

import type { Preset } from '../preset.ts';
import { anybody, hosts, service, strangers } from './internet.ts';
import { play } from './play.ts';
import { rejectionsOf } from './rejections.ts';
import { carry, talksOf } from './talk.ts';
import { World, type Member } from './world.ts';

const members: readonly Member[] = [
  { role: 'front', subnets: [0, 1], kind: 'managed' },
  { role: 'web', subnets: [16, 17, 16, 17], kind: 'instance' },
  { role: 'database', subnets: [48, 49], kind: 'managed' },
];

export const ipv6: Preset = {
  name: 'ipv6',
  summary: 'A dual-stack VPC: half of the conversations over IPv6, ICMPv6 among them, with a day and a night.',
  version: 2,
  mix: { reject: 0.06, nodata: 0.02, skipdata: 0.0005, ipv6: 0.55, icmp: 0.02 },
  pace: { kind: 'steady', linesPerMinute: 900, swing: 0.6 },
  open(random, options) {
    const world = new World({ region: 'ap-northeast-1', members }, random.split('identity'), options);
    const called = hosts(32, random.split('hosts'));
    const talks = talksOf(world, [
      { weight: 10, client: strangers(50_000, 1), server: 'front', port: [443, 443, 443, 80], carry: carry.tcp },
      { weight: 4, client: strangers(50_000, 1), server: 'front', port: 443, carry: carry.udp },
      { weight: 7, client: 'front', server: 'web', port: 8080, carry: carry.tcp },
      { weight: 3, client: 'web', server: 'database', port: 5432, carry: carry.tcp },
      { weight: 3, client: 'web', server: 'database', port: 5432, carry: carry.tcp, isLasting: true },
      { weight: 3, client: 'web', server: called, port: 443, carry: carry.tcp },
      {
        weight: 1,
        client: 'web',
        server: service('S3', { hasEndpoint: true }),
        port: 443,
        carry: carry.tcp,
        family: 'ipv4',
      },
      { weight: 1, client: 'web', server: called, port: 123, carry: carry.clock },
      { weight: 1, client: 'web', server: called, port: 514, carry: carry.metrics, isOneWay: true },
      { weight: 1, client: anybody(3), server: 'front', carry: carry.ping, isIcmp: true },
    ]);
    const reject = rejectionsOf(world, [
      { weight: 8, role: 'front', kind: 'radiation', open: [80, 443] },
      { weight: 2, role: 'front', kind: 'late', open: [80, 443] },
      { weight: 1, role: 'web', kind: 'denied', open: [25, 22] },
    ]);
    return [play({ world, talks, reject, random, options, lastingShare: 0.15, ipv6Share: 0.55 })];
  },
};
