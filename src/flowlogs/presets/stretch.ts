// As many interfaces as a plan asks for: the most numerous role of a cast grows or shrinks, in the subnets that it has.

import { FlowrigError } from '../../core/errors.ts';
import type { Member } from './world.ts';

/** Addresses of a subnet of 256, of which AWS keeps the first four and the last (Amazon VPC User Guide, "Subnet CIDR blocks"). */
export const subnetRoom = 251;

/** The cast with `count` interfaces in all. Throws `bad-usage` where its subnets have no room for them. */
export function stretch(members: readonly Member[], count: number): readonly Member[] {
  const growing = members.reduce((most, member) => (member.subnets.length > most.subnets.length ? member : most));
  const others = members.filter((member) => member !== growing);
  const otherCount = others.reduce((sum, { subnets }) => sum + subnets.length, 0);
  const own = [...new Set(growing.subnets)];
  const isBeside = ({ vpc = 0 }: Member): boolean => vpc === (growing.vpc ?? 0);
  const taken = others.filter(isBeside).flatMap(({ subnets }) => subnets.filter((subnet) => own.includes(subnet)));
  const roomMost = own.length * subnetRoom - taken.length;
  const [least, most] = [otherCount + 1, otherCount + roomMost];
  if (!(count >= least && count <= most)) {
    throw new FlowrigError(
      'bad-usage',
      `interfaces is ${count}; the preset's subnets have addresses for ${least} to ${most} of them.`,
    );
  }
  // The subnets in turn, as long as each has room.
  const free = new Map(own.map((subnet) => [subnet, subnetRoom - taken.filter((other) => other === subnet).length]));
  const subnets: number[] = [];
  for (let i = 0; subnets.length < count - otherCount; i++) {
    const subnet = own[i % own.length]!;
    if (free.get(subnet)! === 0) continue;
    free.set(subnet, free.get(subnet)! - 1);
    subnets.push(subnet);
  }
  return members.map(({ host: _host, ...member }) => (member.role === growing.role ? { ...member, subnets } : member));
}
