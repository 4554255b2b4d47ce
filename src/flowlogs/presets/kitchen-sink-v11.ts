// One of everything that AWS can write, in format v11: ECS tasks, pods, every managed kind of interface, zonal and regional NAT
// gateways, a transit gateway, peers, a data centre, edge locations, EFA, encryption controls, Block Public Access, tags, both
// families. No network looks like this; a forwarder that gets all of it right has no field left to get wrong.

import { mix32, type RandomSource } from '../../core/random.ts';
import { hexId } from '../ids.ts';
import type { FieldValues, Preset } from '../preset.ts';
import { carryDatagrams } from './carry.ts';
import { paths, type Conversation } from './conversation.ts';
import { taskValues } from './ecs-v7.ts';
import { anybody, hosts, neighbours, publicAddress, service, strangers } from './internet.ts';
import { play } from './play.ts';
import { rejectionsOf } from './rejections.ts';
import { carry, talksOf, type TalkWords } from './talk.ts';
import { World, type Member } from './world.ts';

const edge = (type: string, id: string) => (): FieldValues => ({
  'az-id': '-',
  'sublocation-type': type,
  'sublocation-id': id,
});

const api = (ordinal: number, random: RandomSource): FieldValues =>
  taskValues(random, ordinal, { family: 'api', service: 'api', onEc2: true, containers: 2 });

/** Tag values are percent-encoded UTF-8 (Amazon VPC User Guide, "Flow log records", instance-tag). */
const tags = (): FieldValues => ({
  'instance-tag': 'caf%C3%A9%20%26%20shop',
  'instance-tag-2': 'prod%3Dyes',
  'interface-tag': 'web%20tier',
  'interface-tag-2': 'team%2Fedge',
  'asg-tag': 'web-asg',
  'asg-tag-2': '%E6%9D%B1%E4%BA%AC',
});

/** Flows of a regional NAT gateway name it in `resource-id`, and no interface, instance or subnet. */
const regionalNat = (_: number, random: RandomSource): FieldValues => ({
  'interface-id': '-',
  'subnet-id': '-',
  'az-id': '-',
  'interface-tag': '-',
  'interface-type': 'regional_nat_gateway',
  'resource-id': `nat-${hexId(random, 401)}`,
});

const members: readonly Member[] = [
  { role: 'web', subnets: [16, 17, 16, 17], kind: 'instance', values: tags },
  { role: 'task', subnets: [18, 19, 18], kind: 'managed', values: api },
  { role: 'balancer', subnets: [0, 1], kind: 'network_load_balancer' },
  { role: 'nat', subnets: [0], kind: 'nat_gateway' },
  {
    role: 'regional-nat',
    subnets: [2],
    kind: 'regional_nat_gateway',
    values: regionalNat,
    address: (random) => publicAddress(random.at(402)),
  },
  { role: 'transit', subnets: [3], kind: 'transit_gateway' },
  { role: 'endpoint', subnets: [48, 49], kind: 'vpc_endpoint', values: () => ({ 'account-id': 'unknown' }) },
  { role: 'wavelength', subnets: [64], kind: 'instance', values: edge('wavelength', 'us-east-1-wl1-bos-wlz-1') },
  { role: 'local-zone', subnets: [65], kind: 'instance', values: edge('localzone', 'us-east-1-bos-1a') },
  { role: 'outpost', subnets: [66], kind: 'instance', values: edge('outpost', 'op-0e32example5454c5d') },
  { role: 'compute', subnets: [80, 80, 80], kind: 'instance' },
  { role: 'compute-peer', subnets: [80, 80, 80], kind: 'instance' },
];

/** Encryption controls are on: what Nitro encrypts, what the application does (by its port alone), and both. */
function encrypted(conversation: Conversation, bits: number): void {
  const isTls = conversation.serverPort === 443;
  const isNitro = conversation.clientIndex >= 0 && conversation.serverIndex >= 0 && (bits & 7) !== 0;
  conversation.encryptionStatus = (isNitro ? 1 : 0) + (isTls && conversation.serverService !== 0 ? 2 : 0);
}

/**
 * The Elastic Fabric Adapter's own protocol. AWS tells no more of such records than that their `type` is EFA; taken here to be
 * datagrams of jumbo frames.
 */
