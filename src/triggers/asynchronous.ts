// Asynchronous invocation: Lambda keeps the event in a queue of its own, tries a failed one again after 1 minute and once more after
// 2, sends a throttled one back with growing waits for as long as the event may live, and then gives up (Lambda guide, "How Lambda
// handles errors and retries with asynchronous invocation").

import type { Clock } from '../core/clock.ts';
import type { DeadLetteredFact, InvocationOutcome } from '../core/model/invocation.ts';
import type { InvocationResult, Report, Target } from '../core/model/trigger.ts';
import { endOf } from './failure-details.ts';
import { Fifo } from './fifo.ts';
import type { InvocationFaults, StruckAttempt } from './invocation-faults.ts';

export interface AsynchronousOptions {
  readonly target: Target;
  readonly clock: Clock;
  /** Of the rig's clock: faults count from it. */
  readonly startedMs: number;
  readonly report: Report;
  readonly faults: InvocationFaults;
  /** 0 to 2, as AWS has it. */
  readonly maximumRetryAttempts: number;
  readonly maximumEventAgeMs: number;
  /** Keeps what is left of an event that Lambda gave up on; undefined where it is thrown away. */
  readonly keepDeadLetter?: (letter: DeadLetter) => void;
  /** Ends what runs and what waits. */
  readonly signal: AbortSignal;
}

/** An event that Lambda gave up on, with what the last attempt came to where there was one. */
export interface DeadLetter {
  readonly requestId: string;
  readonly payload: unknown;
  readonly condition: GiveUp;
  /** Attempts, throttled ones not counted. */
  readonly attempts: number;
  readonly outcome?: InvocationOutcome;
  readonly atMs: number;
}

type GiveUp = Extract<DeadLetteredFact['condition'], 'RetriesExhausted' | 'EventAgeExceeded'>;

/** What goes in: a target's event, and what facts tell of it. */
export interface AsynchronousEvent {
  readonly requestId: string;
  /** Makes the payload when its first attempt comes up: of many that wait, only what they announce is held. */
  readonly payload: () => unknown;
  readonly place: number;
  readonly objects: readonly number[];
  readonly eventDelivery: number;
}

export interface AsynchronousQueue extends AsyncDisposable {
  push(event: AsynchronousEvent): void;
  pendingCount(): number;
  waitingCount(): number;
}

/** The wait before the second attempt and before the third (same page). */
const retryWaitsMs = [60_000, 120_000];

/** A throttled event comes back after 1 s, then after twice as long each time, up to 5 minutes (same page). */
const throttleWaitMs = { first: 1000, most: 300_000 };

interface Queued {
  readonly event: AsynchronousEvent;
  readonly sentMs: number;
  /** Made for the first attempt, the same for all. */
  payload?: unknown;
  attempt: number;
  throttles: number;
  /** Decided when the attempt comes up; a pause that was served is over. */
  struck?: StruckAttempt | 'nothing';
  hasPaused?: boolean;
}

/** Events start in the order in which they came, as many at once as the target takes. */
export function openAsynchronousQueue(options: AsynchronousOptions): AsynchronousQueue {
  const queue = new LambdaQueue(options);
  return {
    push: (event) => queue.push(event),
    pendingCount: () => queue.pendingCount(),
    waitingCount: () => queue.waitingCount(),
    [Symbol.asyncDispose]: () => queue.close(),
  };
}

class LambdaQueue {
  readonly #options: AsynchronousOptions;
  readonly #closing = new AbortController();
  readonly #signal: AbortSignal;
  /** What the signal says. A signal of two looks at both of them each time, which an event at once would feel. */
  #isOver: boolean;
  readonly #queue = new Fifo<Queued>();
  #running = 0;
  #waiting = 0;
  #isPaused = false;
  #whenStill: (() => void) | undefined;

  constructor(options: AsynchronousOptions) {
    this.#options = options;
    this.#signal = AbortSignal.any([options.signal, this.#closing.signal]);
    this.#isOver = this.#signal.aborted;
    this.#signal.addEventListener('abort', () => (this.#isOver = true));
  }

  push(event: AsynchronousEvent): void {
    this.#queue.push({ event, sentMs: this.#options.clock.nowMs(), attempt: 1, throttles: 0 });
    this.#startQueued();
  }

  pendingCount(): number {
    return this.#queue.length + this.#running + this.#waiting;
  }

  /** While the function stands still by a fault, all that is queued waits for a time. */
  waitingCount(): number {
    return this.#waiting + (this.#isPaused ? this.#queue.length : 0);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    if (this.#running + this.#waiting > 0) await new Promise<void>((resolve) => (this.#whenStill = resolve));
  }

