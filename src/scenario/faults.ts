// Faults as the rooms take them: quantities read, units in the names.

import { parseCount, parseDurationMs, parseShare, parseSizeBytes, type Quantity } from '../core/units.ts';
import type { QuantityKind } from '../core/quantity.ts';
import { kinds } from './kinds.ts';

/** A fault's kind and parameters: `from: 5s` has become `fromMs: 5000`, a size `...Bytes`. */
export type ResolvedFault = { readonly kind: string } & Readonly<Record<string, unknown>>;

/** Reads every quantity by what the schema of the fault's kind says it is. The faults have been validated. */
export function resolveFaults(faults: readonly Readonly<Record<string, unknown>>[]): ResolvedFault[] {
  return faults.map((fault) => {
    const config = kinds.faults.find((entry) => entry.kind === fault['kind'])!.config as {
      properties?: Record<string, { quantity?: QuantityKind }>;
    };
    const entries = Object.entries(fault).map(([key, value]) =>
      resolve(key, value, config.properties?.[key]?.quantity),
    );
    return Object.fromEntries(entries) as ResolvedFault;
  });
}

function resolve(key: string, value: unknown, kind: QuantityKind | undefined): [string, unknown] {
  const quantity = value as Quantity;
  switch (kind) {
    case 'duration':
      return [`${key}Ms`, parseDurationMs(quantity)];
    case 'size':
    case 'memory':
      return [`${key}Bytes`, parseSizeBytes(quantity)];
    case 'count':
      return [key, parseCount(quantity)];
    case 'share':
      return [key, parseShare(quantity)];
    case undefined:
      return [key, value];
  }
}