function fabric(conversation: Conversation, bits: number): void {
  carryDatagrams(conversation, 200 + (mix32(bits, 81) % 50_000), 4096 + (bits & 4095), 96);
  conversation.isEfa = true;
}

function words(random: RandomSource): readonly TalkWords[] {
  const called = hosts(24, random.split('hosts'));
  const abroad = neighbours(5, paths.peeringAbroad);
  const peer = neighbours(6, paths.peering);
  const office = neighbours(3, paths.virtualPrivateGateway);
  const carrier = neighbours(9, paths.localZone);
  const otherVpc = neighbours(7, paths.inside);
  const s3 = service('S3', { hasEndpoint: true });
  const tcp = { carry: carry.tcp } as const;
  const also = encrypted;
  return [
    { weight: 6, client: strangers(20_000, 1), server: 'balancer', port: 443, ...tcp, also },
    { weight: 2, client: service('CLOUDFRONT'), server: 'balancer', port: 443, ...tcp, also },
    { weight: 1, client: service('ROUTE53_HEALTHCHECKS'), server: 'web', port: 443, ...tcp, also },
    { weight: 5, client: 'balancer', server: 'web', port: 8080, ...tcp, also },
    { weight: 4, client: 'web', server: 'task', port: 8080, ...tcp, isLasting: true, also },
    { weight: 3, client: 'task', server: 'endpoint', port: 443, ...tcp, also },
    { weight: 2, client: 'web', server: s3, port: 443, ...tcp, also },
    { weight: 1, client: 'web', server: service('DYNAMODB', { hasEndpoint: true }), port: 443, ...tcp, also },
    { weight: 2, client: 'task', server: called, via: 'nat', port: 443, ...tcp, also },
    { weight: 2, client: 'web', server: called, via: 'regional-nat', through: 'regional-nat', port: 443, ...tcp },
    { weight: 2, client: otherVpc, server: 'web', via: 'transit', through: 'transit', port: 443, ...tcp },
    { weight: 1, client: 'web', server: peer, port: 5432, ...tcp, isLasting: true },
    { weight: 1, client: 'web', server: abroad, port: 9092, ...tcp },
    { weight: 1, client: office, server: 'web', port: 22, ...tcp },
    { weight: 1, client: carrier, server: 'wavelength', port: 443, carry: carry.udp },
    { weight: 1, client: 'local-zone', server: carrier, port: 443, ...tcp },
    { weight: 1, client: 'outpost', server: 'task', port: 8080, ...tcp },
    { weight: 1, client: 'compute', server: 'compute-peer', port: 5000, carry: fabric, family: 'ipv4' },
    { weight: 1, client: 'web', server: called, port: 123, carry: carry.clock },
    { weight: 1, client: 'web', server: 'compute', port: 53, carry: carry.lookup },
    { weight: 1, client: 'web', server: called, port: 514, carry: carry.metrics, isOneWay: true },
    { weight: 1, client: anybody(3), server: 'web', carry: carry.ping, isIcmp: true },
  ];
}

export const kitchenSinkV11: Preset = {
  name: 'kitchen-sink-v11',
  summary: 'One of everything that AWS can write, in format v11: no field is without a value somewhere.',
  version: 2,
  format: 'v11',
  mix: { reject: 0.12, nodata: 0.03, skipdata: 0.003 },
  pace: { kind: 'full' },
  open(random, options) {
    const world = new World({ region: 'us-east-1', members }, random.split('identity'), options);
    const reject = rejectionsOf(world, [
      { weight: 6, role: 'balancer', kind: 'radiation', open: [443] },
      { weight: 2, role: 'balancer', kind: 'late', open: [443] },
      { weight: 2, role: 'task', kind: 'denied', open: [25, 22] },
      { weight: 2, role: 'web', kind: 'bpa', open: [] },
      { weight: 1, role: 'endpoint', kind: 'ec', open: [80, 443], peer: neighbours(6, paths.peering) },
    ]);
    const talks = talksOf(world, words(random));
    return [play({ world, talks, reject, random, options, lastingShare: 0.15, ipv6Share: 0.15 })];
  },
};
