// Which ports rejected records are for, where a plan gives shares of them: so many are for each port, and no others are for it.

import type { Flow } from './preset.ts';

/** A TCP port, and its share of the rejected records. */
export interface PortShare {
  readonly port: number;
  /** 0 to 1. */
  readonly share: number;
}

const tcp = 6;
const syn = 2;
const lastPort = 65_535;

/** Makes a rejected record one for a port: what is no TCP becomes a single SYN without options. `bits` choose its source port. */
export function aimAt(flow: Flow, port: number, bits: number): void {
  if (flow.protocol !== tcp) {
    flow.protocol = tcp;
    flow.srcPort = 1024 + (bits % 64_512);
    flow.packets = 1;
    // An IPv6 header has 20 bytes more; what Block Public Access rejects tells no bytes.
    if (flow.bytes >= 0) flow.bytes = flow.dstAddress < 0x1_0000_0000 ? 40 : 60;
    flow.tcpFlags = syn;
  }
  flow.dstPort = port;
}

/** Moves a rejected record that is for one of the ports by chance to a port behind it. */
export function keepOff(flow: Flow, shares: readonly PortShare[]): void {
  if (flow.dstPort === 0) return;
  while (shares.some(({ port }) => port === flow.dstPort))
    flow.dstPort = flow.dstPort === lastPort ? 1 : flow.dstPort + 1;
}
