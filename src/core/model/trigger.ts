// The nouns between stores, triggers and targets.

import type { InvocationOutcome, InvocationUsage, RunFact } from './invocation.ts';

/** An object as stored: what an S3 event tells. */
export interface StoredObject {
  /** Index in the corpus. */
  readonly index: number;
  readonly bucket: string;
  readonly key: string;
  readonly sizeBytes: number;
  /** Without quotes. */
  readonly etag: string;
  readonly versionId?: string;
  /** Unix ms on the rig's clock: `eventTime`. */
  readonly storedMs: number;
  /** The PUT's x-amz-request-id and x-amz-id-2: its event repeats them. */
  readonly requestId: string;
  readonly hostId: string;
}

/** What a client needs to reach a store. */
export interface StoreAddress {
  /** `http://127.0.0.1:PORT`, no slash at the end. */
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Absent where the S3 would refuse one that it never gave. */
  readonly sessionToken?: string;
}

/** What a client needs to leave by the run's proxy. */
export interface EgressAddress {
  /** `http://127.0.0.1:PORT`, no slash at the end. */
  readonly proxyUrl: string;
  /** The certificate of the run's authority, PEM. */
  readonly caFile: string;
}

/** One request of a client to a store. */
export interface StoreRequest {
  /** As S3's API Reference spells it, like `ListObjectsV2`; absent where the request was none of S3's. */
  readonly operation?: string;
  readonly bucket: string;
  /** Decoded; '' for the bucket itself. */
  readonly key: string;
  readonly statusCode: number;
  /** S3's code, like `NoSuchBucket`, where it was refused. */
  readonly errorCode?: string;
}

export interface Store extends AsyncDisposable {
  readonly address: StoreAddress;
  createBucket(bucket: string): Promise<void>;
  /** Stores the bytes; resolves when a GET would return them. */
  put(bucket: string, key: string, body: Uint8Array): Promise<Omit<StoredObject, 'index'>>;
  /** Requests whose answer is not complete yet, and which a living client still reads. */
  openRequests(): number;
  /** The clock is about to jump by so much: connections without a request that are idle beyond their limit then are closed. */
  closeIdleConnections(jumpMs: number): void;
  /** Leads what the store itself notifies of a bucket to who reads it; absent where it sends nothing. */
  readonly openNotifications?: (bucket: string) => Promise<StoreNotifications>;
}

/** What a store itself sends when an object is created. */
export interface StoreNotifications extends AsyncDisposable {
  /** The bodies of the next messages, as the store wrote them, each handed out once; none where none came for a second. */
  receive(signal: AbortSignal): Promise<readonly string[]>;
}

/** One event handed to a target. `requestId` stays the same over its retries, as AWS's does. */
export interface TargetEvent {
  readonly requestId: string;
  readonly payload: unknown;
  /** What a fault does to this attempt. */
  readonly fault?: InvocationFault;
}

/** What a fault of the room `lambda` does to one attempt at an event. */
export interface InvocationFault {
  /** Lambda refuses it (429). The trigger sees to it; no target learns of it. */
  readonly throttles?: boolean;
  /** The function stands still for so long before it, with nothing started meanwhile. The trigger sees to it. */
  readonly pauseMs?: number;
  /** The sandbox is killed so long (machine time) after it was given the event, at the latest when it answers. */
  readonly killAfterMs?: number;
  /** The sandbox that takes it is new. */
  readonly cold?: boolean;
}

export interface InvocationResult {
  readonly outcome: InvocationOutcome;
  readonly startedMs: number;
  readonly endedMs: number;
  readonly cold: boolean;
  /** Absent where it cannot be measured. */
  readonly usage?: InvocationUsage;
}

export interface TargetResources {
  readonly cpuS: number;
  readonly rssPeakBytes: number;
  /** Billed time of a Lambda by its memory, as AWS counts it: 1 GB is 1024 MB. */
  readonly gbSeconds?: number;
  /** What it logged, where the rig keeps its log. */
  readonly logBytes?: number;
}

export interface TargetLimits {
  readonly memory: LimitedBy;
  readonly cpu: LimitedBy;
  readonly processes: LimitedBy;
  /** Whether the function can change its own code, which Lambda shows read-only. Results from before it was told lack it. */
  readonly code?: 'read-only' | 'writable';
}

/** The kernel by its control groups, the rig by looking often, or nobody. */
export type LimitedBy = 'cgroup v2' | 'cgroup v1' | 'polling' | 'none';

export interface Target extends AsyncDisposable {
  readonly kind: string;
  /** `invoked` targets get events; `polling` ones find their work themselves. */
  readonly drive: 'invoked' | 'polling';
  /** How many events it takes at once; the trigger keeps the rest in order. */
  readonly concurrency: number;
  /** True where an event over the concurrency is refused (429), as a reserved concurrency does, instead of waiting its turn. */
  readonly throttles?: boolean;
  /** SHA-256 of the code, where the target has code of its own. */
  readonly codeSha256?: string;
  /** Of a Lambda target: `python3.13`, and what stood in for it here: `Python 3.11.7`. */
  readonly runtime?: string;
  readonly interpreter?: string;
  /** What holds each limit of its sandboxes. */
  readonly limits?: TargetLimits;
  /** Sentences about how it was run that people should read. */
  readonly notes?: readonly string[];
  /** Runs one event to its end. Never rejects for what the forwarder did; an abort ends it as a failure. */
  invoke(event: TargetEvent, signal: AbortSignal): Promise<InvocationResult>;
  /** Sandboxes that are running now: not frozen, not dead. While one runs, the clock does not jump. */
  runningCount(): number;
  /** CPU and memory used so far by all its processes; undefined where that cannot be measured. */
  resources(): TargetResources | undefined;
  /** How often its process ended by itself and was started again; undefined where nobody starts it again. */
  readonly restarts?: () => number;
}

/** What a bucket's own notification configuration tells. */
export interface BucketNotice {
  /** Without `s3:`, like `ObjectCreated:Put`; `TestEvent` when the configuration was set. */
  readonly eventName: string;
  /** Of a removal without size and ETag, of a test without a key. */
  readonly object: Omit<StoredObject, 'index'>;
}

export interface Trigger extends AsyncDisposable {
  /** Announces a stored object. Returns at once; the trigger keeps its own queue. */
  notify(object: StoredObject): void;
  /** Tells by the same way what the bucket was configured to tell by it. */
  tell(notice: BucketNotice): void;
  /** Events queued, running, or waiting for a retry. */
  pendingCount(): number;
  /** Of these, the ones that only wait for a time to come (a retry, a visibility timeout): drain does not count that as a stand-still. */
  waitingCount(): number;
  /** Any number that changes when a poller takes or deletes a message. */
  movement(): number;
}

/** Where facts go as they happen; must not block. */
export type Report = (fact: RunFact) => void;
