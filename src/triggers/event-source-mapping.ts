// The event source mapping between a queue and a function: Lambda's pollers gather batches, invoke the function synchronously, and
// delete what succeeded; what failed is received again when its visibility timeout is over (Lambda guide, "Using Lambda with Amazon
// SQS").

import type { Clock } from '../core/clock.ts';
import type { InvocationResult, Report, Target } from '../core/model/trigger.ts';
import { failedItems } from './batch-item-failures.ts';
import { sqsEvent } from './envelopes/sqs-event.ts';
import { endOf } from './failure-details.ts';
import type { InvocationFaults, StruckAttempt } from './invocation-faults.ts';
import type { Queue, Received } from './queue/queue.ts';

/** What the trigger knows of a message that it sent. */
export interface Announced {
  readonly place: number;
  readonly objects: readonly number[];
  readonly eventDelivery: number;
}

export interface MappingOptions {
  readonly queue: Queue<Announced>;
  readonly target: Target;
  readonly clock: Clock;
  readonly startedMs: number;
  readonly report: Report;
  readonly faults: InvocationFaults;
  readonly newRequestId: () => string;
  readonly region: string;
  readonly batchSize: number;
  readonly batchWindowMs: number;
  readonly maximumConcurrency: number;
  readonly reportBatchItemFailures: boolean;
  readonly signal: AbortSignal;
}

export interface EventSourceMapping extends AsyncDisposable {
  /** Invocations, also of messages that another one has deleted meanwhile. */
  runningCount(): number;
  /** Messages that are neither in a running batch nor to be had now: they wait for a time. */
  waitingCount(): number;
}

/**
 * Lambda begins with five batches at once, and adds up to 300 a minute, to 1,250 (Lambda guide, "Configuring scaling behavior for
 * SQS event source mappings").
 */
const scaling = { first: 5, perMinute: 300, most: 1250 };

/** Of one invocation: a batch ends before its messages pass it (Lambda guide, "Using Lambda with Amazon SQS", batching behavior). */
const payloadLimitBytes = 6 * 1024 ** 2;

type Batch = readonly Received<Announced>[];

export function openEventSourceMapping(options: MappingOptions): EventSourceMapping {
  return new Mapping(options);
}

class Mapping implements EventSourceMapping {
  readonly #options: MappingOptions;
  readonly #closing = new AbortController();
  readonly #signal: AbortSignal;
  readonly #running = new Set<Promise<void>>();
  readonly #polling: Promise<void>;
  /** Received, and too much for the batch that they were received for. */
  #carried: Received<Announced>[] = [];
  #messagesRunning = 0;
  #isPaused = false;

  constructor(options: MappingOptions) {
    this.#options = options;
    this.#signal = AbortSignal.any([options.signal, this.#closing.signal]);
    this.#polling = this.#poll();
  }

  runningCount(): number {
    return this.#running.size;
  }

  waitingCount(): number {
    const { visible, hidden, delayed } = this.#options.queue.counts;
    return this.#isPaused ? visible + hidden + delayed : Math.max(0, hidden + delayed - this.#messagesRunning);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await Promise.all([this.#polling, ...this.#running]);
  }

