// One company in three Regions and two accounts: three flow logs with ids and folders of their own in one bucket, whose objects take
// turns, and whose days are at different hours.

import type { RandomSource } from '../../core/random.ts';
import { accountNumber } from '../ids.ts';
import type { Preset, Traffic, TrafficOptions } from '../preset.ts';
import { paths } from './conversation.ts';
import { hosts, neighbours, strangers } from './internet.ts';
import { play } from './play.ts';
import { rejectionsOf } from './rejections.ts';
import { carry, talksOf } from './talk.ts';
import { World, type Member } from './world.ts';

const regions = [
  { region: 'us-east-1', account: 0 },
  { region: 'eu-west-1', account: 0 },
  { region: 'ap-southeast-2', account: 1 },
] as const;

const members: readonly Member[] = [
  { role: 'front', subnets: [0, 1], kind: 'network_load_balancer' },
  { role: 'app', subnets: [16, 17, 16, 17], kind: 'instance' },
  { role: 'store', subnets: [48], kind: 'managed' },
];

export const multiRegion: Preset = {
  name: 'multi-region',
  summary:
    'Three Regions and two accounts in one bucket: three flow logs, each with its own day, peered with each other.',
  version: 2,
  mix: { reject: 0.08, nodata: 0.02, skipdata: 0.0005 },
  pace: { kind: 'steady', linesPerMinute: 600, swing: 0.6 },
  open(random, options) {
    const accounts = [0, 1].map((i) => accountNumber(random.split('accounts'), i * 10));
    return regions.map(({ region, account }) => openRegion(region, accounts[account]!, random.split(region), options));
  },
};

function openRegion(region: string, accountId: string, random: RandomSource, options: TrafficOptions): Traffic {
  const world = new World({ region, accountId, members }, random.split('identity'), options);
  const abroad = neighbours(5, paths.peeringAbroad);
  const talks = talksOf(world, [
    { weight: 8, client: strangers(30_000, 1), server: 'front', port: 443, carry: carry.tcp },
    { weight: 6, client: 'front', server: 'app', port: 8080, carry: carry.tcp },
    { weight: 4, client: 'app', server: 'store', port: 6379, carry: carry.tcp, isLasting: true },
    { weight: 3, client: 'app', server: abroad, port: [5432, 9092], carry: carry.tcp },
    { weight: 2, client: abroad, server: 'app', port: 9092, carry: carry.tcp, isLasting: true },
    { weight: 2, client: 'app', server: hosts(20, random.split('hosts')), port: 443, carry: carry.tcp },
    { weight: 1, client: 'app', server: abroad, port: 514, carry: carry.metrics, isOneWay: true },
    { weight: 1, client: abroad, server: 'app', carry: carry.ping, isIcmp: true },
  ]);
  const reject = rejectionsOf(world, [
    { weight: 10, role: 'front', kind: 'radiation', open: [443] },
    { weight: 2, role: 'front', kind: 'late', open: [443] },
  ]);
  return play({ world, talks, reject, random, options, lastingShare: 0.15 });
}
