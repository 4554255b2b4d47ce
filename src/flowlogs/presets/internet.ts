// Addresses outside the VPC: strangers drawn from a population, and the named hosts that the VPC itself calls.

import { faker } from '@faker-js/faker/locale/en';

import { hashText, mix32, scale, type RandomSource } from '../../core/random.ts';
import { ipv6Address } from '../addresses.ts';
import { awsServices } from '../preset.ts';
import { paths, type Conversation } from './conversation.ts';

/** A host on the internet that servers of the VPC call. */
export interface NamedHost {
  readonly name: string;
  readonly address: number;
}

// First octets that the internet routes to customers: no private, loopback, link-local, test or multicast range
// (IANA IPv4 Special-Purpose Address Registry).
const firstOctets = Uint8Array.from(
  Array.from({ length: 223 }, (_, i) => i + 1).filter(
    (octet) => ![0, 10, 100, 127, 169, 172, 192, 198, 203].includes(octet),
  ),
);

/** A public IPv4 address for a 32-bit draw. */
export function publicAddress(draw: number): number {
  const first = firstOctets[Math.imul(draw >>> 24, firstOctets.length) >>> 8]!;
  const last = 1 + (Math.imul(draw & 0xff, 254) >>> 8);
  return ((first << 24) | (draw & 0xffff00) | last) >>> 0;
}

const steps = 4096;

/**
 * Ranks by Zipf's law with exponent 1, from 0, for a 32-bit draw: a few of a population come all the time, most hardly ever. Of
 * thousands of networks that call a web server, a tenth brings three quarters of the requests or more (Arlitt and Williamson, "Internet
 * Web servers: workload characterization and performance implications", IEEE/ACM Transactions on Networking 5(5), 1997, "Wide area
 * usage"). A table of the law's quantiles, so that one draw costs two look-ups.
 */
export function zipfRanks(population: number): (draw: number) => number {
  const quantiles = Float64Array.from({ length: steps + 1 }, (_, i) => Math.exp((Math.log(population) * i) / steps));
  return (draw) => {
    const place = draw / (0x1_0000_0000 / steps);
    const step = Math.floor(place);
    const low = quantiles[step]!;
    return Math.floor(low + (quantiles[step + 1]! - low) * (place - step)) - 1;
  };
}

/** Hosts with names from faker; a host's address follows from its name. */
export function namedHosts(count: number, random: RandomSource): readonly NamedHost[] {
  faker.seed(random.at(0));
  return Array.from({ length: count }, () => {
    const name = `api.${faker.internet.domainName()}`;
    return { name, address: publicAddress(hashText(name, 0)) };
  });
}

/** Customers' networks come first, data centres after them. */
const customerPrefixCount = 192;
const hostPrefixCount = 64;

/** First groups of IPv6 addresses that the regional registries gave to access networks, then to hosting. */
const registered = [0x2a02, 0x2a01, 0x2601, 0x2409, 0x240e, 0x2804, 0x2003, 0x2600];
const hosting = [0x2a06, 0x2606, 0x2a0c, 0x2400];

/** The first 64 bits of outsiders' IPv6 addresses, each group with its colon. */
export const internetPrefixes: readonly string[] = Array.from(
  { length: customerPrefixCount + hostPrefixCount },
  (_, i) => {
    const blocks = i < customerPrefixCount ? registered : hosting;
    const draw = mix32(i, 1);
    const groups = [blocks[i % blocks.length]!, draw >>> 16 || 1, draw & 0xffff || 1, 1 + (mix32(i, 2) >>> 17)];
    return `${groups.map((group) => group.toString(16)).join(':')}:`;
  },
);

/** An IPv6 address in a customer's network for a 32-bit draw. */
export function customerAddress(draw: number): number {
  return ipv6Address(draw % customerPrefixCount, 0x1_0000 + scale(mix32(draw, 3), 0xfffe_0000));
}

function serviceIndex(name: string): number {
  return awsServices.indexOf(name);
}

const ec2 = serviceIndex('EC2');

