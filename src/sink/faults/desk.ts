// Which faults strike a request: decided from what the request holds and how often that was seen, never from when it came.

import { createHash } from 'node:crypto';

import { strikes } from '../../core/fault.ts';
import type { RecordView } from '../../core/model/delivery.ts';
import type { RandomSource } from '../../core/random.ts';
import type { DecodedBody } from '../decode/index.ts';
import { effectOf, type SinkFaultConfig } from './index.ts';
import type { FaultAnswer } from './kind.ts';

/** Names a request by one of its records; undefined asks for the next record. */
export type Identify = (view: RecordView) => string | undefined;

/** What happens to one request. */
export interface FaultDecision {
  /** Kinds that struck, in the order in which they are configured. */
  readonly kinds: readonly string[];
  readonly holdMs: number;
  readonly answer?: FaultAnswer;
}

const spared: FaultDecision = { kinds: [], holdMs: 0 };

export interface FaultDesk {
  /** `body` is the decoded body that `decoded` was made from. */
  decide(decoded: DecodedBody, body: Uint8Array, sinceStartMs: number): FaultDecision;
  /** How often each configured kind struck. */
  fired(): Record<string, number>;
}

/** Every fault draws from a stream of its own. The first status that strikes is the answer; delays add up. */
export function openFaultDesk(options: {
  faults: readonly SinkFaultConfig[];
  random: RandomSource;
  identify: Identify | undefined;
}): FaultDesk {
  const { faults, random, identify } = options;
  const streams = faults.map((fault, index) => random.split(`${fault.kind} ${index}`));
  const sightings = new Map<string, number>();
  const fired = new Map(faults.map((fault) => [fault.kind as string, 0]));
  return {
    decide(decoded, body, sinceStartMs) {
      if (faults.length === 0) return spared;
      const identity = identityOf(decoded, body, identify);
      const count = (sightings.get(identity) ?? 0) + 1;
      sightings.set(identity, count);
      const struck = faults.filter((fault, index) =>
        strikes(fault, streams[index]!, { identity, count, sinceStartMs }),
      );
      for (const { kind } of struck) fired.set(kind, fired.get(kind)! + 1);
      const effects = struck.map(effectOf);
      const answer = effects.find((effect) => effect.answer)?.answer;
      const holdMs = effects.reduce((sum, effect) => sum + (effect.holdMs ?? 0), 0);
      return { kinds: struck.map((fault) => fault.kind), holdMs, ...(answer ? { answer } : {}) };
    },
    fired: () => Object.fromEntries(fired),
  };
}

function identityOf(decoded: DecodedBody, body: Uint8Array, identify: Identify | undefined): string {
  let identity: string | undefined;
  if (identify) decoded.visit((view) => (identity = identify(view)) !== undefined);
  return identity ?? createHash('sha256').update(body).digest('hex');
}
