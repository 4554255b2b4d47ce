// The list of the network's faults, and which of them strikes a connection: decided from (seed, host, how often that host was
// called), never from when it came.

import { strikes } from '../../core/fault.ts';
import type { RandomSource } from '../../core/random.ts';
import { dnsFault } from './dns.ts';
import type { NetFaultConfig, NetFaultEffect, NetFaultKind } from './kind.ts';
import { tlsFault } from './tls.ts';

export type { NetFaultConfig } from './kind.ts';

export const netFaults: readonly NetFaultKind[] = [tlsFault, dnsFault];

/** What happens to one connection. */
export interface NetFault extends NetFaultEffect {
  readonly kind: string;
  /** When it is disarmed, in ms after the start of the run; Infinity where no end was written. */
  readonly disarmedMs: number;
}

export interface NetFaultDesk {
  /** Counts the host as called once more. A connection fails in one way: by the first fault that strikes it. */
  decide(host: string, sinceStartMs: number): NetFault | undefined;
  /** How often each configured kind struck. */
  fired(): Record<string, number>;
}

/** Every fault draws from a stream of its own. */
export function openNetFaultDesk(faults: readonly NetFaultConfig[], random: RandomSource): NetFaultDesk {
  const streams = faults.map((fault, index) => random.split(`${fault.kind} ${index}`));
  const sightings = new Map<string, number>();
  const fired = new Map(faults.map((fault) => [fault.kind, 0]));
  return {
    decide(host, sinceStartMs) {
      if (faults.length === 0) return undefined;
      const count = (sightings.get(host) ?? 0) + 1;
      sightings.set(host, count);
      const fault = faults.find((candidate, index) =>
        strikes(candidate, streams[index]!, { identity: host, count, sinceStartMs }),
      );
      if (!fault) return undefined;
      const { kind, fromMs = 0, forMs = Infinity } = fault;
      fired.set(kind, fired.get(kind)! + 1);
      const listed = netFaults.find((candidate) => candidate.kind === kind)!;
      return { kind, disarmedMs: fromMs + forMs, ...listed.effect(fault) };
    },
    fired: () => Object.fromEntries(fired),
  };
}