  #startQueued(): void {
    const { target } = this.#options;
    while (!this.#isPaused && !this.#isOver) {
      const next = this.#queue.peek();
      if (!next) return;
      const isFull = this.#running >= target.concurrency;
      if (isFull && target.throttles !== true) return;
      if (this.#mustPause(next)) return;
      this.#queue.shift();
      const isFaulted = faultOf(next)?.throttles === true;
      if (isFaulted) this.#reportFaults(next, this.#options.clock.nowMs());
      if (isFull || isFaulted) this.#throttle(next);
      else this.#run(next);
    }
  }

  /** A pause begins when nothing runs any more, and the clock may jump over it. */
  #mustPause(next: Queued): boolean {
    const { faults, clock, startedMs } = this.#options;
    const { event, attempt, throttles } = next;
    next.struck ??=
      faults.strike([{ place: event.place, nth: attempt + throttles }], clock.nowMs() - startedMs) ?? 'nothing';
    const pauseMs = faultOf(next)?.pauseMs;
    if (pauseMs === undefined || next.hasPaused === true) return false;
    if (this.#running > 0) return true;
    next.hasPaused = true;
    this.#isPaused = true;
    this.#later(pauseMs, () => (this.#isPaused = false));
    return true;
  }

  #throttle(queued: Queued): void {
    const { clock, report } = this.#options;
    report({ type: 'throttled', objects: queued.event.objects, atMs: clock.nowMs() });
    const backOffMs = Math.min(throttleWaitMs.first * 2 ** queued.throttles, throttleWaitMs.most);
    queued.throttles++;
    this.#again(queued, backOffMs);
  }

  #run(queued: Queued): void {
    const { target, clock } = this.#options;
    const { requestId } = queued.event;
    const payload = (queued.payload ??= queued.event.payload());
    const fault = faultOf(queued);
    this.#reportFaults(queued, clock.nowMs());
    this.#running++;
    void target.invoke(fault ? { requestId, payload, fault } : { requestId, payload }, this.#signal).then((result) => {
      this.#running--;
      this.#ended(queued, result);
      this.#moveOn();
    });
  }

  #ended(queued: Queued, result: InvocationResult): void {
    const { outcome } = result;
    const { report, maximumRetryAttempts } = this.#options;
    const { requestId, objects, eventDelivery } = queued.event;
    const { attempt } = queued;
    report({
      type: 'invocation',
      requestId,
      objects,
      attempt,
      eventDelivery,
      ...endOf(result),
    });
    if (outcome.status === 'succeeded' || this.#isOver) return;
    queued.attempt++;
    if (attempt > maximumRetryAttempts) this.#giveUp(queued, 'RetriesExhausted', outcome);
    else this.#again(queued, retryWaitsMs[attempt - 1]!, outcome);
  }

  /** Back into the queue after a wait, unless the event grows too old meanwhile. */
  #again(queued: Queued, waitMs: number, outcome?: InvocationOutcome): void {
    const { clock, maximumEventAgeMs } = this.#options;
    const leftMs = queued.sentMs + maximumEventAgeMs - clock.nowMs();
    delete queued.struck;
    delete queued.hasPaused;
    this.#later(Math.max(0, Math.min(waitMs, leftMs)), () => {
      if (leftMs <= waitMs) this.#giveUp(queued, 'EventAgeExceeded', outcome);
      else this.#queue.push(queued);
    });
  }

  #giveUp({ event, attempt, ...queued }: Queued, condition: GiveUp, outcome?: InvocationOutcome): void {
    const { report, clock, keepDeadLetter } = this.#options;
    const { requestId, objects } = event;
    const payload = queued.payload ?? event.payload();
    const atMs = clock.nowMs();
    report({ type: keepDeadLetter ? 'dead-lettered' : 'discarded', objects, atMs, condition });
    keepDeadLetter?.({ requestId, payload, condition, attempts: attempt - 1, atMs, ...(outcome ? { outcome } : {}) });
  }

  #later(waitMs: number, action: () => void): void {
    this.#waiting++;
    void this.#options.clock.sleep(waitMs, this.#signal).then(
      () => {
        this.#waiting--;
        action();
        this.#moveOn();
      },
      () => {
        this.#waiting--;
        this.#moveOn();
      },
    );
  }

  #moveOn(): void {
    this.#startQueued();
    if (this.#running + this.#waiting === 0) this.#whenStill?.();
  }

  #reportFaults({ struck, event }: Queued, atMs: number): void {
    if (struck === undefined || struck === 'nothing') return;
    for (const kind of struck.kinds) this.#options.report({ type: 'fault', kind, atMs, objects: event.objects });
  }
}

function faultOf({ struck }: Queued): StruckAttempt['fault'] | undefined {
  return struck === 'nothing' ? undefined : struck?.fault;
}
