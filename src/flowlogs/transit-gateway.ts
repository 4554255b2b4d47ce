// The same conversations as the transit gateway records them that stands between their ends: each flow once where it comes in
// and once where it goes out, without an action, but with counters of what it lost (Transit Gateways guide, "Transit Gateway
// Flow Log records").

import type { RandomSource } from '../core/random.ts';
import { hexId } from './ids.ts';
import type { FieldValues, Flow, Traffic, TransitGateway } from './preset.ts';

const tcp = 6;
const flags = { psh: 8, ack: 16 } as const;
/** A packet of TCP that carries nothing has this much at most. */
const emptyPacketBytes = 60;

/** Turns a record of an interface into the gateway's: what leaves an interface of the VPC comes into the gateway. */
export function throughTransitGateway(flow: Flow, { transitGateway, interfaces }: Traffic): void {
  const own = interfaces[flow.interfaceIndex]!.attachment;
  const count = transitGateway.attachments.length;
  let other = flow.nextHopIndex < 0 ? count - 1 : interfaces[flow.nextHopIndex]!.attachment;
  // What stays inside one VPC would not come by here: then the other end is taken to be in the next one.
  if (other === own) other = (own + 1) % count;
  flow.srcAttachment = flow.isEgress ? own : other;
  flow.dstAttachment = flow.isEgress ? other : own;
  flow.isEgress = !flow.isEgress;
  if (flow.bytes < 0) flow.bytes = flow.packets * 40;
  if (flow.protocol === tcp && flow.tcpFlags >= 0 && flow.bytes > flow.packets * emptyPacketBytes) {
    flow.tcpFlags |= flags.psh | flags.ack;
  }
  flow.lostNoRoute = 0;
  flow.lostBlackhole = 0;
  flow.lostMtuExceeded = 0;
  flow.lostTtlExpired = 0;
  if (!flow.isRejected) return;
  // It has no rules to turn traffic away by, only routes that lead nowhere.
  if ((flow.srcPort & 1) === 0) flow.lostNoRoute = flow.packets;
  else if ((flow.srcPort & 6) !== 0) flow.lostBlackhole = flow.packets;
  else if ((flow.srcPort & 8) !== 0) flow.lostMtuExceeded = flow.packets;
  else flow.lostTtlExpired = flow.packets;
}

/** A VPC that hangs on a gateway. */
export interface AttachedVpc {
  readonly accountId: string;
  readonly vpcId: string;
  readonly azId: string;
}

/** A gateway with the attachments of some VPCs and one that leads to a data centre, of which AWS tells nothing but its id. */
export function transitGatewayOf(
  owner: FieldValues,
  vpcs: readonly AttachedVpc[],
  random: RandomSource,
): TransitGateway {
  return {
    values: {
      'resource-type': 'TransitGateway',
      'tgw-id': `tgw-${hexId(random, 0)}`,
      'account-id': owner['account-id']!,
      region: owner['region']!,
    },
    attachments: [
      ...vpcs.map(({ accountId, vpcId, azId }, i) => ({
        'attachment-id': `tgw-attach-${hexId(random, 1, i)}`,
        'vpc-account-id': accountId,
        'vpc-id': vpcId,
        'subnet-id': `subnet-${hexId(random, 2, i)}`,
        eni: `eni-${hexId(random, 3, i)}`,
        'az-id': azId,
      })),
      { 'attachment-id': `tgw-attach-${hexId(random, 1, vpcs.length)}` },
    ],
  };
}
