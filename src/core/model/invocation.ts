// What happened to objects, events and invocations: the facts that the oracle joins with what arrived.

/** The forwarder's failure is a fact to record, never an exception of ours. */
export type InvocationOutcome =
  | { readonly status: 'succeeded'; readonly payload: unknown }
  | { readonly status: 'failed'; readonly errorType: string; readonly message: string; readonly lastOutput?: string }
  | { readonly status: 'timed-out'; readonly message: string; readonly lastOutput?: string }
  | { readonly status: 'out-of-memory'; readonly message: string; readonly lastOutput?: string };

export type InvocationStatus = InvocationOutcome['status'];

/** What one attempt used, its init included. */
export interface InvocationUsage {
  /** Of all its processes, in hundredths of a second: the kernel counts no finer. */
  readonly cpuS: number;
  /** The sandbox's so far. */
  readonly rssPeakBytes: number;
  readonly billedMs: number;
}

/** One attempt of one event. Times are Unix ms on the rig's clock. */
export interface InvocationFact {
  readonly type: 'invocation';
  readonly requestId: string;
  /** Indexes of the corpus objects that the event names. */
  readonly objects: readonly number[];
  /** Attempt at this event, from 1. */
  readonly attempt: number;
  /** Which delivery of this event: 1, or more where a fault or a visibility timeout delivered it again. */
  readonly eventDelivery: number;
  /** Which delivery of each object's event, in the order of `objects`: a batch of a queue mixes new messages and old ones. */
  readonly deliveries?: readonly number[];
  /** Objects of the messages that a successful answer named in `batchItemFailures`: they come again. */
  readonly failedObjects?: readonly number[];
  /** The answer may name failed messages one by one: what befalls one of them is no reason to fail the others. */
  readonly answersForEach?: true;
  readonly startedMs: number;
  readonly endedMs: number;
  readonly status: InvocationStatus;
  /** True where the sandbox was started for it. */
  readonly cold: boolean;
  readonly errorType?: string;
  readonly message?: string;
  readonly lastOutput?: string;
  readonly usage?: InvocationUsage;
}

/** An object was stored: `storedMs` is the end of its PUT, from which latency counts unless the plan was paced. */
export interface StoredFact {
  readonly type: 'stored';
  readonly object: number;
  readonly key: string;
  readonly sizeBytes: number;
  /** Data lines in it. */
  readonly lineCount?: number;
  readonly storedMs: number;
  /** When the plan wanted it there; absent when flat-out. */
  readonly dueMs?: number;
}

/** A client asked the store for the object, or for what it says of it. */
export interface ReadFact {
  readonly type: 'read';
  readonly object: number;
  readonly atMs: number;
  /** As S3's API Reference spells it: `GetObject`, `HeadObject`. */
  readonly operation: string;
  readonly statusCode: number;
}

/** The trigger sent the event of these objects. */
export interface NotifiedFact {
  readonly type: 'notified';
  readonly objects: readonly number[];
  readonly sentMs: number;
  readonly eventDelivery: number;
}

/** Lambda refused to start an invocation for now (429); it counts as no attempt. */
export interface ThrottledFact {
  readonly type: 'throttled';
  readonly objects: readonly number[];
  readonly atMs: number;
}

/** A target that polls deleted the event's message: it says that it is done with these objects. */
export interface AcknowledgedFact {
  readonly type: 'acknowledged';
  readonly objects: readonly number[];
  readonly atMs: number;
}

/** The trigger gave up on the event, and what is left of it lies in a dead-letter queue or destination. */
export interface DeadLetteredFact {
  readonly type: 'dead-lettered';
  readonly objects: readonly number[];
  readonly atMs: number;
  readonly condition: 'RetriesExhausted' | 'EventAgeExceeded' | 'MaxReceivesExceeded';
}

/** The trigger gave up on the event, and nothing is left of it: no dead-letter queue and no destination was set. */
export interface DiscardedFact {
  readonly type: 'discarded';
  readonly objects: readonly number[];
  readonly atMs: number;
  readonly condition: DeadLetteredFact['condition'];
}

/** A fault fired; `object` where it touched one that is known, `objects` where it touched several at once. */
export interface FaultFact {
  readonly type: 'fault';
  readonly kind: string;
  readonly atMs: number;
  readonly object?: number;
  readonly objects?: readonly number[];
  /** The store gives this version of the object to nobody: what it holds is not owed. */
  readonly withholds?: true;
}

/** The target wanted to leave for a host that the rig does not stand for, and was refused. */
export interface EgressRefusedFact {
  readonly type: 'egress-refused';
  readonly host: string;
  readonly port: number;
  readonly atMs: number;
}

/** How a run ended, the last line of events.ndjson. `complete` is the only one that proves a loss. */
export interface EndedFact {
  readonly type: 'ended';
  readonly atMs: number;
  readonly how: 'complete' | 'interrupted' | 'drain-limit';
  readonly skippedMs: number;
}

/** One line of events.ndjson, in the order in which they happened. */
export type RunFact =
  | StoredFact
  | ReadFact
  | NotifiedFact
  | InvocationFact
  | ThrottledFact
  | AcknowledgedFact
  | DeadLetteredFact
  | DiscardedFact
  | FaultFact
  | EgressRefusedFact
  | EndedFact;
