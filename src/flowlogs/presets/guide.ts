// One small web server with a public address and Apache on it, as SigNoz's tutorial on VPC Flow Logs sets up: hardly anybody
// calls it but scanners (each public address of 26 sensors in AWS's Regions had about 19 packets a minute that nobody asked for:
// ieee-dataport.org, Cloud Telescope, May 2023).

import type { Preset } from '../preset.ts';
import { anybody, hosts, strangers } from './internet.ts';
import { play } from './play.ts';
import { rejectionsOf } from './rejections.ts';
import { carry, talksOf } from './talk.ts';
import { World } from './world.ts';

const open = [22, 80];

export const guide: Preset = {
  name: 'guide',
  summary: "One public EC2 instance with Apache, as SigNoz's tutorial sets it up: mostly scanners.",
  version: 2,
  mix: { reject: 0.68, nodata: 0, skipdata: 0 },
  pace: { kind: 'steady', linesPerMinute: 28, swing: 0.12 },
  open(random, options) {
    const members = [{ role: 'server', subnets: [16], kind: 'instance' }] as const;
    const world = new World({ region: 'us-east-1', members }, random.split('identity'), options);
    const clocks = hosts(4, random.split('clocks'));
    const talks = talksOf(world, [
      { weight: 8, client: strangers(4000, 1), server: 'server', port: 80, carry: carry.tcp },
      { weight: 1, client: strangers(12, 2), server: 'server', port: 22, carry: carry.tcp, isLasting: true },
      { weight: 3, client: 'server', server: hosts(12, random.split('hosts')), port: [443, 443, 80], carry: carry.tcp },
      { weight: 2, client: 'server', server: clocks, port: 123, carry: carry.clock },
      // Now and then a clock does not answer.
      { weight: 1, client: 'server', server: clocks, port: 123, carry: carry.clock, isOneWay: true },
      { weight: 1, client: anybody(3), server: 'server', carry: carry.ping, isIcmp: true },
    ]);
    const reject = rejectionsOf(world, [
      { weight: 30, role: 'server', kind: 'radiation', open },
      { weight: 2, role: 'server', kind: 'late', open },
    ]);
    return [play({ world, talks, reject, random, options, lastingShare: 0.1 })];
  },
};
