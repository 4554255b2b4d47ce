// One invocation: every object of the event to its end, one summary line, and an error if anything was not delivered. All items
// end before the error is thrown, so no request of this invocation lives on into the next.

import { BatchBuilder } from './batch.ts';
import type { Config } from './config.ts';
import { Delivery } from './deliver.ts';
import { describeOrigin } from './origin.ts';
import { readEvent, type EventItem, type ObjectReference } from './event.ts';
import { forwardObject, type LineCounts, type ObjectKind } from './forward-object.ts';
import type { Poster } from './post.ts';
import type { ReadNeeds } from './read.ts';
import { formatSummary, type Summary } from './summary.ts';
import type { Surroundings } from './surroundings.ts';

export interface ForwarderParts {
  readonly config: Config;
  readonly s3: ReadNeeds['s3'];
  readonly poster: Poster;
  readonly surroundings: Surroundings;
  /** The forwarder's own version, for the instrumentation scope. */
  readonly version: string;
  readonly functionName: string;
}

/** What was forwarded, and which messages of a queue were not, where they are to be named. */
export interface Forwarded {
  readonly objects: number;
  readonly records: number;
  /** Lambda guide, "Implementing partial batch responses". */
  readonly batchItemFailures?: readonly { readonly itemIdentifier: string }[];
}

/**
 * Resolves to what was forwarded; rejects when any line of any object was not, unless the answer names the messages that failed.
 * `remainingMs` is the function's time.
 */
export type Forwarder = (event: unknown, remainingMs: number) => Promise<Forwarded>;

/** S3 silent for so long is S3 gone. */
const idleTimeoutMs = 10_000;

/** Keeps nothing from one invocation to the next but buffers and connections. */
export function createForwarder(parts: ForwarderParts): Forwarder {
  const { config, surroundings } = parts;
  const builder = new BatchBuilder({ maxBytes: config.batchMaxBytes, maxRecords: config.batchMaxRecords });
  let coldStart = true;
  return async (event, remainingMs) => {
    const summary = emptySummary(coldStart);
    coldStart = false;
    const startedMs = surroundings.nowMs();
    const items = readEvent(event);
    const delivery = new Delivery({
      poster: parts.poster,
      surroundings,
      maxAttempts: config.maxAttempts,
      requestTimeoutMs: config.requestTimeoutMs,
      sendUntilMs: startedMs + remainingMs - Math.min(500, remainingMs * 0.02),
    });
    const failures: string[] = [];
    const failedMessages = new Set<string | undefined>();
    for (const item of items) {
      const failure = await forwardItem(item, {
        parts,
        summary,
        delivery,
        builder,
        stopAtMs: stopAt(startedMs, remainingMs),
      });
      if (failure === undefined) continue;
      failures.push(failure);
      failedMessages.add(item.messageId);
    }
    Object.assign(summary.delivery, delivery.counts);
    surroundings.log(
      formatSummary(summary, {
        atMs: startedMs,
        durationMs: surroundings.nowMs() - startedMs,
        functionName: parts.functionName,
      }),
    );
    const forwarded = { objects: summary.objects.forwarded, records: summary.lines.delivered };
    const isReported = config.batchFailures === 'report' && items.every(({ messageId }) => messageId !== undefined);
    if (isReported) {
      const batchItemFailures = [...failedMessages].map((itemIdentifier) => ({ itemIdentifier: itemIdentifier! }));
      return { ...forwarded, batchItemFailures };
    }
    if (failures.length > 0) {
      throw new Error(
        `${failures.length} of ${items.length} items of the event were not forwarded. ${failures.join(' ')}`,
      );
    }
    return forwarded;
  };
}

/** What is read after this time could not be sent any more: at least 2 s are kept, but no more than a tenth of the time there is. */
function stopAt(startedMs: number, remainingMs: number): (slowestMs: number) => number {
  return (slowestMs) => startedMs + remainingMs - Math.min(Math.max(2000, 3 * slowestMs + 1000), remainingMs * 0.1);
}

interface Invocation {
  readonly parts: ForwarderParts;
  readonly summary: Summary;
  readonly delivery: Delivery;
  readonly builder: BatchBuilder;
  readonly stopAtMs: (slowestMs: number) => number;
}

/** Undefined, or a sentence that says which item failed and why. */
async function forwardItem(item: EventItem, invocation: Invocation): Promise<string | undefined> {
  const { summary } = invocation;
  if (item.kind === 'ignored') {
    summary.ignored += 1;
    return undefined;
  }
  if (item.kind === 'broken') {
    summary.objects.failed += 1;
    return item.message;
  }
  const lines = emptyLines();
  try {
    const kind = await forwardInTime(item.object, lines, invocation);
    summary.objects[kind] += 1;
    note(item.object, kind, invocation);
    return undefined;
  } catch (error) {
    summary.objects.failed += 1;
    const sentence = `s3://${item.object.bucket}/${item.object.key}: ${(error as Error).message}`;
    invocation.parts.surroundings.log(`Failed: ${sentence}`);
    return sentence;
  } finally {
    for (const name of Object.keys(lines) as (keyof LineCounts)[]) summary.lines[name] += lines[name];
  }
}

async function forwardInTime(object: ObjectReference, lines: LineCounts, invocation: Invocation): Promise<ObjectKind> {
  const { parts, delivery, builder, stopAtMs, summary } = invocation;
  const { surroundings, config, s3 } = parts;
  if (delivery.circuit) throw delivery.circuit;
  const stop = new AbortController();
  let cancel = (): void => undefined;
  // The margin grows with the requests seen, so the time is looked at again when the first one is over.
  const watch = (): void => {
    const leftMs = stopAtMs(delivery.slowestMs) - surroundings.nowMs();
    if (leftMs <= 0) stop.abort(new Error(`The function's time is over; ${lines.delivered} lines were delivered.`));
    else cancel = surroundings.after(leftMs, watch);
  };
  watch();
  try {
    stop.signal.throwIfAborted();
    return await forwardObject(object, lines, {
      config,
      delivery,
      builder,
      describeOrigin: (reference) => describeOrigin(reference, { config, surroundings, version: parts.version }),
      read: { s3, surroundings, signal: stop.signal, idleTimeoutMs, onResume: () => void (summary.resumes += 1) },
    });
  } finally {
    cancel();
  }
}

/** What succeeded without a record forwarded is still said, once an object. */
function note(object: ObjectReference, kind: ObjectKind, invocation: Invocation): void {
  if (kind === 'forwarded' || kind === 'empty') return;
  const why = {
    foreign: 'holds no flow logs; left alone',
    missing: 'was deleted before it was read; nothing to forward',
    superseded: 'was overwritten before it was read; its own event follows',
  }[kind];
  invocation.parts.surroundings.log(`s3://${object.bucket}/${object.key} ${why}.`);
}

function emptyLines(): LineCounts {
  return { read: 0, header: 0, blank: 0, delivered: 0, malformed: 0, tooLong: 0 };
}

function emptySummary(coldStart: boolean): Summary {
  return {
    coldStart,
    objects: { forwarded: 0, empty: 0, foreign: 0, missing: 0, superseded: 0, failed: 0 },
    ignored: 0,
    resumes: 0,
    lines: emptyLines(),
    delivery: { requests: 0, retries: 0, halvings: 0, bytesSent: 0, delivered: 0, refused: 0 },
  };
}
