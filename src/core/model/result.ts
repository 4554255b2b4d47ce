// What a run says in the end: all that a report may know. Saved as result.json, format version 1.

import type { TargetLimits, TargetResources } from './trigger.ts';

/** `pass`, `fail`, or `unknown` where nothing can be proved. A verdict is the worst of its findings: fail over unknown over pass. */
export type Validity = 'pass' | 'fail' | 'unknown';

export interface Tally {
  /** Owed records: delivered + altered + missing + deadLettered. */
  readonly expected: number;
  readonly delivered: number;
  readonly altered: number;
  readonly missing: number;
  readonly deadLettered: number;
  /** Optional and unwanted lines of the corpus. */
  readonly notOwed: number;
  readonly unexpected: number;
  /** Surplus copies, each in the first class that fits. */
  readonly duplicated: {
    readonly afterLostReply: number;
    readonly afterDuplicateEvent: number;
    readonly afterFailedInvocation: number;
    readonly afterAcknowledgement: number;
  };
}

/** One example, enough to look the record up. Where nothing of the corpus fits (an invention), only what arrived is told. */
export interface Witness {
  readonly bucket?: string;
  readonly key?: string;
  /** Line in the object, from 1, the header counted. */
  readonly line?: number;
  /** Where the line begins in the object's text, uncompressed, from 0. */
  readonly byteOffset?: number;
  /** The line as it stands in the object. */
  readonly text?: string;
  /** What arrived instead, as a line in the corpus's field order. */
  readonly arrived?: string;
  /** Sequence numbers of the deliveries that brought it. */
  readonly deliveries?: readonly number[];
  readonly note?: string;
  /** The way of its object, in order of time. */
  readonly story?: readonly StoryStep[];
}

/** One step of an object's way from its PUT to the answers for its records, or to where it ended instead. */
export interface StoryStep {
  /** Unix ms on the rig's clock. */
  readonly atMs: number;
  readonly step:
    | 'put'
    | 'notified'
    | 'throttled'
    | 'invoked'
    | 'read'
    | 'sent'
    | 'answered'
    | 'ended'
    | 'acknowledged'
    | 'fault'
    | 'dead-lettered'
    | 'discarded';
  /** What happened, for people. */
  readonly text: string;
  /** The invocation's request ID: the same over its retries. */
  readonly requestId?: string;
  /** Sequence number of the request to SigNoz. */
  readonly delivery?: number;
  /** Kind of the fault that struck here. */
  readonly fault?: string;
}

export interface Finding {
  /** Stable: people put it in ignore lists. */
  readonly id: string;
  /** The check that found it, as `expect` names it. */
  readonly check: string;
  readonly validity: Validity;
  readonly summary: string;
  readonly witnesses: readonly Witness[];
}

export interface Verdict {
  readonly validity: Validity;
  readonly findings: readonly Finding[];
}

/**
 * How an altered value differs. `omitted`: it came empty or not at all; `retyped`: the same number in another form, rounded or cut
 * to a type's range; `unit`: a multiple; `shifted-column`: the value of another field; `contradicted`: body and attribute differ.
 */
export type AlterationKind =
  | 'truncated'
  | 'retyped'
  | 'unit'
  | 'encoding'
  | 'shifted-column'
  | 'case'
  | 'omitted'
  | 'contradicted'
  | 'other';

/** One row of the mapping table: where a field of the corpus was found in what arrived, and how its values fared. */
export interface FieldReport {
  readonly field: string;
  /** Names that it arrived under, most used first: attributes, then `body`, then `timestamp`; none where nothing carried it. */
  readonly names: readonly string[];
  /** Arrivals that carried it. */
  readonly carried: number;
  /** Owed records that arrived with this field's value as it was written. */
  readonly intact: number;
  /** Owed records that arrived with another value. */
  readonly altered: number;
  /** Altered values by kind, of those that `layout.examined` counts. */
  readonly kinds: Readonly<Partial<Record<AlterationKind, number>>>;
  /** Altered values that are those of another field of the same record: that field, and how often. */
  readonly confusedWith: Readonly<Record<string, number>>;
  /** What the promises say of it. */
  readonly promised?: 'dropped' | 'masked';
}

/** How the arrivals were read. */
export interface LayoutReport {
  readonly source: 'inferred' | 'declared';
  /** Kept records that arrived, of every kind. */
  readonly arrivals: number;
  /** Those in which the layout found at least three fields, header lines and blanks included. */
  readonly explained: number;
  /** Altered records whose values were compared one by one: all of them, or a sample of many. */
  readonly examined: number;
  /** In the order of the corpus. */
  readonly fields: readonly FieldReport[];
}

