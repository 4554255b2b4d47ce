// result.json from what was counted and judged. A key that was not measured is left out, never zero.

import type { InvocationFact, RunFact } from '../core/model/invocation.ts';
import type { Headroom, InvocationCounts, RunResult, SinkCounts } from '../core/model/result.ts';
import { formatInstant } from '../core/units.ts';
import { expandExpectations, type Judgement } from '../oracle/index.ts';
import type { Plan } from '../scenario/plan.ts';
import { headroomWarnings } from './headroom.ts';

export interface Measured {
  readonly version: string;
  readonly startedMs: number;
  readonly endedMs: number;
  readonly skippedMs: number;
  readonly environment: RunResult['environment'];
  readonly corpus: Omit<RunResult['corpus'], 'bytes'>;
  readonly target: RunResult['target'];
  readonly facts: readonly RunFact[];
  readonly sink: SinkCounts;
  readonly faultsFired: Readonly<Record<string, number>>;
  readonly resources: RunResult['resources'];
  readonly headroom: Headroom | undefined;
  readonly judgement: Judgement;
  readonly folder: string;
}

export function resultOf(plan: Plan, measured: Measured): RunResult {
  const { judgement } = measured;
  return {
    formatVersion: 1,
    flowrig: { version: measured.version },
    scenario: plan.resolved,
    seed: plan.seed,
    startedAt: formatInstant(measured.startedMs),
    durationMs: Math.round(measured.endedMs - measured.startedMs),
    skippedMs: Math.round(measured.skippedMs),
    environment: measured.environment,
    // A handler in the rig's own process has the rig's way out, a function behind an endpoint that of whoever runs it.
    ...(['in-process', 'lambda-endpoint'].includes(measured.target.kind) ? {} : { egress: 'routed' }),
    corpus: { ...measured.corpus, bytes: judgement.corpusBytes },
    target: measured.target,
    tally: judgement.tally,
    balance: judgement.balance,
    notOwed: judgement.notOwed,
    objects: judgement.objects,
    invocations: countInvocations(measured.facts),
    sink: measured.sink,
    faultsFired: measured.faultsFired,
    ...(judgement.throughput ? { throughput: judgement.throughput } : {}),
    ...(judgement.latencyMs ? { latencyMs: judgement.latencyMs } : {}),
    resources: measured.resources,
    ...(measured.headroom ? { headroom: measured.headroom } : {}),
    checks: expandExpectations(plan.expect, plan.promises),
    verdict: judgement.verdict,
    mapping: judgement.mapping,
    layout: judgement.layout,
    ...(judgement.causes.length === 0 ? {} : { causes: judgement.causes }),
    warnings: [...judgement.warnings, ...headroomWarnings(measured.headroom)],
    folder: measured.folder,
  };
}

/** `started` counts attempts, retries included: succeeded + failed + timedOut + outOfMemory. */
export function countInvocations(facts: readonly RunFact[]): InvocationCounts {
  const invocations = facts.filter((fact): fact is InvocationFact => fact.type === 'invocation');
  const count = (predicate: (fact: InvocationFact) => boolean): number => invocations.filter(predicate).length;
  return {
    started: invocations.length,
    succeeded: count((fact) => fact.status === 'succeeded'),
    failed: count((fact) => fact.status === 'failed'),
    timedOut: count((fact) => fact.status === 'timed-out'),
    outOfMemory: count((fact) => fact.status === 'out-of-memory'),
    throttled: facts.filter((fact) => fact.type === 'throttled').length,
    coldStarts: count((fact) => fact.cold),
    retried: count((fact) => fact.attempt > 1 || (fact.deliveries ?? []).some((delivery) => delivery > 1)),
    deadLettered: facts.filter((fact) => fact.type === 'dead-lettered').length,
  };
}