/** Amazon has all of 3.0.0.0/8 (https://ip-ranges.amazonaws.com/ip-ranges.json); what comes from there is somebody's instance. */
export function serviceOfStranger(address: number): number {
  return address >= 0x0300_0000 && address < 0x0400_0000 ? ec2 : 0;
}

type As = 'client' | 'server';

function place(conversation: Conversation, as: As, address: number, service: number): void {
  if (as === 'client') {
    conversation.clientAddress = address;
    conversation.clientPacketAddress = address;
    conversation.clientService = service;
  } else {
    conversation.serverAddress = address;
    conversation.serverPacketAddress = address;
    conversation.serverService = service;
  }
}

type Outsider = (conversation: Conversation, as: As, bits: number) => void;

/** People out of a population: few come all the time, most hardly ever. */
export function strangers(population: number, salt: number): Outsider {
  const rankOf = zipfRanks(population);
  return (conversation, as, bits) => placeStranger(conversation, as, mix32(salt, rankOf(bits)));
}

/** Anybody at all: without ports only the address tells two pings of one window apart. */
export function anybody(salt: number): Outsider {
  return (conversation, as, bits) => placeStranger(conversation, as, mix32(salt, bits));
}

function placeStranger(conversation: Conversation, as: As, draw: number): void {
  const address = conversation.isIpv6 ? customerAddress(draw) : publicAddress(draw);
  place(conversation, as, address, conversation.isIpv6 ? 0 : serviceOfStranger(address));
}

/** Named hosts of which a few are called most. */
export function hosts(count: number, random: RandomSource): Outsider {
  const addresses = Float64Array.from(namedHosts(count, random), ({ address }) => address);
  return (conversation, as, bits) => {
    const share = bits / 0x1_0000_0000;
    const index = Math.floor(count * share * share);
    const address = addresses[index]!;
    if (conversation.isIpv6) {
      place(conversation, as, ipv6Address(customerPrefixCount + (index % hostPrefixCount), 1 + index), 0);
    } else place(conversation, as, address, serviceOfStranger(address));
  };
}

/** Blocks of services' addresses (https://ip-ranges.amazonaws.com/ip-ranges.json): the block, and bits that are left for hosts. */
const serviceBlocks: Readonly<Record<string, readonly [block: number, hostBits: number]>> = {
  S3: [0x34d8_0000, 17], // 52.216.0.0/15
  DYNAMODB: [0x345e_0000, 10], // 52.94.0.0/22
  CLOUDFRONT: [0x0d20_0000, 17], // 13.32.0.0/15
  ROUTE53_HEALTHCHECKS: [0x0fb1_0000, 18], // 15.177.0.0/18
  EC2: [0x0350_0000, 20], // 3.80.0.0/12
  AMAZON: [0x345e_e000, 11], // 52.94.224.0/20
  API_GATEWAY: [0x0dd0_4000, 8], // 13.248.64.0/24 and its like
  GLOBALACCELERATOR: [0x4b02_0000, 15], // 75.2.0.0/17
};

/** Addresses of an AWS service, which a gateway endpoint leads to where there is one. */
export function service(name: string, options: { hasEndpoint?: boolean } = {}): Outsider {
  const [block, hostBits] = serviceBlocks[name]!;
  const index = serviceIndex(name);
  return (conversation, as, bits) => {
    const host = 1 + (mix32(bits, 11) % (2 ** hostBits - 2));
    const address = conversation.isIpv6 ? ipv6Address(customerPrefixCount + 1, 0x100 + (host & 0xfff)) : block + host;
    place(conversation, as, address, index);
    if (options.hasEndpoint) conversation.edgePath = paths.gatewayEndpoint;
  };
}

/** Hosts in a data centre, a peered VPC or the like: private addresses of a /16, reached by a path of its own. */
export function neighbours(secondOctet: number, edgePath: number): Outsider {
  const network = 0xac10_0000 + (secondOctet & 15) * 0x1_0000;
  return (conversation, as, bits) => {
    const address = conversation.isIpv6
      ? ipv6Address(customerPrefixCount + 2, 0x1_0000 + (bits & 0xffff))
      : network + (((bits >>> 8) & 31) << 8) + 4 + (bits % 240);
    place(conversation, as, address, 0);
    conversation.edgePath = edgePath;
  };
}
