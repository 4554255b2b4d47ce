// A VPC that its owner shares with two other accounts, which have their interfaces in its subnets: the flow log is the owner's, the
// `account-id` of each record that of its interface's owner, or `unknown` for interfaces that AWS made for a service (Amazon VPC
// User Guide, "Flow log records", account-id).

import type { RandomSource } from '../../core/random.ts';
import { accountNumber } from '../ids.ts';
import type { FieldValues, Preset } from '../preset.ts';
import { anybody, hosts, service, strangers } from './internet.ts';
import { play } from './play.ts';
import { rejectionsOf } from './rejections.ts';
import { carry, talksOf } from './talk.ts';
import { World, type Member } from './world.ts';

/** The participant with a number. */
function ofParticipant(number: number): (ordinal: number, random: RandomSource) => FieldValues {
  return (_, random) => ({ 'account-id': accountNumber(random, 301 + number * 10) });
}

const unknown = (): FieldValues => ({ 'account-id': 'unknown' });

const members: readonly Member[] = [
  { role: 'portal', subnets: [16, 17, 16, 17], kind: 'instance', values: ofParticipant(1) },
  { role: 'analytics', subnets: [32, 33, 32], kind: 'instance', values: ofParticipant(2) },
  { role: 'platform', subnets: [48, 49], kind: 'instance' },
  { role: 'balancer', subnets: [0, 1], kind: 'network_load_balancer', values: unknown },
  { role: 'endpoint', subnets: [48, 49], kind: 'vpc_endpoint', values: unknown },
];

export const sharedVpc: Preset = {
  name: 'shared-vpc',
  summary: 'A VPC shared with two other accounts: one flow log, records of three accounts, and of none that AWS knows.',
  version: 2,
  mix: { reject: 0.05, nodata: 0.03, skipdata: 0.0005 },
  pace: { kind: 'steady', linesPerMinute: 1100, swing: 0.5 },
  open(random, options) {
    const world = new World({ region: 'eu-central-1', members }, random.split('identity'), options);
    const called = hosts(16, random.split('hosts'));
    const talks = talksOf(world, [
      { weight: 7, client: strangers(20_000, 1), server: 'balancer', port: 443, carry: carry.tcp },
      { weight: 6, client: 'balancer', server: 'portal', port: 8080, carry: carry.tcp },
      { weight: 4, client: 'portal', server: 'platform', port: [443, 5671], carry: carry.tcp },
      { weight: 3, client: 'analytics', server: 'platform', port: 9092, carry: carry.tcp, isLasting: true },
      { weight: 3, client: 'portal', server: 'endpoint', port: 443, carry: carry.tcp },
      { weight: 2, client: 'analytics', server: 'endpoint', port: 443, carry: carry.tcp },
      { weight: 3, client: 'analytics', server: service('S3', { hasEndpoint: true }), port: 443, carry: carry.tcp },
      { weight: 2, client: 'portal', server: 'platform', port: 53, carry: carry.lookup },
      { weight: 1, client: 'platform', server: called, port: 443, carry: carry.tcp },
      { weight: 1, client: 'portal', server: 'platform', port: 8125, carry: carry.metrics, isOneWay: true },
      { weight: 1, client: anybody(4), server: 'balancer', carry: carry.ping, isIcmp: true },
    ]);
    const reject = rejectionsOf(world, [
      { weight: 6, role: 'balancer', kind: 'radiation', open: [443] },
      { weight: 3, role: 'analytics', kind: 'denied', open: [22, 3306, 6379] },
    ]);
    return [play({ world, talks, reject, random, options, lastingShare: 0.2 })];
  },
};
