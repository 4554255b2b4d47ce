// The imagined network: VPCs with subnets, and the interfaces in them by role. What a talk picks its parties from.

import { mix32, type RandomSource } from '../../core/random.ts';
import { ipv6Address } from '../addresses.ts';
import { indexesOf } from '../interface-names.ts';
import { accountNumber, hexId } from '../ids.ts';
import type { Among, FieldValues, NetworkInterface, Scope, TrafficOptions } from '../preset.ts';
import type { Conversation } from './conversation.ts';
import { internetPrefixes } from './internet.ts';
import { stretch, subnetRoom } from './stretch.ts';

/** What stands behind an interface; AWS names the kinds that it manages (Amazon VPC User Guide, `interface-type`). */
export type InterfaceKind =
  | 'instance'
  | 'managed'
  | 'nat_gateway'
  | 'network_load_balancer'
  | 'regional_nat_gateway'
  | 'transit_gateway'
  | 'vpc_endpoint';

export interface Member {
  readonly role: string;
  /** One entry an interface: the number of its subnet. */
  readonly subnets: readonly number[];
  readonly kind: InterfaceKind;
  /** Index of its VPC; 0 where absent. */
  readonly vpc?: number;
  /** The last eight bits of its address, for interface `index` of the cast; by its place in the subnet where absent. */
  readonly host?: (index: number, random: RandomSource) => number;
  /** A public address, where the interface shows that. */
  readonly address?: (random: RandomSource) => number;
  /** Values beyond those of its place, for the i-th interface of the role. */
  readonly values?: (ordinal: number, random: RandomSource) => FieldValues;
}

export interface WorldSpec {
  readonly region: string;
  /** Of the first VPC; the seed's choice where absent. */
  readonly accountId?: string;
  readonly vpcCount?: number;
  readonly members: readonly Member[];
}

/** The part of an Availability Zone's id that stands for its Region, as in `use1-az4`. */
const zonePrefixes: Readonly<Record<string, string>> = {
  'us-east-1': 'use1',
  'us-west-2': 'usw2',
  'eu-west-1': 'euw1',
  'eu-central-1': 'euc1',
  'ap-southeast-2': 'apse2',
  'ap-northeast-1': 'apne1',
};

/** Subnets are of 256 addresses, of which AWS keeps the first four and the last (Amazon VPC User Guide, "Subnet CIDR blocks"). */
const subnetSize = 256;
const firstHost = 4;

export function zoneId(region: string, zone: number): string {
  return `${zonePrefixes[region]!}-az${1 + (zone % 3)}`;
}

/** A VPC: an account, an id and a /16 of addresses. */
export interface Vpc {
  readonly accountId: string;
  readonly vpcId: string;
  readonly network: number;
}

/** Interfaces in the order of the cast. Where they lie is the seed's choice; no two share an address. */
export class World {
  readonly region: string;
  readonly vpcs: readonly Vpc[];
  readonly interfaces: readonly NetworkInterface[];
  readonly #addresses: Float64Array;
  readonly #ipv6Addresses: Float64Array;
  readonly #roles = new Map<string, Int32Array>();
  /** 1 where the flow log records the interface. */
  readonly recorded: Uint8Array;
  /** Of each role those interfaces that the flow log could record, whoever is asked for. */
  readonly recordable: ReadonlyMap<string, Int32Array>;
  /** Whether only some interfaces are asked for, which then speak with no others of the log's. */
  readonly isPart: boolean;
  readonly ipv6Prefixes: string[];

  constructor(spec: WorldSpec, random: RandomSource, { scope, recorder, interfaces, among }: TrafficOptions) {
    const { region, vpcCount = 1, accountId } = spec;
    const members = interfaces === undefined ? spec.members : stretch(spec.members, interfaces);
    this.region = region;
    this.vpcs = Array.from({ length: vpcCount }, (_, i) => {
      const vpc = vpcAt(random, i);
      return accountId !== undefined && i === 0 ? { ...vpc, accountId } : vpc;
    });
    const cast = members.flatMap((member) => member.subnets.map((subnet, ordinal) => ({ member, subnet, ordinal })));
    const taken = new Map<string, number>();
    this.interfaces = cast.map(({ member, subnet, ordinal }, i) => {
      const vpcIndex = member.vpc ?? 0;
      const place = taken.get(`${vpcIndex} ${subnet}`) ?? 0;
      taken.set(`${vpcIndex} ${subnet}`, place + 1);
      return interfaceAt({ world: this, random, index: i, member, subnet, ordinal, vpcIndex, place });
    });
    this.#addresses = Float64Array.from(this.interfaces, ({ address }) => address);
    this.ipv6Prefixes = cast.map(({ member, subnet }) => ipv6Prefix(random, member.vpc ?? 0, subnet));
    this.#ipv6Addresses = Float64Array.from(cast, (_, i) =>
      ipv6Address(internetPrefixes.length + i, 0x1_0000 + random.below(0xfffe_0000, 1 + i, 12)),
    );
    this.recorded = recordedIn(recorder === 'transit-gateway' ? 'gateway' : scope, this.interfaces);
    this.isPart = among !== undefined;
    let first = 0;
    for (const { role, subnets } of members) {
      this.#roles.set(
        role,
        Int32Array.from(subnets, (_, i) => first + i),
      );
      first += subnets.length;
    }
    this.recordable = new Map([...this.#roles].map(([role, all]) => [role, this.#recordedOf(all)]));
    if (among) this.#keepTo(among);
    for (const [role, all] of this.#roles) {
      const inScope = this.#recordedOf(all);
      if (inScope.length > 0) this.#roles.set(role, inScope);
    }
  }

  #recordedOf(indexes: Int32Array): Int32Array {
    return indexes.filter((index) => this.recorded[index] === 1);
  }

  #keepTo({ names, isOthers }: Among): void {
    const named = new Set(names.flatMap((name) => [...indexesOf(this.recordable, name)]));
    for (const index of this.recorded.keys()) if (named.has(index) === isOthers) this.recorded[index] = 0;
  }

  /** The interfaces of a role, those that the flow log records if there are any. */
  role(role: string): Int32Array {
    return this.#roles.get(role)!;
  }

  get roleNames(): readonly string[] {
    return [...this.#roles.keys()];
  }

  /** A role that the flow log records. */
  get recordedRole(): string {
    return this.roleNames.find((role) => this.records(role))!;
  }

  get recordsAll(): boolean {
    return this.recorded.every((bit) => bit === 1);
  }

  /** Whether the flow log records any interface of a role. */
  records(role: string): boolean {
    return this.recorded[this.role(role)[0]!] === 1;
  }

  address(index: number, isIpv6: boolean): number {
    return isIpv6 ? this.#ipv6Addresses[index]! : this.#addresses[index]!;
  }

  client(conversation: Conversation, index: number): void {
    conversation.clientIndex = index;
    conversation.clientAddress = this.address(index, conversation.isIpv6);
    conversation.clientPacketAddress = conversation.clientAddress;
  }

  server(conversation: Conversation, index: number): void {
    conversation.serverIndex = index;
    conversation.serverAddress = this.address(index, conversation.isIpv6);
    conversation.serverPacketAddress = conversation.serverAddress;
  }

  gateway(conversation: Conversation, index: number): void {
    conversation.gatewayIndex = index;
    conversation.gatewayAddress = this.address(index, conversation.isIpv6);
  }
}

