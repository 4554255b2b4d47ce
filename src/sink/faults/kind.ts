// The shape of a fault of the sink: what it does to the answer of a request that it strikes.

import { Type, type TSchema } from 'typebox';

import { quantity } from '../../core/quantity.ts';

/** What replaces the edition's answer. Without a body the receiver words one for the status. */
export interface FaultAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface FaultEffect {
  readonly holdMs?: number;
  readonly answer?: FaultAnswer;
}

/** `config` is what a scenario may say; `Resolved` what is left of it when its quantities were read. */
export interface SinkFaultKind<Resolved> {
  readonly kind: string;
  readonly summary: string;
  readonly config: TSchema;
  effect(config: Resolved): FaultEffect;
}

/** Keys of every fault: which requests it strikes, and when it is armed. */
export const selectionSchemas = {
  share: Type.Optional(quantity('share', 'The share of requests that it strikes, decided by seed and content.')),
  nth: Type.Optional(
    Type.Integer({
      minimum: 1,
      description: 'Strikes only the nth time that the same request is seen.',
      examples: [1],
    }),
  ),
  from: Type.Optional(quantity('duration', "Armed from this time of the run's clock.")),
  for: Type.Optional(quantity('duration', 'Armed for this long.')),
};
