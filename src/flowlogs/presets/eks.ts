// A Kubernetes cluster on EKS: nodes in two zones whose interfaces also carry the addresses of their pods, an NLB in front, the
// control plane's interfaces, a database. Between pods the record has the node's primary address on the recording side, and the
// pods' as the packets' own (Amazon VPC User Guide, "Flow log records": srcaddr, pkt-srcaddr).

import { mix32 } from '../../core/random.ts';
import type { Preset } from '../preset.ts';
import { paths, type Conversation } from './conversation.ts';
import { hosts, neighbours, service, strangers } from './internet.ts';
import { play } from './play.ts';
import { rejectionsOf } from './rejections.ts';
import { carry, talksOf, type TalkWords } from './talk.ts';
import { World, type Member } from './world.ts';

const node = { kind: 'instance', values: () => ({ 'asg-tag': 'eks-workers', 'asg-tag-2': 'spot' }) } as const;

const members: readonly Member[] = [
  { ...node, role: 'node-a', subnets: [16, 16, 16, 16, 16, 16] },
  { ...node, role: 'node-b', subnets: [17, 17, 17, 17, 17, 17] },
  { role: 'balancer', subnets: [0, 1], kind: 'network_load_balancer' },
  { role: 'nat', subnets: [0], kind: 'nat_gateway' },
  { role: 'control-plane', subnets: [32, 33], kind: 'managed' },
  { role: 'database', subnets: [48], kind: 'managed' },
];

/** Pods have addresses of the subnets behind those of the nodes, up to 29 on an interface (as on an m5.large). */
const podSubnets = 16;
const podsPerNode = 29;

function podAddress(nodeAddress: number, index: number, draw: number): number {
  const network = Math.floor(nodeAddress / 0x1_0000) * 0x1_0000;
  const pod = draw % podsPerNode;
  return network + (128 + (index % podSubnets)) * 256 + 5 + pod * 8;
}

/** Puts pods on the nodes at both ends; over IPv6 a pod has its node's prefix, and the record its address. */
function betweenPods(conversation: Conversation, bits: number): void {
  if (conversation.isIpv6) return;
  const { clientAddress, clientIndex, serverAddress, serverIndex } = conversation;
  conversation.clientPacketAddress = podAddress(clientAddress, clientIndex, mix32(bits, 61));
  conversation.serverPacketAddress = podAddress(serverAddress, serverIndex, mix32(bits, 62));
}

const office = neighbours(3, paths.virtualPrivateGateway);

function ofZone(zone: string, other: string): TalkWords[] {
  const client = `node-${zone}`;
  const server = `node-${other}`;
  return [
    { weight: 9, client, server, port: [8080, 8080, 9090, 50_051], carry: carry.tcp, also: betweenPods },
    { weight: 3, client, server, port: [50_051, 9092], carry: carry.tcp, isLasting: true, also: betweenPods },
    { weight: 4, client, server, port: 53, carry: carry.lookup, also: betweenPods },
    { weight: 2, client, server: 'control-plane', port: 443, carry: carry.tcp, isLasting: true },
    { weight: 2, client: 'control-plane', server: client, port: 10_250, carry: carry.tcp },
    { weight: 3, client: 'balancer', server: client, port: 31_080, carry: carry.tcp },
    { weight: 3, client, server: 'database', port: 5432, carry: carry.tcp, isLasting: true },
    { weight: 1, client, server, port: 8125, carry: carry.metrics, isOneWay: true },
    { weight: 0, client, server: office, carry: carry.ping, isIcmp: true },
  ];
}

export const eks: Preset = {
  name: 'eks',
  summary: 'An EKS cluster: pods behind their nodes’ addresses, an NLB, the control plane, a database, a NAT gateway.',
  version: 2,
  mix: { reject: 0.03, nodata: 0.01, skipdata: 0.001 },
  pace: { kind: 'full' },
  open(random, options) {
    const world = new World({ region: 'us-west-2', members }, random.split('identity'), options);
    const registry = service('S3', { hasEndpoint: true });
    const called = hosts(40, random.split('hosts'));
    const talks = talksOf(world, [
      ...ofZone('a', 'b'),
      ...ofZone('b', 'a'),
      { weight: 8, client: strangers(40_000, 1), server: 'balancer', port: 443, carry: carry.tcp },
      { weight: 2, client: 'node-a', server: called, via: 'nat', port: 443, carry: carry.tcp },
      { weight: 2, client: 'node-b', server: called, via: 'nat', port: 443, carry: carry.tcp },
      { weight: 1, client: 'node-a', server: registry, port: 443, carry: carry.tcp },
      { weight: 1, client: 'node-b', server: registry, port: 443, carry: carry.tcp },
    ]);
    const reject = rejectionsOf(world, [
      { weight: 6, role: 'balancer', kind: 'radiation', open: [443] },
      { weight: 1, role: 'balancer', kind: 'late', open: [443] },
      { weight: 2, role: 'node-a', kind: 'denied', open: [25, 3333, 14_444] },
      { weight: 2, role: 'node-b', kind: 'denied', open: [25, 3333, 14_444] },
    ]);
    return [play({ world, talks, reject, random, options, lastingShare: 0.35 })];
  },
};
