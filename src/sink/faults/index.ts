// The list of the sink's faults: a new one is one file and one line here.

import type { FaultSelection } from '../../core/fault.ts';
import { delayFault, type DelayConfig } from './delay.ts';
import type { FaultEffect } from './kind.ts';
import { statusFault, type StatusConfig } from './status.ts';

export const sinkFaults = [statusFault, delayFault] as const;

/** A fault as resolved: quantities read, units in the names. */
export type SinkFaultConfig = (StatusConfig | DelayConfig) & FaultSelection;

/** What a configured fault does to a request that it strikes. */
export function effectOf(config: SinkFaultConfig): FaultEffect {
  return config.kind === 'sink.status' ? statusFault.effect(config) : delayFault.effect(config);
}
