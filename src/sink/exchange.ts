// The life of one request: judged, struck by faults, kept or not, answered, written down. How its bytes came, and how an answer goes
// back, is its peer's business.

import { STATUS_CODES } from 'node:http';

import type { Clock } from '../core/clock.ts';
import { turns } from '../core/turn.ts';
import type { Delivery } from '../core/model/delivery.ts';
import { grpcCodeOf, type Answer } from './answer.ts';
import type { ArchiveEntry } from './archive.ts';
import type { Amend, ArchiveWriter } from './archive-writer.ts';
import { checksum } from './checksum.ts';
import { DecodeError } from './decode/decode-error.ts';
import type { Listener } from './editions/edition.ts';
import type { FaultDecision, FaultDesk, Sighting } from './faults/desk.ts';
import type { FaultAnswer } from './faults/kind.ts';
import type { HastyRequests } from './hasty.ts';
import type { IdleConnections } from './idle-connections.ts';
import type { Inbox } from './inbox.ts';
import type { OpenConnections } from './open-connections.ts';
import type { OpenRequest, OpenRequests } from './open-requests.ts';
import type { Peer } from './peer.ts';
import type { RequestNamer } from './request-namer.ts';
import type { SinkRequest } from './request.ts';
import type { Ruling } from './routes/route.ts';
import { maskedHeaders } from './secrets.ts';
import { openAgeGauge } from './too-old.ts';

/** What all exchanges of a sink share. */
export interface SinkState {
  readonly clock: Clock;
  readonly archive: ArchiveWriter;
  readonly inbox: Inbox;
  readonly faults: FaultDesk;
  readonly namer: RequestNamer;
  readonly openRequests: OpenRequests;
  readonly idleConnections: IdleConnections;
  readonly connections: OpenConnections;
  readonly hasty: HastyRequests;
  /** Aborted when the sink closes. */
  readonly closing: AbortSignal;
  /** Unix ms in log time: what is older SigNoz does not store. */
  oldestStoredMs(): number;
  nextSequence(): number;
  onFault(kind: string, atMs: number): void;
  /** The delivery has ended and its records were handed on. */
  onEnded(delivery: Delivery): void;
  /** A delivery that has ended is told otherwise now. */
  onAmended(before: Delivery, now: Delivery): void;
  /** Something is wrong with the sink itself. */
  onFailure(error: unknown): void;
}

/** A request that was read to its last byte. */
export interface Exchange {
  readonly request: SinkRequest;
  readonly peer: Peer;
  readonly open: OpenRequest;
  /** On the rig's clock: when its head was read. */
  readonly openedMs: number;
  /** On the rig's clock: an answer that would begin later is not sent. */
  readonly answerByMs: number;
  /** How it was named while it was being read, where a fault asked for it. */
  readonly sighting: Sighting | undefined;
}

