// What the internet sends to every public address unasked, and a security group turns away: one record each, mostly a single
// SYN. The mix of protocols is that of 26 sensors in AWS's Regions (ieee-dataport.org, Cloud Telescope, May 2023: TCP 77.8 %,
// ICMP 14.1 %, UDP 8.1 %; ports 23, 22, 80, 443, 445 and 9000, 123, 53 lead).

import { mix32 } from '../../core/random.ts';
import type { Flow } from '../preset.ts';
import { publicAddress, strangerAddress } from './internet.ts';

/** Ports in proportion to how often they are tried; 0 stands for any port at all. */
const tcpPorts = ports({ 23: 5, 2323: 1, 22: 5, 80: 3, 443: 3, 445: 3, 8080: 3, 3389: 3, 5900: 1, 6379: 1, 0: 36 });
const udpPorts = ports({ 9000: 4, 123: 4, 53: 3, 161: 2, 1900: 2, 5060: 3, 11211: 1, 0: 13 });

/** Sizes of a SYN: no options, MSS alone, a full stack's. */
const synBytes = Uint8Array.of(40, 40, 44, 44, 44, 52, 60, 60);

function ports(weights: Readonly<Record<number, number>>): Uint16Array {
  return Uint16Array.from(
    Object.entries(weights).flatMap(([port, weight]) => Array(weight).fill(Number(port)) as number[]),
  );
}

/** DHCP is never logged (Amazon VPC User Guide, "Flow log limitations"). */
function loggedPort(udpPort: number): number {
  return udpPort === 67 || udpPort === 68 ? 69 : udpPort;
}

/** Fills the addresses, ports and counters of one scan of `address` from 32 bits. */
export function fillScan(flow: Flow, address: number, bits: number): void {
  const more = mix32(bits, 1);
  flow.srcAddress = (bits & 7) < 3 ? publicAddress(more) : strangerAddress(more, 4096, 2);
  flow.dstAddress = address;
  const kind = (bits >>> 3) & 127;
  if (kind < 100) {
    flow.protocol = 6;
    flow.srcPort = 1024 + (mix32(bits, 2) % 64_512);
    flow.dstPort = tcpPorts[(bits >>> 10) & 63]! || 1 + (more % 65_535);
    flow.packets = (bits >>> 16) & 15 ? 1 : 2 + ((bits >>> 20) & 1);
    flow.bytes = flow.packets * synBytes[(bits >>> 21) & 7]!;
  } else if (kind < 110) {
    flow.protocol = 17;
    flow.srcPort = 1024 + (mix32(bits, 2) % 64_512);
    flow.dstPort = loggedPort(udpPorts[(bits >>> 10) & 31]! || 1 + (more % 65_535));
    flow.packets = 1;
    flow.bytes = 28 + ((bits >>> 16) % 53);
  } else {
    flow.protocol = 1;
    flow.srcPort = 0;
    flow.dstPort = 0;
    flow.packets = 1 + ((bits >>> 16) & 3);
    flow.bytes = flow.packets * (bits & 8 ? 84 : 28);
  }
}
