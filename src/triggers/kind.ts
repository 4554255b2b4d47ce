// The shape of a trigger: by which way an event reaches the forwarder, and what wraps it.

import { Type, type TSchema } from 'typebox';

import { quantity } from '../core/quantity.ts';
import type { Content } from './notification.ts';

export interface WrapContext {
  readonly region: string;
  /** A new UUID. */
  readonly newId: () => string;
  /** When it is sent. */
  readonly atMs: number;
}

export interface TriggerKind {
  readonly kind: string;
  readonly summary: string;
  readonly config: TSchema;
  /** `asynchronous`: Lambda invokes the function and tries again. `queue`: a mapping invokes it, or the target polls. */
  readonly way: 'asynchronous' | 'queue' | 'none';
  /** Who sends the events: the rig where it is left out. */
  readonly sender?: 'store';
  /** The function's event, or the body of the queue's message. */
  wrap(content: Content, context: WrapContext, config: TriggerConfig): unknown;
}

/** A trigger as resolved: quantities read, units in the names. What is absent has AWS's default. */
export interface TriggerConfig {
  readonly kind: string;
  readonly retries?: number;
  readonly maximumEventAgeMs?: number;
  readonly onFailure?: 'dead-letter-queue' | 'destination' | 'discard';
  readonly visibilityMs?: number;
  readonly maxReceives?: number;
  readonly batchSize?: number;
  readonly batchWindowMs?: number;
  readonly maximumConcurrency?: number;
  readonly reportBatchItemFailures?: boolean;
  readonly raw?: boolean;
}

/** What a scenario may say of asynchronous invocation. */
const asynchronousSchemas = {
  retries: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 2,
      description:
        'MaximumRetryAttempts: how often a failed event is tried again, after 1 minute and after 2. Default: 2.',
      examples: [2],
    }),
  ),
  maximumEventAge: Type.Optional(
    quantity('duration', 'How long Lambda keeps an event, from 60s to 6h. Default: 6h.', { examples: ['6h', '60s'] }),
  ),
  onFailure: Type.Optional(
    Type.Unsafe<string>({
      enum: ['dead-letter-queue', 'destination', 'discard'],
      description:
        'What is left of an event that Lambda gives up on: itself in a dead-letter queue (default), the record of its invocation at an on-failure destination, or nothing.',
      examples: ['destination'],
    }),
  ),
};

/** What a scenario may say of a queue, and of the mapping through which a Lambda target reads it. */
const queueSchemas = {
  visibility: Type.Optional(
    quantity(
      'duration',
      "VisibilityTimeout of the queue. Default: six times a Lambda target's timeout and its batch window, 30s for a target that polls.",
      { examples: ['30s'] },
    ),
  ),
  maxReceives: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1000,
      description: 'maxReceiveCount: a message received so often goes to the dead-letter queue. Default: 5.',
      examples: [3],
    }),
  ),
  batchSize: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 10_000,
      description: 'BatchSize of the mapping: most messages in one invocation. Default: 10.',
      examples: [1],
    }),
  ),
  batchWindow: Type.Optional(
    quantity('duration', 'MaximumBatchingWindow: how long a batch may be gathered, up to 5m. Default: 0s.', {
      examples: ['20s'],
    }),
  ),
  maximumConcurrency: Type.Optional(
    Type.Integer({
      minimum: 2,
      maximum: 1000,
      description: 'MaximumConcurrency of the mapping. Default: as many as the target takes.',
      examples: [2],
    }),
  ),
  reportBatchItemFailures: Type.Optional(
    Type.Boolean({
      description: "Whether the function's answer may name failed messages (ReportBatchItemFailures). Default: false.",
      examples: [true],
    }),
  ),
};

export function asynchronousConfig(kind: string, description: string): TSchema {
  return Type.Object(
    { kind: Type.Literal(kind), ...asynchronousSchemas },
    { additionalProperties: false, description, examples: [{ kind }] },
  );
}

export function queueConfig(kind: string, description: string, more: Record<string, TSchema> = {}): TSchema {
  return Type.Object(
    { kind: Type.Literal(kind), ...queueSchemas, ...more },
    { additionalProperties: false, description, examples: [{ kind, visibility: '30s', maxReceives: 3 }] },
  );
}
