// The shape of an edition: how one kind of SigNoz judges what reaches each of its ports.

import type { Answer } from '../answer.ts';
import type { AgeWatch } from '../decode/record-view.ts';
import type { RequestHead, SinkRequest } from '../request.ts';
import type { Route, Ruling } from '../routes/route.ts';
import type { ExpectedKeys } from './keys.ts';
import type { SwitchSettings } from './switches.ts';

/** The collector's limit for a body, on the wire and decoded (config/confighttp/server.go, defaultMaxRequestBodySize). */
export const collectorLimitBytes = 20 * 1024 * 1024;

/** How long clients may take, on the rig's clock. What is absent has no limit. */
interface TimeLimits {
  /** From the connection's beginning to the end of its first head; then it is closed without a word. */
  readonly headMs?: number;
  /** Between two pieces of a body, and what is said to a client that takes longer. */
  readonly body?: { readonly limitMs: number; readonly late: Answer };
  /** From the end of a head to the beginning of its answer: one that comes later is not sent, and the connection ends. */
  readonly answerMs?: number;
  /** Between an answer and the next request. */
  readonly idleMs: number;
}

/** One port. */
export interface Listener {
  /** A longer body is thrown away and judged as too large. */
  readonly limitBytes: number;
  /** Headers of every answer of this port. */
  readonly headers: Readonly<Record<string, string>>;
  readonly timeLimits: TimeLimits;
  /** What is answered without a byte of the body; undefined where the body decides. */
  judgeHead(head: RequestHead): Ruling | undefined;
  /** `visit` sees each record while the body is checked, also of one that is refused further on; it must answer false. */
  judge(request: SinkRequest, watch?: AgeWatch): Ruling;
  /** What it says to a body over its limit. */
  tooLarge(route: Route, request: SinkRequest): Answer;
  /** What it says to bytes that are no request; `code` is that of Node's parser, or 'no-host' or 'two-hosts'. */
  malformed(code: string): Answer;
}

export interface Edition {
  /** The JSON receiver's port, and OTLP's where that is another one. */
  readonly main: Listener;
  readonly otlp?: Listener;
  /** OTLP/gRPC's port. */
  readonly grpc: Listener;
  /** Path of the JSON receiver behind the main port's URL. */
  readonly jsonPath: string;
}

/** Named switches for what SigNoz leaves undocumented, and the keys. */
export interface EditionOptions extends SwitchSettings {
  /** Unix ms: Firehose's answers tell the time. */
  readonly nowMs: () => number;
  /** The only ones that exist; where there is none, every well-formed key does. */
  readonly keys: ExpectedKeys;
}
