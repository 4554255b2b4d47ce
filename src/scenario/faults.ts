// Faults as the rooms take them: quantities read, units in the names, and what cannot hold told.

import { parseCount, parseDurationMs, parseShare, parseSizeBytes, type Quantity } from '../core/units.ts';
import type { QuantityKind } from '../core/quantity.ts';
import { parseCondition } from '../oracle/index.ts';
import { didYouMean, type Complain } from './complain.ts';
import { kinds, type ListedKind } from './kinds.ts';

type Mapping = Readonly<Record<string, unknown>>;

/** A fault's kind and parameters: `from: 5s` has become `fromMs: 5000`, a size `...Bytes`. */
export type ResolvedFault = { readonly kind: string } & Readonly<Record<string, unknown>>;

/** Those of a scenario. */
export function planFaults(faults: readonly Mapping[], storeKind: string, complain: Complain): ResolvedFault[] {
  checkConditions(faults, complain);
  faults.forEach(({ kind }, index) => {
    if (storeKind === 'embedded' || !String(kind).startsWith('store.')) return;
    const message = `faults.kind: ${String(kind)} strikes at the embedded S3 only, and the store is ${storeKind}. Leave one of them out.`;
    complain(['faults', index, 'kind'], message);
  });
  return resolveFaults(faults);
}

/** Tells what the conditions of faults say wrong. */
export function checkConditions(faults: readonly Mapping[], complain: Complain): void {
  faults.forEach(({ match }, index) => {
    const condition = typeof match === 'string' ? parseCondition(match) : undefined;
    if (condition && 'problem' in condition) {
      complain(['faults', index, 'match'], `faults.match: ${condition.problem}.${didYouMean(condition.nearest)}`);
    }
  });
}

/** Reads every quantity by what the schema of the fault's kind says it is. The faults have been validated. */
export function resolveFaults(faults: readonly Readonly<Record<string, unknown>>[]): ResolvedFault[] {
  return faults.map((fault) => resolveQuantities(fault, kinds.faults) as ResolvedFault);
}

/** A part's config with every quantity read, by what the schema of its kind says of its keys. */
export function resolveQuantities(
  part: Readonly<Record<string, unknown>>,
  list: readonly ListedKind[],
): Readonly<Record<string, unknown>> {
  const config = list.find((entry) => entry.kind === part['kind'])?.config as
    | { properties?: Record<string, { quantity?: QuantityKind }> }
    | undefined;
  const entries = Object.entries(part).map(([key, value]) => resolve(key, value, config?.properties?.[key]?.quantity));
  return Object.fromEntries(entries);
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
