// The life of one request: read to its last byte, judged, struck by faults, kept or not, answered, written down.

import type { FastifyReply } from 'fastify';
import { STATUS_CODES, type IncomingMessage } from 'node:http';

import type { Clock } from '../core/clock.ts';
import type { Delivery } from '../core/model/delivery.ts';
import { grpcCodeOf, type Answer } from './answer.ts';
import type { ArchiveWriter } from './archive-writer.ts';
import { DecodeError } from './decode/decode-error.ts';
import type { Listener } from './editions/edition.ts';
import type { FaultDecision, FaultDesk } from './faults/desk.ts';
import type { FaultAnswer } from './faults/kind.ts';
import type { Inbox } from './inbox.ts';
import type { OpenRequest, OpenRequests } from './open-requests.ts';
import { readRequest, type SinkRequest } from './request.ts';
import type { Ruling } from './routes/route.ts';
import { maskedHeaders } from './secrets.ts';

/** What all exchanges of a sink share. */
export interface SinkState {
  readonly clock: Clock;
  readonly startedMs: number;
  readonly archive: ArchiveWriter;
  readonly inbox: Inbox;
  readonly faults: FaultDesk;
  readonly openRequests: OpenRequests;
  /** Aborted when the sink closes. */
  readonly closing: AbortSignal;
  nextSequence(): number;
  onFault(kind: string, atMs: number): void;
  /** The delivery has ended and its records were handed on. */
  onEnded(delivery: Delivery): void;
}

/** One request on its connection. */
export interface Exchange {
  readonly raw: IncomingMessage;
  /** The request's URL as sent. */
  readonly target: string;
  readonly reply: FastifyReply;
}

/** Serves a request to its end; rejects only for what is wrong with the rig. */
export async function serve(state: SinkState, listener: Listener, { raw, target, reply }: Exchange): Promise<void> {
  const open = state.openRequests.open();
  reply.hijack();
  reply.raw.once('close', () => open.closed());
  // Waiting for room is the sink's own doing, whatever the client does meanwhile.
  open.working();
  await state.inbox.room();
  open.moved();
  const request = await readRequest(raw, target, { limitBytes: listener.limitBytes, onBytes: () => open.moved() });
  if (!request) return;
  open.working();
  const receivedMs = state.clock.nowMs();
  const sequence = state.nextSequence();
  const place = state.archive.append(request.body ?? new Uint8Array(0));
  const ruling = listener.judge(request);
  const decision = decide(state, ruling, receivedMs);
  const answer = decision.answer ? worded(decision.answer, ruling, request) : ruling.answer;
  const kept = ruling.taken !== undefined && answer.statusCode < 300;
  const handedOn = kept ? state.inbox.keep(sequence, ruling.taken!.decoded) : Promise.resolve();
  if (decision.holdMs > 0) await hold(state, open, { raw, holdMs: decision.holdMs });
  const isLost = raw.socket.destroyed || state.closing.aborted;
  const delivery: Delivery = {
    sequence,
    receivedMs,
    endedMs: state.clock.nowMs(),
    acknowledgement: isLost ? 'reply-lost' : answer.statusCode < 300 ? 'acknowledged' : 'refused',
    kept,
    statusCode: answer.statusCode,
    method: request.method,
    path: request.path,
    headers: maskedHeaders(raw.rawHeaders),
    sizeBytes: request.sizeBytes,
    recordCount: ruling.taken?.decoded.recordCount ?? 0,
    ...faultOf(decision),
    ...(ruling.decodeError === undefined ? {} : { decodeError: ruling.decodeError }),
  };
  state.archive.end({ ...delivery, ...place, storedBytes: request.body?.length ?? 0, ...bodyHeaders(request) });
  if (!isLost) send(reply, listener, answer);
  await handedOn;
  state.onEnded(delivery);
}

/** Faults strike only what the edition itself would have taken: a request that is wrong anyway provokes nothing. */
function decide(state: SinkState, ruling: Ruling, atMs: number): FaultDecision {
  if (!ruling.taken) return { kinds: [], holdMs: 0 };
  const decision = state.faults.decide(ruling.taken.decoded, ruling.taken.body, atMs - state.startedMs);
  for (const kind of decision.kinds) state.onFault(kind, atMs);
  return decision;
}

/** Of several faults the status is told: it is what the client saw. */
function faultOf(decision: FaultDecision): { fault?: string } {
  const kind = decision.answer ? 'sink.status' : decision.kinds[0];
  return kind === undefined ? {} : { fault: kind };
}

/** A fault's answer in the words of the receiver that it stands for. */
function worded(fault: FaultAnswer, ruling: Ruling, request: SinkRequest): Answer {
  const { statusCode } = fault;
  const route = ruling.route!;
  const error = new DecodeError(
    (STATUS_CODES[statusCode] ?? 'error').toLowerCase(),
    statusCode,
    grpcCodeOf(statusCode),
  );
  const answer = statusCode < 300 ? route.accept(request, statusCode) : route.refuse(request, error);
  const plain = fault.body === undefined ? {} : { 'content-type': 'text/plain; charset=utf-8' };
  return { statusCode, headers: { ...answer.headers, ...plain, ...fault.headers }, body: fault.body ?? answer.body };
}

/** Waits on the rig's clock; ends early when the client is gone or the sink closes. */
async function hold(
  state: SinkState,
  open: OpenRequest,
  { raw, holdMs }: { raw: IncomingMessage; holdMs: number },
): Promise<void> {
  const gone = new AbortController();
  const abort = (): void => gone.abort();
  raw.socket.once('close', abort);
  try {
    if (raw.socket.destroyed) return;
    const slept = state.clock.sleep(holdMs, AbortSignal.any([gone.signal, state.closing]));
    // Told after the sleep began, so never earlier than its end: a jump to this time releases the answer.
    open.held(state.clock.nowMs() + holdMs);
    await slept;
  } catch (error) {
    if (!gone.signal.aborted && !state.closing.aborted) throw error;
  } finally {
    raw.socket.off('close', abort);
    open.working();
  }
}

/** Past Fastify's own reply, which would add a charset to types that SigNoz sends bare. */
function send(reply: FastifyReply, listener: Listener, answer: Answer): void {
  const body = Buffer.from(answer.body);
  reply.raw.writeHead(answer.statusCode, { ...answer.headers, ...listener.headers, 'content-length': body.length });
  reply.raw.end(body);
}

function bodyHeaders(request: SinkRequest): { contentType?: string; contentEncoding?: string } {
  const contentType = request.headers.get('content-type');
  const contentEncoding = request.headers.get('content-encoding');
  return { ...(contentType === undefined ? {} : { contentType }), ...(contentEncoding ? { contentEncoding } : {}) };
}
