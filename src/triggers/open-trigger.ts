// Opens a trigger on its way: Lambda's asynchronous queue, an SQS queue that a mapping or the target itself reads, or none.

import type { Clock } from '../core/clock.ts';
import { invariant } from '../core/errors.ts';
import type { Report, StoreNotifications, Target, Trigger } from '../core/model/trigger.ts';
import type { RandomSource } from '../core/random.ts';
import { openAnnouncer, type Announcer } from './announcer.ts';
import { bucketNotices } from './bucket-notice.ts';
import { openAsynchronousQueue, type DeadLetter } from './asynchronous.ts';
import { deadLetterMessage, destinationRecord } from './envelopes/dead-letter.ts';
import { openEventSourceMapping, type Announced } from './event-source-mapping.ts';
import type { EventFaultConfig } from './faults/index.ts';
import { uuidSource } from './ids.ts';
import { triggers } from './index.ts';
import { planInvocationFaults, type InvocationFaults, type PlannedInvocationFault } from './invocation-faults.ts';
import type { TriggerConfig, TriggerKind } from './kind.ts';
import type { Notification } from './notification.ts';
import type { Message, QueueListener } from './queue/queue.ts';
import type { Queues } from './queues.ts';
import { openRelay } from './relay.ts';

export interface TriggerOptions {
  readonly config: TriggerConfig;
  readonly queues: Queues;
  /** Of the store, where the trigger hands on what that sends. */
  readonly notifications?: StoreNotifications;
  readonly target: Target;
  readonly clock: Clock;
  /** When the run began, on the rig's clock. */
  readonly startedMs: number;
  readonly random: RandomSource;
  readonly region: string;
  readonly report: Report;
  /** Objects of the corpus: faults are planned over them. */
  readonly objectCount: number;
  readonly eventFaults: readonly EventFaultConfig[];
  readonly invocationFaults: readonly PlannedInvocationFault[];
  /** Ends what runs and what waits. */
  readonly signal: AbortSignal;
}

/** AWS's defaults for asynchronous invocation and for mappings (Lambda API reference). */
const defaults = { retries: 2, maximumEventAgeMs: 6 * 3_600_000, batchSize: 10 };

/** A way on which events travel. */
interface Way extends AsyncDisposable {
  send(notification: Notification): void;
  pendingCount(): number;
  waitingCount(): number;
}

export function openTrigger(options: TriggerOptions): Trigger {
  const { config, random, queues } = options;
  const kind = triggers.find((entry) => entry.kind === config.kind);
  invariant(kind, `There is no trigger ${config.kind}.`);
  const notificationOf = bucketNotices();
  const closing = new AbortController();
  const signal = AbortSignal.any([options.signal, closing.signal]);
  const announcer = openSender(kind, { ...options, signal }, (notification) => way.send(notification));
  const faults = planInvocationFaults(options.invocationFaults, announcer.eventCount, random.split('invocations'));
  const way = openWay(kind, { ...options, signal, faults });
  return {
    notify: (stored) => announcer.announce(stored),
    tell: (notice) => way.send(notificationOf(notice)),
    pendingCount: () => way.pendingCount() + announcer.heldCount(),
    waitingCount: () => way.waitingCount() + announcer.waitingCount(),
    movement: () => queues.main.movement,
    async [Symbol.asyncDispose]() {
      closing.abort();
      await way[Symbol.asyncDispose]();
    },
  };
}

/** Who tells of objects: the rig, in AWS's words and with faults, or the store itself. */
function openSender(kind: TriggerKind, options: TriggerOptions, send: Way['send']): Announcer {
  const { notifications, queues, random, eventFaults } = options;
  if (kind.sender !== 'store')
    return openAnnouncer({ ...options, random: random.split('events'), faults: eventFaults, send });
  invariant(notifications, `The trigger ${kind.kind} needs a store that sends notifications.`);
  return openRelay({ ...options, notifications, queue: queues.main });
}

interface WayOptions extends TriggerOptions {
  readonly faults: InvocationFaults;
}

function openWay(kind: TriggerKind, options: WayOptions): Way {
  const isPolling = options.target.drive === 'polling';
  switch (kind.way) {
    case 'none':
      return { send: () => undefined, pendingCount: () => 0, waitingCount: () => 0, [Symbol.asyncDispose]: nothing };
    case 'asynchronous':
      invariant(!isPolling, `The target ${options.target.kind} finds its work itself: nobody could invoke it.`);
      return asynchronousWay(kind, options);
    case 'queue':
      return isPolling ? polledWay(kind, options) : mappedWay(kind, options);
  }
}