/** Why some records are missing, dead-lettered or doubled. The counts of each kind add up to the tally's. */
export interface Cause {
  readonly of: 'missing' | 'deadLettered' | 'doubled';
  /** Stable, such as `request-refused`; `unknown` where what would tell was not looked at. */
  readonly id: string;
  readonly count: number;
  /** Kinds of the faults that struck before. */
  readonly faults: readonly string[];
  /** A sentence's part, such as `after sink.status refused the request that brought them`. */
  readonly text: string;
}

export interface Quantiles {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** How the delivery latency went, by time: lists of equal length, in ms; `atMs` is Unix ms on the rig's clock. */
export interface LatencyOverTime {
  readonly atMs: readonly number[];
  readonly p50: readonly number[];
  readonly p99: readonly number[];
  readonly max: readonly number[];
}

export interface InvocationCounts {
  readonly started: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly timedOut: number;
  readonly outOfMemory: number;
  readonly throttled: number;
  readonly coldStarts: number;
  readonly retried: number;
  readonly deadLettered: number;
}

export interface SinkCounts {
  readonly requests: number;
  readonly accepted: number;
  readonly refused: number;
  readonly replyLost: number;
  readonly bytesReceived: number;
  readonly statusCounts: Readonly<Record<string, number>>;
}

/** What the sink itself takes on this machine of requests like the run's, and how much of it the run used. */
export interface Headroom {
  readonly ceilingRecordsPerS: number;
  /** `throughput.recordsPerS` in parts of the ceiling. */
  readonly share: number;
  /** ISO 8601: never while the run went on. */
  readonly measuredAt: string;
}

/** Keys that were not measured are absent, not zero. */
export interface RunResult {
  readonly formatVersion: 1;
  readonly flowrig: { readonly version: string };
  /** As resolved: every default filled in. */
  readonly scenario: Readonly<Record<string, unknown>> & { readonly name: string };
  readonly seed: number;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly skippedMs: number;
  readonly environment: Readonly<Record<string, string | number>>;
  /** How the target's way out is held: `routed` by its variables, which a client may ignore. Absent where nothing holds it. */
  readonly egress?: 'routed';
  readonly corpus: {
    readonly fingerprint: string;
    readonly version: number;
    readonly lines: number;
    readonly objects: number;
    /** Uncompressed bytes of log text. */
    readonly bytes: number;
  };
  readonly target: {
    readonly kind: string;
    readonly runtime?: string;
    /** What ran it here: `Python 3.11.7`. */
    readonly interpreter?: string;
    readonly codeSha256?: string;
    /** What held each limit of its sandboxes. */
    readonly limits?: TargetLimits;
    /** How it was run, where that differs from AWS's way: sentences. */
    readonly notes?: readonly string[];
    /** How often a command ended by itself and was started again. */
    readonly restarts?: number;
  };
  readonly tally: Tally;
  /** Every line of every object: `lines` is the sum of the others, for each object too. */
  readonly balance?: {
    readonly lines: number;
    readonly header: number;
    readonly blank: number;
    readonly delivered: number;
    readonly altered: number;
    readonly missing: number;
    readonly deadLettered: number;
    readonly notOwed: number;
  };
  /** Lines that the promises say to leave out, and those that they leave open; `arrived` counts those that came all the same. */
  readonly notOwed?: {
    readonly unwanted: { readonly lines: number; readonly arrived: number };
    readonly optional: { readonly lines: number; readonly arrived: number };
  };
  readonly objects: {
    readonly written: number;
    readonly complete: number;
    readonly partial: number;
    readonly absent: number;
  };
  readonly invocations: InvocationCounts;
  readonly sink: SinkCounts;
  readonly faultsFired: Readonly<Record<string, number>>;
  readonly throughput?: {
    readonly recordsPerS?: number;
    readonly recordsPerCpuS?: number;
    readonly bytesPerS?: number;
  };
  readonly latencyMs?: { readonly delivery: Quantiles; readonly overTime?: LatencyOverTime };
  readonly resources: {
    readonly target?: TargetResources;
    readonly rig?: { readonly cpuS: number; readonly rssPeakBytes: number };
  };
  readonly headroom?: Headroom;
  /** The expectations that were judged, each as `expect` writes it; what `promises` stands for is written out. */
  readonly checks?: readonly string[];
  readonly verdict: Verdict;
  /** How fields were found in what arrived: flow-log field to the name it arrived under. */
  readonly mapping?: Readonly<Record<string, string>>;
  /** The same as a table, with what became of each field's values. */
  readonly layout?: LayoutReport;
  /** What preceded each difference, most frequent first. */
  readonly causes?: readonly Cause[];
  /** Sentences that people should read but that never decide a verdict. */
  readonly warnings?: readonly string[];
  /** The run's folder. */
  readonly folder?: string;
}