function vpcAt(random: RandomSource, index: number): Vpc {
  const network = 10 * 2 ** 24 + ((random.below(256, 0) + index * 37) % 256) * 2 ** 16;
  return { accountId: accountNumber(random, 101 + index * 10), vpcId: `vpc-${hexId(random, 103, index)}`, network };
}

interface Placement {
  readonly world: { readonly region: string; readonly vpcs: readonly Vpc[] };
  readonly random: RandomSource;
  readonly index: number;
  readonly member: Member;
  readonly subnet: number;
  readonly ordinal: number;
  readonly vpcIndex: number;
  readonly place: number;
}

function interfaceAt({ world, random, index, member, subnet, ordinal, vpcIndex, place }: Placement): NetworkInterface {
  const vpc = world.vpcs[vpcIndex]!;
  const interfaceId = `eni-${hexId(random, 1 + index)}`;
  // Odd steps through the subnet, from a host of the seed's choice: distinct for as many as there is room for.
  const host =
    member.host?.(index, random) ?? firstHost + ((random.below(subnetRoom, 104, subnet) + place * 7) % subnetRoom);
  const values = {
    ...interfaceValues({
      random,
      vpc,
      subnet,
      interfaceId,
      kind: member.kind,
      region: world.region,
      role: member.role,
      index,
    }),
    ...member.values?.(ordinal, random),
  };
  return {
    interfaceId: values['interface-id']!,
    address: member.address?.(random) ?? vpc.network + subnet * subnetSize + host,
    values,
    attachment: vpcIndex,
  };
}

export interface InterfacePlace {
  readonly random: RandomSource;
  readonly vpc: Vpc;
  readonly subnet: number;
  readonly interfaceId: string;
  readonly kind: InterfaceKind;
  readonly region: string;
  readonly role: string;
  readonly index: number;
}

/** Every field that AWS tells of an interface, but for what a preset adds. Tags are the name and the stage of what it belongs to. */
export function interfaceValues(place: InterfacePlace): FieldValues {
  const { random, vpc, subnet, interfaceId, kind, region, role, index } = place;
  const isInstance = kind === 'instance';
  return {
    'account-id': vpc.accountId,
    'interface-id': interfaceId,
    'vpc-id': vpc.vpcId,
    'subnet-id': subnetId(random, vpc, subnet),
    region,
    'az-id': zoneId(region, subnet),
    'interface-tag': role,
    'tgw-attachment-id': `tgw-attach-${hexId(random, 105)}`,
    ...(isInstance && {
      'instance-id': `i-${hexId(random, 106, index)}`,
      'instance-tag': role,
      'instance-tag-2': 'prod%2Fblue',
    }),
    ...(!isInstance && kind !== 'managed' && { 'interface-type': kind }),
  };
}

/** The id of a subnet: the same for all interfaces in it. */
export function subnetId(random: RandomSource, vpc: Vpc, subnet: number): string {
  return `subnet-${hexId(random, 107, (vpc.network >>> 16) * subnetSize + subnet)}`;
}

/** A /64 of a VPC's /56, which AWS gives from its own range (2600:1f00::/24). */
function ipv6Prefix(random: RandomSource, vpc: number, subnet: number): string {
  const site = mix32(random.at(108), vpc);
  const groups = [0x2600, 0x1f18, (site >>> 16) | 1, ((site & 0xff00) | 0x1000 | (subnet & 0xff)) >>> 0];
  return `${groups.map((group) => group.toString(16)).join(':')}:`;
}

/** A flow log of a VPC, a subnet or an interface records those of the first interface of the cast; that of a gateway all. */
function recordedIn(scope: Scope | 'gateway', interfaces: readonly NetworkInterface[]): Uint8Array {
  const first = interfaces[0]!.values;
  return Uint8Array.from(interfaces, ({ values }, i) => {
    if (scope === 'gateway') return 1;
    if (scope === 'vpc') return values['vpc-id'] === first['vpc-id'] ? 1 : 0;
    if (scope === 'interface') return i === 0 ? 1 : 0;
    return values['subnet-id'] === first['subnet-id'] ? 1 : 0;
  });
}
