// Opens the trigger that a plan names, with the faults of events and invocations.

import type { Clock } from '../core/clock.ts';
import type { FaultSelection } from '../core/fault.ts';
import { invariant } from '../core/errors.ts';
import type { Corpus } from '../core/model/corpus.ts';
import type { Report, Store, StoreNotifications, Target, Trigger } from '../core/model/trigger.ts';
import { randomSource } from '../core/random.ts';
import { lambdaFaults, type LambdaFaultConfig } from '../lambda/faults/index.ts';
import type { ResolvedFault } from '../scenario/faults.ts';
import type { Plan } from '../scenario/plan.ts';
import type { EventFaultConfig } from '../triggers/faults/index.ts';
import type { PlannedInvocationFault } from '../triggers/invocation-faults.ts';
import { openTrigger } from '../triggers/open-trigger.ts';
import type { Queues } from '../triggers/queues.ts';

export interface TriggerNeeds {
  readonly clock: Clock;
  readonly startedMs: number;
  readonly store: Store;
  readonly queues: Queues;
  readonly notifications: StoreNotifications | undefined;
  readonly target: Target;
  readonly corpus: Corpus;
  readonly report: Report;
}

export function openPlannedTrigger(plan: Plan, needs: TriggerNeeds, signal: AbortSignal): Trigger {
  const { store, corpus, notifications, ...rest } = needs;
  return openTrigger({
    ...rest,
    ...(notifications ? { notifications } : {}),
    config: plan.trigger,
    random: randomSource(plan.seed).split('trigger'),
    region: store.address.region,
    objectCount: corpus.objects.length,
    eventFaults: plan.faults.filter(({ kind }) => kind.startsWith('event.')) as readonly EventFaultConfig[],
    invocationFaults: plan.faults.filter(({ kind }) => kind.startsWith('lambda.')).map(planned),
    signal,
  });
}

function planned(config: ResolvedFault): PlannedInvocationFault {
  const fault = lambdaFaults.find((entry) => entry.kind === config.kind);
  invariant(fault, `There is no fault ${config.kind}.`);
  return {
    kind: config.kind,
    selection: config as FaultSelection,
    effect: fault.effect(config as LambdaFaultConfig),
  };
}