/** Serves a request to its end; rejects only for what is wrong with the rig. */
export async function serve(state: SinkState, listener: Listener, exchange: Exchange): Promise<void> {
  const { request, peer, open } = exchange;
  open.working();
  const receivedMs = state.clock.nowMs();
  const sequence = state.nextSequence();
  const body = request.body ?? new Uint8Array(0);
  const { place, written } = state.archive.append(body);
  const sum = checksum(body);
  const age = openAgeGauge(state.oldestStoredMs());
  const ruling = listener.judge(request, age);
  const { decision, identity } = decide(state, { ruling, listener, ...exchange }, receivedMs);
  const hasty = identity === undefined ? undefined : state.hasty.seen(identity, receivedMs);
  const answer = answerOf(decision, ruling, request);
  const outcome = outcomeOf(decision, ruling, answer);
  const handedOn = outcome.kept > 0 ? state.inbox.keep(sequence, ruling.taken!.decoded, outcome.kept) : undefined;
  if (decision.holdMs) await hold(state, exchange, decision.holdMs);
  await written;
  const isSent = await begin(state, exchange, { answer, decision });
  const entry: Writable<ArchiveEntry> = {
    sequence,
    receivedMs,
    endedMs: state.clock.nowMs(),
    acknowledgement: isSent ? outcome.acknowledgement : 'reply-lost',
    kept: outcome.isKept,
    statusCode: decision.resets ? 0 : answer.statusCode,
    method: request.method,
    path: request.path,
    headers: maskedHeaders(peer.rawHeaders),
    sizeBytes: request.sizeBytes,
    recordCount: ruling.taken?.decoded.recordCount ?? 0,
    connections: state.connections.count,
    file: place.file,
    offset: place.offset,
    storedBytes: body.length,
    checksum: sum,
  };
  if (outcome.isKept && decision.partial) entry.rejectedCount = outcome.rejectedCount;
  if (ruling.taken && age.ranges.length > 0) entry.tooOld = age.ranges;
  if (decision.told !== undefined) entry.fault = decision.told;
  if (isSent && outcome.falsified) entry.falsified = true;
  if (hasty) entry.hasty = hasty;
  if (peer.certificateProblem !== undefined) entry.certificateProblem = peer.certificateProblem;
  if (ruling.ambiguous) entry.ambiguous = true;
  if (ruling.decodeError !== undefined) entry.decodeError = ruling.decodeError;
  const contentType = request.headers.get('content-type');
  const contentEncoding = request.headers.get('content-encoding');
  if (contentType !== undefined) entry.contentType = contentType;
  if (contentEncoding) entry.contentEncoding = contentEncoding;
  const amend = await state.archive.end(entry);
  const retryAfter = answer.headers['retry-after'];
  if (isSent && identity !== undefined && retryAfter !== undefined) state.hasty.told(identity, retryAfter);
  if (isSent) peer.onUnread(() => lose(state, { entry, amend, identity }));
  if (isSent && decision.writeBytesPerS === undefined && decision.stallMs === undefined) peer.send(answer);
  if (isSent && decision.closeIdleMs !== undefined) {
    state.idleConnections.limit(decision.closeIdleMs, () => peer.closeIdle());
  }
  await handedOn;
  state.onEnded(entry);
}

/** Faults strike only what the edition itself would have taken: a request that is wrong anyway provokes nothing. */
function decide(
  state: SinkState,
  { ruling, listener, request, peer, sighting }: { ruling: Ruling; listener: Listener } & Exchange,
  atMs: number,
): { decision: FaultDecision; identity?: string } {
  const { faults, namer } = state;
  if (!ruling.taken || faults.isIdle) return { decision: { kinds: [] } };
  const { decoded, body } = ruling.taken;
  const seen = sighting ?? faults.sight(namer.nameOf(decoded, body));
  const route = ruling.route!;
  const decision = faults.decide(
    seen,
    {
      format: route.format(request),
      path: request.path,
      sizeBytes: request.sizeBytes,
      decodedBytes: body.length,
      decoded,
      atMs,
      connectionRank: () => peer.connectionRank(),
      tooLarge: () => listener.tooLarge(route, request),
    },
    sighting !== undefined,
  );
  for (const kind of decision.kinds) state.onFault(kind, atMs);
  return { decision, identity: seen.identity };
}

function answerOf(decision: FaultDecision, ruling: Ruling, request: SinkRequest): Answer {
  if (decision.answer) return worded(decision.answer, ruling, request);
  const { partial } = decision;
  if (!partial || !ruling.route!.acceptPartly) return ruling.answer;
  return ruling.route!.acceptPartly(request, { ...partial, rejectedCount: rejectedOf(decision, ruling) });
}

/** A partial success cannot reject more than there is. */
function rejectedOf(decision: FaultDecision, ruling: Ruling): number {
  return Math.min(decision.partial?.rejectedCount ?? 0, ruling.taken?.decoded.recordCount ?? 0);
}

