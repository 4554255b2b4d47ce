// The trigger of a plan: its quantities read, and what cannot hold together with target and faults told.

import { eventFaults } from '../triggers/faults/index.ts';
import { triggers } from '../triggers/index.ts';
import type { TriggerConfig } from '../triggers/kind.ts';
import type { Complain } from './complain.ts';
import { isPolling } from './container-plan.ts';
import { resolveQuantities } from './faults.ts';

type Mapping = Record<string, unknown>;

interface Sections {
  readonly trigger: Mapping;
  readonly store: Mapping;
  readonly target: Mapping;
  readonly faults: readonly Mapping[];
}

/** Ranges that AWS allows, in ms (Lambda API reference, PutFunctionEventInvokeConfig and CreateEventSourceMapping; SQS's CreateQueue). */
const ranges = {
  maximumEventAge: { range: [60_000, 21_600_000], words: '60s to 6h' },
  batchWindow: { range: [0, 300_000], words: '0s to 5m' },
  visibility: { range: [0, 43_200_000], words: '0s to 12h' },
} as const;

/** A target that polls has nothing to be invoked by: it finds S3's events in a queue. */
export function defaultTrigger(target: unknown): Mapping {
  return { kind: typeof target === 'object' && isPolling(target as Mapping) ? 'sqs' : 's3-event' };
}

export function planTrigger({ trigger, store, target, faults }: Sections, complain: Complain): TriggerConfig {
  const config = resolveQuantities(trigger, triggers) as unknown as TriggerConfig & Mapping;
  for (const [key, { range, words }] of Object.entries(ranges)) {
    const value = config[`${key}Ms`] as number | undefined;
    if (value === undefined || (value >= range[0] && value <= range[1])) continue;
    complain(['trigger', key], `trigger.${key}: ${String(trigger[key])} is outside of AWS's range, ${words}.`);
  }
  if ((config.batchSize ?? 0) > 10 && (config.batchWindowMs ?? 0) < 1000) {
    const message = `trigger.batchSize: ${config.batchSize} messages are more than one receipt brings; AWS then wants a batchWindow of at least 1s.`;
    complain(['trigger', 'batchSize'], message);
  }
  complainOfStore(config.kind, store, complain);
  complainOfTarget(config.kind, target, complain);
  faults.forEach(({ kind }, index) => {
    complainOfFault({ kind: String(kind), index }, config.kind, complain);
    if (String(kind).startsWith('lambda.') && target['kind'] !== 'lambda' && target['lambda'] === undefined) {
      complain(
        ['faults', index, 'kind'],
        `faults: ${String(kind)} needs a Lambda target; this one is a ${String(target['kind'])}.`,
      );
    }
  });
  return config;
}

function complainOfStore(kind: string, store: Mapping, complain: Complain): void {
  if (!isSentByStore(kind) || store['kind'] === 'localstack') return;
  const message = `trigger.kind: "${kind}" hands on what the store itself sends, and a store of kind ${String(store['kind'])} sends nothing. Choose sqs, or the store localstack.`;
  complain(['trigger', 'kind'], message);
}

function isSentByStore(trigger: string): boolean {
  return triggers.find(({ kind }) => kind === trigger)?.sender === 'store';
}

function complainOfTarget(kind: string, target: Mapping, complain: Complain): void {
  const way = triggers.find((entry) => entry.kind === kind)?.way;
  const polls = isPolling(target);
  if (!polls && way === 'none') {
    complain(['trigger', 'kind'], 'trigger.kind: with "none" nobody invokes a Lambda target. Choose another trigger.');
  }
  if (polls && way === 'asynchronous') {
    const message = `trigger.kind: "${kind}" invokes a function, and a target of kind ${String(target['kind'])} polls. Choose sqs, sns-sqs, eventbridge-sqs, store-sqs or none.`;
    complain(['trigger', 'kind'], message);
  }
}

function complainOfFault(fault: { kind: string; index: number }, trigger: string, complain: Complain): void {
  if (isSentByStore(trigger) && fault.kind.startsWith('event.')) {
    const message = `faults: ${fault.kind} works on events that the rig sends; with the trigger ${trigger} the store sends them. Choose sqs.`;
    return complain(['faults', fault.index, 'kind'], message);
  }
  const { triggers: carriers } = eventFaults.find((entry) => entry.kind === fault.kind) ?? {};
  if (!carriers || carriers.includes(trigger)) return;
  const message = `faults: ${fault.kind} does not exist on the way of the trigger ${trigger}; it does with ${carriers.join(', ')}.`;
  complain(['faults', fault.index, 'kind'], message);
}
