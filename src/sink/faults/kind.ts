// The shape of a fault of the sink: which requests it can strike, beyond what every fault selects by, and what it does to them.

import { Type, type TSchema } from 'typebox';

import type { Clock } from '../../core/clock.ts';
import type { FaultSelection } from '../../core/fault.ts';
import type { RecordView } from '../../core/model/delivery.ts';
import { quantity } from '../../core/quantity.ts';
import type { RandomSource } from '../../core/random.ts';
import type { Answer } from '../answer.ts';
import type { BodyFormat, DecodedBody } from '../decode/index.ts';

/** A request that the edition would take. */
export interface FaultRequest {
  readonly format: BodyFormat;
  readonly path: string;
  /** As received, compressed where it came compressed. */
  readonly sizeBytes: number;
  readonly decodedBytes: number;
  readonly decoded: DecodedBody;
  readonly atMs: number;
  /** How many of the open connections came before its own or with it; undefined where requests share one. */
  connectionRank(): number | undefined;
  /** What the edition says to a body over its limit. */
  tooLarge(): Answer;
}

/** What replaces the edition's answer. Without a body of its own the receiver words one, from the message or else the status. */
export interface FaultAnswer {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly message?: string;
  /** Whether it reads as SigNoz's own word that it took the request; by default what its status says. */
  readonly acknowledges?: boolean;
}

/**
 * What happens to a request that is struck. Where several faults strike, waits add up; of those that decide what becomes of it (an
 * answer, a reset or a partial success) only the first does.
 */
export interface FaultEffect {
  /** The answer is held back, the request being kept or refused already. */
  readonly holdMs?: number;
  readonly answer?: FaultAnswer;
  /** Whether the records are kept; by default as the status that is sent says. */
  readonly keeps?: boolean;
  /** The connection is reset in place of an answer. */
  readonly resets?: boolean;
  /** So many records at the end are rejected by a partial success. Only OTLP has a way to say it. */
  readonly partial?: { readonly rejectedCount: number; readonly message: string };
  /** The answer's bytes go out at this rate. */
  readonly writeBytesPerS?: number;
  /** The answer's head goes out at once, its body after this time. */
  readonly stallMs?: number;
  /** The connection is closed without a word when it was idle for so long behind this answer. */
  readonly closeIdleMs?: number;
}

/** What happens while a request is still being read. */
export interface EarlyEffect {
  /** The body is taken at this rate. */
  readonly readBytesPerS?: number;
  /** The connection is reset when this share of the announced body is there. */
  readonly resetAtShare?: number;
}

/** A configured fault at work; it may count. */
export interface SinkFault {
  /** Undefined where the request is none that it can strike: that is not counted as fired. */
  strike(request: FaultRequest): FaultEffect | undefined;
  /** What it does to a request that is still being read, decided by its first record alone. */
  readonly early?: EarlyEffect;
  /** What selects its requests, where that is less than its configuration says. */
  readonly selection?: FaultSelection;
}

export interface FaultNeeds {
  readonly clock: Clock;
  readonly random: RandomSource;
  /** Reads a condition on records, which validation has accepted. */
  match(condition: string): (view: RecordView) => boolean;
  /** Names a record, as `SinkOptions.identify` does. */
  identify(view: RecordView): string | undefined;
}

/** `Config` is what is left of `config` when its quantities were read, units in the names. */
export interface SinkFaultKind {
  readonly kind: string;
  readonly summary: string;
  readonly config: TSchema;
  /** What is wrong with a fault as written that its schema could not tell. */
  mistake?(fault: Readonly<Record<string, unknown>>): string | undefined;
  open(config: SinkFaultConfig, needs: FaultNeeds): SinkFault;
}

/** A fault as resolved: quantities read, units in the names. */
export type SinkFaultConfig = { readonly kind: string } & FaultSelection & Readonly<Record<string, unknown>>;

/** Ties a kind's schema to the type of what its quantities become. */
export function sinkFault<Config>(kind: {
  readonly kind: string;
  readonly summary: string;
  readonly config: TSchema;
  mistake?(fault: Readonly<Record<string, unknown>>): string | undefined;
  open(config: Config & FaultSelection, needs: FaultNeeds): SinkFault;
}): SinkFaultKind {
  // The schema has accepted the config before it was resolved.
  return { ...kind, open: (config, needs) => kind.open(config as unknown as Config & FaultSelection, needs) };
}

/** A fault that does the same to every request that it is let at. */
export function always(effect: FaultEffect): SinkFault {
  return { strike: () => effect };
}

/** A fault's schema: its own keys, those of selection, and no others. */
export function faultSchema(kind: string, description: string, properties: Record<string, TSchema>): TSchema {
  return Type.Object({ kind: Type.Literal(kind), ...properties }, { additionalProperties: false, description });
}

/** One of a few words; optional, since each fault has a usual one. */
export function oneWord(description: string, words: readonly (string | number)[]): TSchema {
  return Type.Optional(Type.Unsafe<string | number>({ enum: [...words], description, examples: [words[0]] }));
}

/** When a fault is armed. */
export const armedSchemas = {
  from: Type.Optional(quantity('duration', "Armed from this time of the run's clock.")),
  for: Type.Optional(quantity('duration', 'Armed for this long.')),
};

/** Keys of nearly every fault: which requests it strikes, and when it is armed. */
export const selectionSchemas = {
  share: Type.Optional(quantity('share', 'The share of requests that it strikes, decided by seed and content.')),
  nth: Type.Optional(
    Type.Integer({
      minimum: 1,
      description: 'Strikes only the nth time that the same request is seen.',
      examples: [1],
    }),
  ),
  match: Type.Optional(
    Type.String({
      description: 'Strikes only requests with a record that fits this condition.',
      examples: ['dstport = 443', 'action = REJECT and bytes > 1000'],
    }),
  ),
  ...armedSchemas,
};
