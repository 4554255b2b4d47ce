// Addresses as numbers: IPv4 below 2^32, IPv6 above. An IPv6 address is the place of its first 64 bits in a table of prefixes
// and 32 bits from which the other 64 follow, so that one number names it and both ends of a flow agree on it.

import { mix32 } from '../core/random.ts';
import { putAddress } from './digits.ts';

const familySize = 0x1_0000_0000;

/** Hosts below this number have it for their last 64 bits, as servers have (`2606:4700:10:20::1f`); others look random. */
const plainHosts = 0x1_0000;

/** The address of a host (1 to 2^32 - 1) below a prefix. */
export function ipv6Address(prefixIndex: number, host: number): number {
  return familySize * (1 + prefixIndex) + host;
}

/** The prefixes of a traffic, as bytes. */
export class AddressWriter {
  readonly #prefixes: readonly Uint8Array[];

  constructor(ipv6Prefixes: readonly string[]) {
    this.#prefixes = ipv6Prefixes.map((prefix) => Buffer.from(prefix, 'latin1'));
  }

  /** Writes an address and a space; returns the position behind it. IPv6 is written as RFC 5952 has it. */
  put(view: DataView, position: number, address: number): number {
    if (address < familySize) return putAddress(view, position, address);
    const high = Math.floor(address / familySize);
    const host = (address - high * familySize) >>> 0;
    const prefix = this.#prefixes[high - 1]!;
    let at = position;
    for (let i = 0; i < prefix.length; i++) view.setUint8(at++, prefix[i]!);
    if (host < plainHosts) {
      view.setUint8(at++, 0x3a);
      at = putGroup(view, at, host);
    } else {
      const upper = mix32(host, 1);
      const lower = mix32(host, 2);
      // No group is zero: two of them in a row would have to be shortened.
      at = putGroup(view, at, upper >>> 16 || 1);
      at = putGroup(view, at, upper & 0xffff || 1);
      at = putGroup(view, at, lower >>> 16 || 1);
      at = putGroup(view, at, lower & 0xffff || 1);
    }
    view.setUint8(at - 1, 0x20);
    return at;
  }
}

/** Hex digits without zeros in front, and a colon. */
function putGroup(view: DataView, position: number, group: number): number {
  let at = position;
  let shift = group > 0xfff ? 12 : group > 0xff ? 8 : group > 0xf ? 4 : 0;
  for (; shift >= 0; shift -= 4) {
    const digit = (group >>> shift) & 15;
    view.setUint8(at++, digit < 10 ? 0x30 + digit : 0x57 + digit);
  }
  view.setUint8(at++, 0x3a);
  return at;
}
