// One batch to SigNoz: tried again while that can help, halved while it is refused, given up when neither does. One Delivery
// lives as long as one invocation; what it learned there (the circuit, the slowest request) ends with it.

import { judgeAnswer, type Answer } from './answer.ts';
import type { Batch } from './batch.ts';
import { halve } from './halve.ts';
import type { Poster } from './post.ts';
import { backoffMs, sleep, type Surroundings } from './surroundings.ts';

export interface DeliveryNeeds {
  readonly poster: Poster;
  readonly surroundings: Surroundings;
  readonly maxAttempts: number;
  readonly requestTimeoutMs: number;
  /** Unix ms: nothing is sent or waited for beyond it. */
  readonly sendUntilMs: number;
}

export interface DeliveryCounts {
  requests: number;
  retries: number;
  halvings: number;
  bytesSent: number;
  delivered: number;
  /** Refused one by one, or rejected by a partial success. */
  refused: number;
}

const waits = { firstMs: 200, capMs: 10_000 } as const;
/** So many records refused one by one are no odd records: something is wrong with all of them. */
const maxRefused = 32;

export class Delivery {
  readonly counts: DeliveryCounts = { requests: 0, retries: 0, halvings: 0, bytesSent: 0, delivered: 0, refused: 0 };
  /** The longest that one batch took, tries and waits included. */
  slowestMs = 0;
  /** Why nothing more will be sent in this invocation: a wrong key, path or certificate. */
  circuit: Error | undefined;
  readonly #needs: DeliveryNeeds;

  constructor(needs: DeliveryNeeds) {
    this.#needs = needs;
  }

  /** Resolves to the number of records that SigNoz took. Rejects when any was not taken for a reason that is not its own. */
  async deliver(batch: Batch): Promise<number> {
    const startedMs = this.#needs.surroundings.nowMs();
    try {
      return await this.#deliverParts(batch);
    } finally {
      this.slowestMs = Math.max(this.slowestMs, this.#needs.surroundings.nowMs() - startedMs);
    }
  }

  async #deliverParts(batch: Batch): Promise<number> {
    const rejected = await this.#send(batch);
    const { counts } = this;
    if (rejected !== 'payload') {
      counts.delivered += batch.recordCount - rejected;
      counts.refused += rejected;
      return batch.recordCount - rejected;
    }
    if (batch.recordCount === 1) {
      counts.refused += 1;
      if (counts.refused < maxRefused) return 0;
      throw this.#open(`SigNoz refused ${counts.refused} records sent one by one`);
    }
    counts.halvings += 1;
    const [first, second] = halve(batch);
    return (await this.#deliverParts(first)) + (await this.#deliverParts(second));
  }

  /** One body, until it is taken (resolves to the records rejected of it) or refused for what it is. */
  async #send(batch: Batch): Promise<number | 'payload'> {
    const { maxAttempts, surroundings } = this.#needs;
    for (let attempt = 1, mayBeStale = true; ; attempt++) {
      const answer = await this.#post(batch);
      const outcome = judgeAnswer(answer);
      switch (outcome.kind) {
        case 'delivered':
          return 0;
        case 'partial':
          // Never sent again: OTLP forbids it, and what was taken would be doubled.
          return Math.min(outcome.rejectedCount, batch.recordCount);
        case 'payload':
          return 'payload';
        case 'configuration':
          throw this.#open(outcome.reason);
        case 'stale':
          // Once, at once, on a connection of its own: the sink is well, only the old connection is gone.
          if (!mayBeStale) break;
          mayBeStale = false;
          attempt -= 1;
          this.counts.retries += 1;
          continue;
        case 'transient':
          break;
      }
      if (attempt >= maxAttempts) throw new Error(`${outcome.reason} (try ${attempt} of ${maxAttempts}).`);
      const waitMs = Math.max(backoffMs(surroundings, attempt, waits), retryAfterMs(answer, surroundings));
      if (surroundings.nowMs() + waitMs >= this.#needs.sendUntilMs) {
        throw new Error(`${outcome.reason} (try ${attempt}), and the next try would come after the function's time.`);
      }
      this.counts.retries += 1;
      await sleep(surroundings, waitMs);
    }
  }

  async #post(batch: Batch): Promise<Answer> {
    if (this.circuit) throw this.circuit;
    const { surroundings, sendUntilMs, requestTimeoutMs, poster } = this.#needs;
    const leftMs = sendUntilMs - surroundings.nowMs();
    if (leftMs <= 0) throw new Error('The function has no time left to send.');
    this.counts.requests += 1;
    this.counts.bytesSent += batch.body.length;
    return poster.post(batch.body, Math.min(requestTimeoutMs, leftMs));
  }

  #open(reason: string): Error {
    if (!this.circuit) {
      this.circuit = new Error(`${reason}. Nothing more is sent: check SIGNOZ_ENDPOINT and SIGNOZ_INGESTION_KEY.`);
      this.#needs.surroundings.log(this.circuit.message);
    }
    return this.circuit;
  }
}

/** Seconds or an HTTP date (RFC 9110, 10.2.3); 0 for what is neither. */
function retryAfterMs(answer: Answer, surroundings: Surroundings): number {
  const text = answer.kind === 'answer' ? answer.retryAfter?.trim() : undefined;
  if (!text) return 0;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const atMs = /^[A-Za-z]/.test(text) ? surroundings.parseTimeMs(text) : NaN;
  return Number.isNaN(atMs) ? 0 : Math.max(0, atMs - surroundings.nowMs());
}
