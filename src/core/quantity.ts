// Schemas of quantities for configurations: a number or a text, checked by pattern, read by core/units.

import { Type, type TUnsafe } from 'typebox';

import type { Quantity } from './units.ts';

const number = String.raw`(\d[\d_]*(\.\d+)?|\.\d+)`;

/** From 0 to 100, and from 0 to 1: a share beyond would be a mistake that nobody sees. */
const percents = String.raw`(100(\.0+)?|\d{1,2}(\.\d+)?|\.\d+)`;
const fractions = String.raw`(0(\.\d+)?|1(\.0+)?|\.\d+)`;

/** Each quantity's pattern, how to write it, and what an error message calls it. */
export const quantityKinds = {
  count: { pattern: `^${number}\\s*[kMG]?$`, name: 'a count', examples: ['200k', '1.5M', 200_000] },
  size: { pattern: `^${number}\\s*([kKMG]B|[KMG]iB|B)?$`, name: 'a size', examples: ['512B', '64kB', '1MiB'] },
  memory: { pattern: `^${number}\\s*([MG]B|[MG]iB)$`, name: 'a memory size', examples: ['128MB', '1GB'] },
  duration: { pattern: `^(0|${number}\\s*(ms|s|m|h|d))$`, name: 'a duration', examples: ['250ms', '5s', '2m', '6h'] },
  share: { pattern: `^(${percents}\\s*%|${fractions})$`, name: 'a share', examples: [0.05, '5%'] },
} as const;

export type QuantityKind = keyof typeof quantityKinds;

export interface QuantityOptions {
  readonly examples?: readonly Quantity[];
  /** Zero is refused. */
  readonly positive?: true;
}

/** The schema of one quantity. A duration has a unit, so a bare number (but 0) is refused. */
export function quantity(kind: QuantityKind, description: string, options: QuantityOptions = {}): TUnsafe<Quantity> {
  const { examples, positive } = { ...quantityKinds[kind], ...options };
  const bound = positive ? { exclusiveMinimum: 0, positive } : { minimum: 0 };
  const pattern = positive ? `^(?=.*[1-9])${quantityKinds[kind].pattern.slice(1)}` : quantityKinds[kind].pattern;
  const type =
    kind === 'duration'
      ? { type: 'string' }
      : { type: ['number', 'string'], ...bound, ...(kind === 'share' ? { maximum: 1 } : {}) };
  return Type.Unsafe<Quantity>({ ...type, pattern, description, examples: [...examples], quantity: kind });
}
