// Which ports records are for, where a plan gives shares of them: so many of the rejected or the accepted ones are for each port, and
// no others are for it.

import type { Flow, PortLimit } from './preset.ts';

/** A TCP port, and its share of the rejected or the accepted records. */
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
  flow.dstPort = freePort(flow.dstPort, (port) => shares.some((share) => share.port === port));
}

function freePort(port: number, isTaken: (port: number) => boolean): number {
  let free = port;
  while (isTaken(free)) free = free === lastPort ? 1 : free + 1;
  return free;
}

/**
 * Keeps accepted records to a limit, both directions and both ends of a conversation alike: a port follows from the port that stood
 * there. What has no ports stays as it is.
 */
export function portKeeper(limit: PortLimit): (flow: Flow, isBackward: boolean) => void {
  const taken = new Set('only' in limit ? [limit.only] : limit.noneOf);
  const isTaken = (port: number): boolean => taken.has(port);
  return (flow, isBackward) => {
    if (flow.srcPort === 0 && flow.dstPort === 0) return;
    flow.srcPort = freePort(flow.srcPort, isTaken);
    flow.dstPort = freePort(flow.dstPort, isTaken);
    if (!('only' in limit)) return;
    if (isBackward) flow.srcPort = limit.only;
    else flow.dstPort = limit.only;
  };
}
