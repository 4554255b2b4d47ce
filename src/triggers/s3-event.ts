// S3 invokes a function asynchronously: Lambda keeps the event in a queue of its own, tries a failed one again after 1 minute and
// once more after 2, and then gives up (Lambda guide, "How Lambda handles errors and retries with asynchronous invocation").

import type { Clock } from '../core/clock.ts';
import { invariant } from '../core/errors.ts';
import type { Report, StoredObject, Target, TargetEvent, Trigger } from '../core/model/trigger.ts';
import type { RandomSource } from '../core/random.ts';
import { newSequencer, s3Message } from './s3-message.ts';

export interface S3EventTriggerOptions {
  /** An `invoked` one. */
  readonly target: Target;
  readonly clock: Clock;
  /** Request ids are drawn from it. */
  readonly random: RandomSource;
  readonly region: string;
  readonly report: Report;
  /** 0 to 2, as AWS has it; default 2. */
  readonly maximumRetryAttempts?: number;
  /** Ends what runs and what waits. */
  readonly signal: AbortSignal;
}

/** The wait before the second attempt and before the third (same page). */
const retryWaitsMs = [60_000, 120_000];

interface QueuedEvent extends TargetEvent {
  readonly object: number;
  /** The attempt that comes next, from 1. */
  attempt: number;
}

/** Events start in the order in which they came, as many at once as the target takes. */
export function openS3EventTrigger(options: S3EventTriggerOptions): Trigger {
  const { target, clock, random, region, report, maximumRetryAttempts = 2 } = options;
  invariant(
    target.drive === 'invoked',
    `The target ${target.kind} finds its work itself: S3 events would not reach it.`,
  );
  const closing = new AbortController();
  const signal = AbortSignal.any([options.signal, closing.signal]);
  const sequencer = newSequencer();
  const queue: QueuedEvent[] = [];
  const running = new Set<Promise<void>>();
  const waiting = new Set<Promise<void>>();
  let eventCount = 0;

  function follow(set: Set<Promise<void>>, work: Promise<void>): void {
    set.add(work);
    void work.finally(() => {
      set.delete(work);
      startQueued();
    });
  }

  function startQueued(): void {
    while (queue.length > 0 && running.size < target.concurrency && !signal.aborted)
      follow(running, attempt(queue.shift()!));
  }

  async function attempt(event: QueuedEvent): Promise<void> {
    const { outcome, startedMs, endedMs, cold } = await target.invoke(event, signal);
    const objects = [event.object];
    report({
      type: 'invocation',
      requestId: event.requestId,
      objects,
      attempt: event.attempt,
      eventDelivery: 1,
      startedMs,
      endedMs,
      status: outcome.status,
      cold,
      ...(outcome.status === 'succeeded' ? {} : detailsOf(outcome)),
    });
    if (outcome.status === 'succeeded' || signal.aborted) return;
    if (event.attempt > maximumRetryAttempts) {
      return report({ type: 'dead-lettered', objects, atMs: endedMs, condition: 'RetriesExhausted' });
    }
    follow(waiting, retryLater(event));
  }

  async function retryLater(event: QueuedEvent): Promise<void> {
    await clock.sleep(retryWaitsMs[event.attempt - 1]!, signal).catch(() => undefined);
    event.attempt++;
    queue.push(event);
  }

  return {
    notify(stored: StoredObject) {
      const payload = s3Message(stored, { region, sequencer: sequencer(stored.storedMs) });
      queue.push({ requestId: newRequestId(random, eventCount++), payload, object: stored.index, attempt: 1 });
      report({ type: 'notified', objects: [stored.index], sentMs: clock.nowMs(), eventDelivery: 1 });
      startQueued();
    },
    pendingCount: () => queue.length + running.size + waiting.size,
    waitingCount: () => waiting.size,
    async [Symbol.asyncDispose]() {
      closing.abort();
      await Promise.all([...running, ...waiting]);
    },
  };
}

type Failure = Exclude<Awaited<ReturnType<Target['invoke']>>['outcome'], { status: 'succeeded' }>;

function detailsOf(failure: Failure): { errorType?: string; message: string; lastOutput?: string } {
  const { message, lastOutput } = failure;
  return {
    ...(failure.status === 'failed' ? { errorType: failure.errorType } : {}),
    message,
    ...(lastOutput === undefined ? {} : { lastOutput }),
  };
}

/** A version 4 UUID, as Lambda's request ids are. */
function newRequestId(random: RandomSource, index: number): string {
  const hex = [0, 1, 2, 3].map((word) => random.at(index, word).toString(16).padStart(8, '0')).join('');
  const variant = '89ab'[random.at(index, 4) % 4];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}
