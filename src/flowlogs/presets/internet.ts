// Addresses outside the VPC: strangers drawn from a population, and the named hosts that the VPC itself calls.

import { faker } from '@faker-js/faker/locale/en';

import { hashText, mix32, type RandomSource } from '../../core/random.ts';

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

/**
 * A member of a population of addresses for a 32-bit draw: a few are seen all the time and most of them hardly ever, as
 * scanners and visitors are (arXiv 2605.02795: the top 1 % of sources send over 81 % of a telescope's packets).
 */
export function strangerAddress(draw: number, population: number, salt: number): number {
  const share = draw / 0x1_0000_0000;
  return publicAddress(mix32(salt, Math.floor(population * share * share * share)));
}

/** Hosts with names from faker; a host's address follows from its name. */
export function namedHosts(count: number, random: RandomSource): readonly NamedHost[] {
  faker.seed(random.at(0));
  return Array.from({ length: count }, () => {
    const name = `api.${faker.internet.domainName()}`;
    return { name, address: publicAddress(hashText(name, 0)) };
  });
}