/** A fault's answer in the words of the receiver that it stands for. */
function worded(fault: FaultAnswer, ruling: Ruling, request: SinkRequest): Answer {
  const { statusCode, headers, body } = fault;
  if (body !== undefined) {
    const type = body.length === 0 ? {} : { 'content-type': 'text/plain; charset=utf-8' };
    return { statusCode, headers: { ...type, ...headers }, body };
  }
  const route = ruling.route!;
  const message = fault.message ?? (STATUS_CODES[statusCode] ?? 'error').toLowerCase();
  const error = new DecodeError(message, statusCode, grpcCodeOf(statusCode));
  const answer = statusCode < 300 ? route.accept(request, statusCode) : route.refuse(request, error);
  return { statusCode, headers: { ...answer.headers, ...headers }, body: answer.body };
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

interface Outcome {
  readonly isKept: boolean;
  /** Records that are kept, from the first one on. */
  readonly kept: number;
  readonly rejectedCount: number;
  /** What the client may conclude from the answer, if it gets it. */
  readonly acknowledgement: Delivery['acknowledgement'];
  readonly falsified: boolean;
}

function outcomeOf(decision: FaultDecision, ruling: Ruling, answer: Answer): Outcome {
  const recordCount = ruling.taken?.decoded.recordCount ?? 0;
  const isKept = ruling.taken !== undefined && (decision.keeps ?? answer.statusCode < 300);
  const acknowledges = decision.answer?.acknowledges ?? answer.statusCode < 300;
  const rejectedCount = rejectedOf(decision, ruling);
  const isFalse = ruling.taken !== undefined && acknowledges !== isKept;
  return {
    isKept,
    kept: isKept ? recordCount - rejectedCount : 0,
    rejectedCount,
    // An error behind which the records were kept takes the reply away as surely as a broken connection does.
    acknowledgement: acknowledges ? 'acknowledged' : isKept ? 'reply-lost' : 'refused',
    falsified: isFalse,
  };
}

/** False where the client will not get the answer; one that goes out slowly is on its way to the end when this resolves. */
async function begin(
  state: SinkState,
  exchange: Exchange,
  { answer, decision }: { answer: Answer; decision: FaultDecision },
): Promise<boolean> {
  const { peer } = exchange;
  const { writeBytesPerS, stallMs, holdMs } = decision;
  // A client that gave up while this thread was kept from its sockets is heard of in the next turns.
  if (state.clock.nowMs() - exchange.openedMs > promptMs) await turns(4);
  if (state.closing.aborted) return false;
  if (state.clock.nowMs() > exchange.answerByMs) {
    peer.close();
    return false;
  }
  if (decision.resets) {
    peer.reset();
    return false;
  }
  if (peer.gone.hasHappened) {
    // What was held back for a client that closed its side ended early: it gets no answer before its time.
    if (holdMs || (stallMs ?? writeBytesPerS) !== undefined) return false;
    return peer.readsOn(answer, () => state.clock.machineSleep(resetMs, state.closing).catch(() => undefined));
  }
  if (stallMs !== undefined) return peer.sendBehind(answer, () => hold(state, exchange, stallMs));
  if (writeBytesPerS === undefined) return true;
  return peer.sendSlowly(answer, (sizeBytes) => hold(state, exchange, (sizeBytes / writeBytesPerS) * 1000));
}

/** No client gives up sooner. */
const promptMs = 250;

/** Within this time a client's system tells that nobody is there to read. */
const resetMs = 10;

/** The answer was sent, but the client gave up before it read it. */
function lose(
  state: SinkState,
  { entry, amend, identity }: { entry: ArchiveEntry; amend: Amend; identity: string | undefined },
): void {
  const { falsified: _unread, ...rest } = entry;
  const now: ArchiveEntry = { ...rest, acknowledgement: 'reply-lost' };
  try {
    if (!amend(now)) return;
  } catch (error) {
    return state.onFailure(error);
  }
  if (identity !== undefined) state.hasty.untold(identity);
  state.onAmended(entry, now);
}

/** Waits on the rig's clock; ends early when the client is gone or the sink closes. */
async function hold(state: SinkState, { peer, open }: Pick<Exchange, 'peer' | 'open'>, holdMs: number): Promise<void> {
  const over = AbortSignal.any([peer.gone.signal, state.closing]);
  if (over.aborted) return;
  try {
    const slept = state.clock.sleep(holdMs, over);
    // Told after the sleep began, so never earlier than its end: a jump to this time releases the answer.
    open.held(state.clock.nowMs() + holdMs);
    await slept;
  } catch (error) {
    if (!over.aborted) throw error;
  } finally {
    open.working();
  }
}
