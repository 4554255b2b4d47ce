// The shape of a fault of the room `lambda`: what it does to an attempt at an event. When it strikes, the trigger knows.

import { Type, type TSchema } from 'typebox';

import type { FaultSelection } from '../../core/fault.ts';
import type { InvocationFault } from '../../core/model/trigger.ts';
import { quantity } from '../../core/quantity.ts';

export interface LambdaFaultKind {
  readonly kind: string;
  readonly summary: string;
  readonly config: TSchema;
  effect(config: LambdaFaultConfig): InvocationFault;
}

/** A fault as resolved: quantities read, units in the names. */
export type LambdaFaultConfig = { readonly kind: string } & FaultSelection & Readonly<Record<string, unknown>>;

/** Ties a kind's schema to the type of what its quantities become. */
export function lambdaFault<Config>(
  kind: Omit<LambdaFaultKind, 'effect'> & { effect(config: Config): InvocationFault },
): LambdaFaultKind {
  // The schema has accepted the config before it was resolved.
  return { ...kind, effect: (config) => kind.effect(config as unknown as Config) };
}

/** Keys of every fault of invocations. */
export const selectionSchemas = {
  share: Type.Optional(
    quantity('share', 'The share of events whose invocations it strikes: exactly so many, chosen by the seed.'),
  ),
  nth: Type.Optional(
    Type.Integer({
      minimum: 1,
      description: 'Strikes only the nth attempt at an event. Default with a share: 1; else every attempt.',
      examples: [1],
    }),
  ),
  from: Type.Optional(quantity('duration', "Armed from this time of the run's clock.")),
  for: Type.Optional(quantity('duration', 'Armed for this long.')),
};
