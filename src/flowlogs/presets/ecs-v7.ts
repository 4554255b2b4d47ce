// Services on ECS with an interface for each task (awsvpc mode): an API on EC2 instances with a sidecar, workers on Fargate, and a
// task that somebody started by hand. Format v7, which tells cluster, service, task and containers.

import type { RandomSource } from '../../core/random.ts';
import { hexId, hexWord } from '../ids.ts';
import type { FieldValues, Preset } from '../preset.ts';
import { anybody, hosts, service, strangers } from './internet.ts';
import { play } from './play.ts';
import { rejectionsOf } from './rejections.ts';
import { carry, talksOf } from './talk.ts';
import { World, type Member } from './world.ts';

const region = 'eu-central-1';
const accountId = '310624871052';
const cluster = 'shop';

interface Tasks {
  readonly family: string;
  /** None for a task that was started by hand. */
  readonly service?: string;
  readonly onEc2: boolean;
  readonly containers: 1 | 2;
}

/** 32 hex digits, as ECS's ids of tasks and container instances are. */
function taskId(random: RandomSource, key: number, ordinal: number): string {
  return [1, 2, 3, 4].map((word) => hexWord(random, key, ordinal * 8 + word)).join('');
}

/** The fields of a task's interface (Amazon VPC User Guide, "Flow log records", version 7). */
export function taskValues(random: RandomSource, ordinal: number, what: Tasks): FieldValues {
  const { family, service: name, onEc2, containers } = what;
  const key = 900 + family.length * 16 + family.charCodeAt(0);
  const arn = `arn:aws:ecs:${region}:${accountId}`;
  const id = taskId(random, key, ordinal);
  const instance = taskId(random, key + 1, ordinal);
  // A runtime's id of a container on Fargate is the task's and a number; Docker's has 64 hex digits.
  const container = (i: number): string =>
    onEc2
      ? `${taskId(random, key + 2 + i, ordinal)}${taskId(random, key + 4 + i, ordinal)}`
      : `${id}-${String(random.at(key + 6 + i, ordinal)).padStart(10, '1')}`;
  return {
    'ecs-cluster-arn': `${arn}:cluster/${cluster}`,
    'ecs-cluster-name': cluster,
    ...(onEc2 && {
      'ecs-container-instance-arn': `${arn}:container-instance/${cluster}/${instance}`,
      'ecs-container-instance-id': instance,
      'instance-id': `i-${hexId(random, key, ordinal)}`,
    }),
    'ecs-container-id': container(0),
    ...(containers === 2 && { 'ecs-second-container-id': container(1) }),
    ...(name !== undefined && { 'ecs-service-name': name }),
    'ecs-task-definition-arn': `${arn}:task-definition/${family}:${17 + family.length}`,
    'ecs-task-arn': `${arn}:task/${cluster}/${id}`,
    'ecs-task-id': id,
  };
}

function tasks(role: string, subnets: readonly number[], what: Tasks): Member {
  // A task's interface is ECS's own: only on EC2 there is an instance of the account's behind it.
  return { role, subnets, kind: 'managed', values: (ordinal, random) => taskValues(random, ordinal, what) };
}

const members: readonly Member[] = [
  tasks('api', [16, 17, 16, 17], { family: 'api', service: 'api', onEc2: true, containers: 2 }),
  tasks('worker', [16, 17, 16, 17, 16, 17], { family: 'worker', service: 'worker', onEc2: false, containers: 1 }),
  tasks('by-hand', [17], { family: 'migrate', onEc2: false, containers: 1 }),
  { role: 'balancer', subnets: [0, 1], kind: 'managed' },
  { role: 'nat', subnets: [0], kind: 'nat_gateway' },
  { role: 'database', subnets: [48], kind: 'managed' },
];

export const ecsV7: Preset = {
  name: 'ecs-v7',
  summary:
    'ECS services on EC2 and Fargate, an interface for each task, in format v7 with cluster, service, task and containers.',
  version: 2,
  format: 'v7',
  mix: { reject: 0.04, nodata: 0.015, skipdata: 0.0005 },
  pace: { kind: 'full' },
  open(random, options) {
    const world = new World({ region, accountId, members }, random.split('identity'), options);
    const called = hosts(24, random.split('hosts'));
    const talks = talksOf(world, [
      { weight: 10, client: strangers(30_000, 1), server: 'balancer', port: [443, 443, 443, 80], carry: carry.tcp },
      { weight: 8, client: 'balancer', server: 'api', port: 8080, carry: carry.tcp },
      { weight: 6, client: 'api', server: 'database', port: 3306, carry: carry.tcp },
      { weight: 3, client: 'worker', server: 'database', port: 3306, carry: carry.tcp, isLasting: true },
      { weight: 3, client: 'api', server: 'worker', port: 9000, carry: carry.tcp, isLasting: true },
      { weight: 1, client: 'by-hand', server: 'database', port: 3306, carry: carry.tcp },
      { weight: 4, client: 'worker', server: service('S3', { hasEndpoint: true }), port: 443, carry: carry.tcp },
      { weight: 3, client: 'api', server: called, via: 'nat', port: 443, carry: carry.tcp },
      { weight: 2, client: 'api', server: 'worker', port: 53, carry: carry.lookup },
      { weight: 1, client: 'worker', server: 'api', port: 8125, carry: carry.metrics, isOneWay: true },
      { weight: 1, client: anybody(4), server: 'balancer', carry: carry.ping, isIcmp: true },
    ]);
    const reject = rejectionsOf(world, [
      { weight: 6, role: 'balancer', kind: 'radiation', open: [80, 443] },
      { weight: 2, role: 'balancer', kind: 'late', open: [80, 443] },
      { weight: 1, role: 'worker', kind: 'denied', open: [25, 22, 6379] },
    ]);
    return [play({ world, talks, reject, random, options, lastingShare: 0.2 })];
  },
};
