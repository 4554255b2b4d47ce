// A trigger of any kind with a target that answers what a test says, on a clock that the test may skip.

import { expect } from 'vitest';

import { openClock, type SkippableClock } from '../../src/core/clock.ts';
import type { InvocationFact, InvocationOutcome, RunFact } from '../../src/core/model/invocation.ts';
import type { StoredObject, Target, TargetEvent, Trigger } from '../../src/core/model/trigger.ts';
import { randomSource } from '../../src/core/random.ts';
import { openScope } from '../../src/core/scope.ts';
import type { EventFaultConfig } from '../../src/triggers/faults/index.ts';
import type { PlannedInvocationFault } from '../../src/triggers/invocation-faults.ts';
import type { TriggerConfig } from '../../src/triggers/kind.ts';
import { openTrigger } from '../../src/triggers/open-trigger.ts';
import { openQueues, type Queues } from '../../src/triggers/queues.ts';

export const succeeded: InvocationOutcome = { status: 'succeeded', payload: null };
export const failed: InvocationOutcome = { status: 'failed', errorType: 'Error', message: 'no', lastOutput: 'out' };

export type Answer = (event: TargetEvent, signal: AbortSignal) => InvocationOutcome | Promise<InvocationOutcome>;

export interface TriggerRigOptions extends Omit<TriggerConfig, 'kind'> {
  readonly kind?: string;
  readonly concurrency?: number;
  readonly throttles?: boolean;
  readonly drive?: Target['drive'];
  readonly objectCount?: number;
  readonly eventFaults?: readonly EventFaultConfig[];
  readonly invocationFaults?: readonly PlannedInvocationFault[];
  readonly functionTimeoutMs?: number;
  readonly seed?: number;
  readonly signal?: AbortSignal;
}

export interface TriggerRig extends AsyncDisposable {
  readonly trigger: Trigger;
  readonly queues: Queues;
  readonly clock: SkippableClock;
  readonly facts: RunFact[];
  readonly events: TargetEvent[];
  notify(...indexes: number[]): void;
  /** Resolves when the trigger holds nothing but waits of its own. */
  settled(): Promise<void>;
  /** Jumps from wait to wait until the trigger holds nothing. */
  finished(): Promise<void>;
  factsOf<Type extends RunFact['type']>(type: Type): Extract<RunFact, { type: Type }>[];
}

/** Invocations that go on until they are released, each by its own function, in the order in which they began. */
export function answeredOnRelease(): { readonly answer: Answer; readonly release: readonly (() => void)[] } {
  const release: (() => void)[] = [];
  return {
    release,
    async answer() {
      await new Promise<void>((resolve) => release.push(resolve));
      return succeeded;
    },
  };
}

export async function openTriggerRig(answer: Answer, options: TriggerRigOptions = {}): Promise<TriggerRig> {
  const { kind = 's3-event', concurrency = 1, throttles, drive = 'invoked', signal, seed = 3, ...rest } = options;
  const { objectCount = 10, eventFaults = [], invocationFaults = [], functionTimeoutMs, ...config } = rest;
  const scope = openScope();
  const clock = openClock();
  const facts: RunFact[] = [];
  const events: TargetEvent[] = [];
  const target: Target = {
    kind: 'test',
    drive,
    concurrency,
    ...(throttles === undefined ? {} : { throttles }),
    async invoke(event, stop) {
      events.push(event);
      const cold = events.length === 1;
      const startedMs = clock.nowMs();
      return { outcome: await answer(event, stop), startedMs, endedMs: clock.nowMs(), cold };
    },
    runningCount: () => 0,
    resources: () => undefined,
    async [Symbol.asyncDispose]() {},
  };
  const random = randomSource(seed);
  const shared = { config: { kind, ...config }, clock, random, region: 'eu-west-1' };
  const timeout = functionTimeoutMs === undefined ? {} : { functionTimeoutMs };
  const queues = scope.use(await openQueues({ ...shared, ...timeout }));
  const trigger = scope.use(
    openTrigger({
      ...shared,
      queues,
      target,
      startedMs: clock.nowMs(),
      report: (fact) => void facts.push(fact),
      objectCount,
      eventFaults,
      invocationFaults,
      signal: signal ?? new AbortController().signal,
    }),
  );
  const settled = (): Promise<void> =>
    expect.poll(() => trigger.pendingCount() - trigger.waitingCount(), { interval: 1, timeout: 10_000 }).toBe(0);
  return {
    trigger,
    queues,
    clock,
    facts,
    events,
    notify: (...indexes) => indexes.forEach((index) => trigger.notify(objectOf(index, clock.nowMs()))),
    settled,
    async finished() {
      for (;;) {
        await settled();
        if (trigger.pendingCount() === 0) return;
        const dueMs = clock.nextDueMs();
        if (dueMs !== undefined) clock.skipTo(dueMs);
        await clock.machineSleep(0);
      }
    },
    factsOf: <Type extends RunFact['type']>(type: Type) =>
      facts.filter((fact): fact is Extract<RunFact, { type: Type }> => fact.type === type),
    [Symbol.asyncDispose]: () => scope[Symbol.asyncDispose](),
  };
}

export function objectOf(index: number, storedMs: number): StoredObject {
  return { index, bucket: 'b', key: `k${index}`, sizeBytes: 1, etag: 'e', storedMs, requestId: 'r', hostId: 'h' };
}

/** Keys of the records of S3's own message. */
export function keysOf(message: unknown): string[] {
  return (message as { Records: { s3: { object: { key: string } } }[] }).Records.map(({ s3 }) => s3.object.key);
}

/** Objects of each invocation in turn. */
export function invoked(facts: readonly RunFact[]): (readonly number[])[] {
  return facts.filter((fact): fact is InvocationFact => fact.type === 'invocation').map(({ objects }) => objects);
}
