// A preset is a traffic model: who talks to whom in an imagined VPC. It draws single flows by random access; how many lines
// of which kind a file has, and how they are written, is decided elsewhere.

import type { RandomSource } from '../core/random.ts';

/** Shares of kinds of lines, 0 to 1. `nodata` and `skipdata` are of all lines, `reject` of the lines with status OK. */
export interface Mix {
  readonly reject: number;
  readonly nodata: number;
  readonly skipdata: number;
}

/** A network interface that traffic is recorded at. */
export interface NetworkInterface {
  /** `eni-` and 17 hex digits. */
  readonly interfaceId: string;
  /** Its primary private IPv4 address as a 32-bit integer. */
  readonly address: number;
}

/**
 * One record of a flow, before it is written. One object that a model fills anew for each record: 50 ns a record would go to
 * the garbage collector otherwise. Addresses are IPv4 as 32-bit integers.
 */
export interface Flow {
  /** Index of the recording interface. */
  interfaceIndex: number;
  srcAddress: number;
  dstAddress: number;
  srcPort: number;
  dstPort: number;
  protocol: number;
  packets: number;
  bytes: number;
}

/** A model with a seed. Every draw depends on its keys alone. */
export interface Traffic {
  readonly accountId: string;
  readonly region: string;
  /** `fl-` and 17 hex digits. */
  readonly flowLogId: string;
  readonly interfaces: readonly NetworkInterface[];
  /**
   * Fills `flow` with accepted record `index` of a batch. Neighbouring indexes are views of the same conversations: both
   * directions, at each interface that sees them. `bulk` asks for one record of at least 2^31 bytes, which index 0 then is.
   */
  accepted(flow: Flow, batch: number, index: number, bulk: boolean): void;
  /** Fills `flow` with rejected record `index` of a batch. */
  rejected(flow: Flow, batch: number, index: number): void;
}

/** One entry of `flowrig list presets`. */
export interface Preset {
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  /** Rises when the bytes of one seed change. */
  readonly version: number;
  /** The mix where a plan names none. */
  readonly mix: Mix;
  open(random: RandomSource): Traffic;
}

export function newFlow(): Flow {
  return {
    interfaceIndex: 0,
    srcAddress: 0,
    dstAddress: 0,
    srcPort: 0,
    dstPort: 0,
    protocol: 0,
    packets: 0,
    bytes: 0,
  };
}
