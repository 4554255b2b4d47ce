// What the internet sends to every public address unasked, and a security group turns away: one record each, mostly a single
// SYN. Of 26 sensors in AWS's Regions 77.8 % of the packets were TCP, 14.1 % ICMP and 8.1 % UDP, and ports 23, 22, 80, 443, 445 and
// 9000, 123, 53 lead (ieee-dataport.org, Cloud Telescope, May 2023). What one address hears in a day comes from 1,500 scanners and is for
// 1,900 ports, of which SMB, Telnet and SSH are 36 % (unit42.paloaltonetworks.com/cloud-network-scanning-traffic).

import { mix32, scale } from '../../core/random.ts';
import type { Flow } from '../preset.ts';
import { publicAddress } from './internet.ts';

/** Ports in proportion to how often they are tried; 0 stands for one of the many. */
const tcpPorts = ports({ 23: 11, 2323: 1, 22: 8, 80: 5, 443: 5, 445: 4, 8080: 2, 3389: 2, 5900: 1, 6379: 1, 0: 24 });
const udpPorts = ports({ 9000: 5, 123: 4, 53: 4, 161: 2, 1900: 2, 5060: 2, 11211: 1, 0: 12 });

/** Ports that an address hears of in a day. */
const portsHeard = 1900;

/** Of 128 scans so many are TCP and UDP, the others ICMP; TCP and ICMP now and then send a second packet, or a third. */
const tcpScans = 99;
const udpScans = 11;

/** Sizes of a SYN: no options, MSS alone, a full stack's. */
const synBytes = Uint8Array.of(40, 40, 44, 44, 44, 52, 60, 60);

function ports(weights: Readonly<Record<number, number>>): Uint16Array {
  return Uint16Array.from(
    Object.entries(weights).flatMap(([port, weight]) => Array(weight).fill(Number(port)) as number[]),
  );
}

/** One of the many ports of an address, some of them more often than others. */
function rarePort(address: number, draw: number): number {
  const share = draw / 0x1_0000_0000;
  return 1 + (mix32(mix32(address, 73), Math.floor(portsHeard * share * share)) % 65_535);
}

/** A TCP port that scanners try at an address, for 32 bits. */
export function scannedPort(address: number, bits: number): number {
  return tcpPorts[(bits >>> 10) & 63]! || rarePort(address, mix32(bits, 1));
}

/** DHCP is never logged (Amazon VPC User Guide, "Flow log limitations"). */
function loggedPort(udpPort: number): number {
  return udpPort === 67 || udpPort === 68 ? 69 : udpPort;
}

/**
 * Of 1,500 scanners in a day one in a hundred sends over 81 % of all packets (arXiv 2605.02795), and 64 % are seen once (Unit 42; there
 * of all addresses, in four months).
 */
const busyScanners = 12;
const steadyScanners = 525;
const onceBelow = 0.048 * 0x1_0000_0000;
const steadyBelow = 0.17 * 0x1_0000_0000;

/** Who scans an address, for 32 bits: one of the busy ones, who scan all, one of its own steady ones, or somebody who never comes again. */
function scannerAddress(address: number, bits: number): number {
  const draw = mix32(bits, 54);
  const seen = mix32(bits, 55);
  if (draw < onceBelow) return publicAddress(seen);
  if (draw < steadyBelow) return publicAddress(mix32(mix32(address, 72), scale(seen, steadyScanners)));
  const share = seen / 0x1_0000_0000;
  return publicAddress(mix32(71, Math.floor(busyScanners * share * share)));
}

/** Fills the addresses, ports and counters of one scan of `address` from 32 bits. */
export function fillScan(flow: Flow, address: number, bits: number): void {
  flow.dstAddress = address;
  const kind = (bits >>> 3) & 127;
  flow.packets = (bits >>> 16) & 15 ? 1 : 2 + ((bits >>> 20) & 1);
  if (kind < tcpScans + udpScans) {
    flow.srcAddress = scannerAddress(address, bits);
    flow.srcPort = 1024 + (mix32(bits, 2) % 64_512);
    if (kind < tcpScans) {
      flow.protocol = 6;
      flow.dstPort = scannedPort(address, bits);
      flow.bytes = flow.packets * synBytes[(bits >>> 21) & 7]!;
    } else {
      flow.protocol = 17;
      flow.dstPort = loggedPort(udpPorts[(bits >>> 10) & 31]! || rarePort(address, mix32(bits, 1)));
      flow.packets = 1;
      flow.bytes = 28 + ((bits >>> 16) % 53);
    }
  } else {
    // Without ports only the address tells two pings of one window apart.
    flow.srcAddress = publicAddress(mix32(bits, 60));
    flow.protocol = 1;
    flow.srcPort = 0;
    flow.dstPort = 0;
    flow.bytes = flow.packets * (bits & 8 ? 84 : 28);
  }
}