function asynchronousWay(kind: TriggerKind, options: WayOptions): Way {
  const { config, queues, region, clock, random } = options;
  const newRequestId = uuidSource(random);
  const newId = uuidSource(random.split('envelopes'));
  const keep = (letter: DeadLetter): void => {
    if (config.onFailure === 'destination') {
      queues.deadLetters.send(JSON.stringify(destinationRecord(letter, region)));
    } else {
      const { body, attributes } = deadLetterMessage(letter);
      queues.deadLetters.send(body, { attributes });
    }
  };
  const queue = openAsynchronousQueue({
    ...options,
    maximumRetryAttempts: config.retries ?? defaults.retries,
    maximumEventAgeMs: config.maximumEventAgeMs ?? defaults.maximumEventAgeMs,
    ...(config.onFailure === 'discard' ? {} : { keepDeadLetter: keep }),
  });
  return {
    send({ content, place, objects, eventDelivery }) {
      const atMs = clock.nowMs();
      const payload = (): unknown => kind.wrap(content, { region, newId, atMs }, config);
      queue.push({ requestId: newRequestId(), payload, place, objects, eventDelivery });
    },
    pendingCount: () => queue.pendingCount(),
    waitingCount: () => queue.waitingCount(),
    [Symbol.asyncDispose]: () => queue[Symbol.asyncDispose](),
  };
}

function mappedWay(kind: TriggerKind, options: WayOptions): Way {
  const { config, queues, random, target } = options;
  queues.listen({ deadLettered: reportsDeadLetters(options) });
  const mapping = openEventSourceMapping({
    ...options,
    queue: queues.main,
    newRequestId: uuidSource(random),
    batchSize: config.batchSize ?? defaults.batchSize,
    batchWindowMs: config.batchWindowMs ?? 0,
    maximumConcurrency: config.maximumConcurrency ?? target.concurrency,
    reportBatchItemFailures: config.reportBatchItemFailures ?? false,
  });
  return {
    send: sendsToQueue(kind, options),
    pendingCount: () => Math.max(heldBy(queues), mapping.runningCount()),
    waitingCount: () => mapping.waitingCount(),
    [Symbol.asyncDispose]: () => mapping[Symbol.asyncDispose](),
  };
}

/** A poller says by deleting a message that it is done with it; one that it receives again was delivered again. */
function polledWay(kind: TriggerKind, options: WayOptions): Way {
  const { queues, report, clock } = options;
  const listener: QueueListener<Announced> = {
    received({ tag, receiveCount }) {
      if (!tag || receiveCount < 2) return;
      const { objects, eventDelivery } = tag;
      report({ type: 'notified', objects, sentMs: clock.nowMs(), eventDelivery: eventDelivery + receiveCount - 1 });
    },
    deleted({ tag }) {
      if (tag) report({ type: 'acknowledged', objects: tag.objects, atMs: clock.nowMs() });
    },
    deadLettered: reportsDeadLetters(options),
  };
  queues.listen(listener);
  return {
    send: sendsToQueue(kind, options),
    pendingCount: () => heldBy(queues),
    waitingCount: () => queues.main.counts.hidden + queues.main.counts.delayed,
    [Symbol.asyncDispose]: nothing,
  };
}

function reportsDeadLetters({ report, clock }: WayOptions): (message: Message<Announced>) => void {
  return ({ tag }) => {
    const objects = tag?.objects ?? [];
    report({ type: 'dead-lettered', objects, atMs: clock.nowMs(), condition: 'MaxReceivesExceeded' });
  };
}

function sendsToQueue(kind: TriggerKind, { config, queues, region, clock, random }: WayOptions): Way['send'] {
  const newId = uuidSource(random.split('envelopes'));
  return ({ content, place, objects, eventDelivery }) => {
    const body = kind.wrap(content, { region, newId, atMs: clock.nowMs() }, config) as string;
    queues.main.send(body, { tag: { place, objects, eventDelivery } });
  };
}

function heldBy({ main }: Queues): number {
  const { visible, hidden, delayed } = main.counts;
  return visible + hidden + delayed;
}

async function nothing(): Promise<void> {}