  async #poll(): Promise<void> {
    const { queue, faults, clock, startedMs } = this.#options;
    while (!this.#signal.aborted) {
      while (this.#running.size >= this.#limit()) await Promise.race(this.#running);
      if (this.#carried.length === 0) await queue.untilVisible(Infinity, this.#signal);
      if (this.#signal.aborted) return;
      const batch = await this.#gather();
      if (batch.length === 0) continue;
      const sightings = batch.flatMap(({ message: { tag }, receiveCount }) =>
        tag ? [{ place: tag.place, nth: receiveCount }] : [],
      );
      const struck = faults.strike(sightings, clock.nowMs() - startedMs);
      if (struck?.fault.pauseMs !== undefined) await this.#pause(struck.fault.pauseMs);
      if (this.#signal.aborted) return;
      this.#start(batch, struck);
    }
  }

  /** A reserved concurrency does not hold the pollers back: what they take beyond it is throttled. */
  #limit(): number {
    const { target, clock, startedMs, maximumConcurrency } = this.#options;
    const minutes = Math.floor((clock.nowMs() - startedMs) / 60_000);
    const scaled = Math.min(scaling.first + minutes * scaling.perMinute, scaling.most, maximumConcurrency);
    return target.throttles === true ? scaled : Math.min(scaled, target.concurrency);
  }

  /** Up to a batch of what is there; with a window, of what comes until the window is over. */
  async #gather(): Promise<Batch> {
    const { queue, batchSize, batchWindowMs, clock } = this.#options;
    const batch = this.#carried;
    if (batch.length < batchSize) batch.push(...queue.receive(batchSize - batch.length));
    const untilMs = clock.nowMs() + batchWindowMs;
    while (
      batch.length < batchSize &&
      bytesOf(batch) < payloadLimitBytes &&
      clock.nowMs() < untilMs &&
      !this.#signal.aborted
    ) {
      await queue.untilVisible(untilMs - clock.nowMs(), this.#signal);
      batch.push(...queue.receive(batchSize - batch.length));
    }
    let count = batch.length;
    while (count > 1 && bytesOf(batch.slice(0, count)) > payloadLimitBytes) count--;
    this.#carried = batch.splice(count);
    return batch;
  }

  async #pause(pauseMs: number): Promise<void> {
    await Promise.all(this.#running);
    this.#isPaused = true;
    await this.#options.clock.sleep(pauseMs, this.#signal).catch(() => undefined);
    this.#isPaused = false;
  }

  #start(batch: Batch, struck: StruckAttempt | undefined): void {
    const { target, report, clock } = this.#options;
    const objects = objectsOf(batch);
    const atMs = clock.nowMs();
    for (const kind of struck?.kinds ?? []) report({ type: 'fault', kind, atMs, objects });
    // A throttled batch stays hidden until its visibility timeout is over, and has been received once more.
    const isFull = target.throttles === true && this.#running.size >= target.concurrency;
    if (struck?.fault.throttles === true || isFull) return report({ type: 'throttled', objects, atMs });
    const run = this.#run(batch, struck);
    this.#messagesRunning += batch.length;
    this.#running.add(run);
    void run.finally(() => {
      this.#running.delete(run);
      this.#messagesRunning -= batch.length;
    });
  }

  async #run(batch: Batch, struck: StruckAttempt | undefined): Promise<void> {
    const { target, queue, newRequestId, region } = this.#options;
    const event = {
      requestId: newRequestId(),
      payload: sqsEvent(batch, { queueName: queue.options.name, region }),
      ...(struck ? { fault: struck.fault } : {}),
    };
    const result = await target.invoke(event, this.#signal);
    const failed = this.#failedOf(batch, result);
    this.#report(batch, { requestId: event.requestId, result, failed });
    for (const one of batch) if (!failed.includes(one)) queue.delete(one.receiptHandle);
  }

  #failedOf(batch: Batch, { outcome }: InvocationResult): Batch {
    if (outcome.status !== 'succeeded') return batch;
    if (!this.#options.reportBatchItemFailures) return [];
    const ids = batch.map(({ message }) => message.messageId);
    const failed = failedItems(outcome.payload, ids);
    return failed === 'all' ? batch : batch.filter(({ message }) => failed.has(message.messageId));
  }

  #report(
    batch: Batch,
    { requestId, result, failed }: { requestId: string; result: InvocationResult; failed: Batch },
  ): void {
    const { outcome } = result;
    const deliveries = batch.flatMap(({ message: { tag }, receiveCount }) =>
      (tag?.objects ?? []).map(() => (tag?.eventDelivery ?? 1) + receiveCount - 1),
    );
    const failedObjects = outcome.status === 'succeeded' ? objectsOf(failed) : [];
    this.#options.report({
      type: 'invocation',
      requestId,
      objects: objectsOf(batch),
      attempt: 1,
      eventDelivery: Math.max(1, ...deliveries),
      deliveries,
      ...(failedObjects.length === 0 ? {} : { failedObjects }),
      ...(this.#options.reportBatchItemFailures ? { answersForEach: true as const } : {}),
      ...endOf(result),
    });
  }
}

function bytesOf(batch: Batch): number {
  return batch.reduce((sum, { message }) => sum + Buffer.byteLength(message.body), 0);
}

function objectsOf(batch: Batch): number[] {
  return batch.flatMap(({ message: { tag } }) => tag?.objects ?? []);
}
