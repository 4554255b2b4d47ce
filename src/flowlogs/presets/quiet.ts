// An account that hardly anybody uses: a bastion, a build server that wakes now and then, and forty interfaces of endpoints and
// stopped services that report NODATA minute by minute.

import type { Preset } from '../preset.ts';
import { anybody, hosts, strangers } from './internet.ts';
import { play } from './play.ts';
import { rejectionsOf } from './rejections.ts';
import { carry, talksOf } from './talk.ts';
import { World, type Member } from './world.ts';

const members: readonly Member[] = [
  { role: 'bastion', subnets: [0], kind: 'instance' },
  { role: 'build', subnets: [16], kind: 'instance' },
];

export const quiet: Preset = {
  name: 'quiet',
  summary: 'An account that is hardly used: nine lines of ten are NODATA of interfaces without traffic.',
  version: 2,
  mix: { reject: 0.5, nodata: 0.9, skipdata: 0 },
  pace: { kind: 'steady', linesPerMinute: 44 },
  open(random, options) {
    const world = new World({ region: 'eu-west-1', members }, random.split('identity'), options);
    const called = hosts(6, random.split('hosts'));
    const talks = talksOf(world, [
      { weight: 1, client: strangers(5, 1), server: 'bastion', port: 22, carry: carry.tcp },
      { weight: 1, client: 'bastion', server: 'build', port: 22, carry: carry.tcp },
      { weight: 2, client: 'build', server: called, port: 443, carry: carry.tcp },
      { weight: 2, client: 'build', server: called, port: 123, carry: carry.clock },
      { weight: 1, client: 'build', server: called, port: 514, carry: carry.metrics, isOneWay: true },
      { weight: 0, client: anybody(4), server: 'bastion', carry: carry.ping, isIcmp: true },
    ]);
    const reject = rejectionsOf(world, [
      { weight: 15, role: 'bastion', kind: 'radiation', open: [22] },
      { weight: 1, role: 'bastion', kind: 'late', open: [22] },
    ]);
    return [play({ world, talks, reject, random, options })];
  },
};
