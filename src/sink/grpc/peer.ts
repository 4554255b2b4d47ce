// The client of one gRPC call: turns the answers of receivers and faults into messages and statuses.

import { Metadata, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js';

import type { Answer } from '../answer.ts';
import { grpcCodeOf } from '../answer.ts';
import { Departure } from '../departure.ts';
import type { Peer } from '../peer.ts';
import type { Connection } from './connections.ts';
import { statusWithRetryInfo } from './retry-info.ts';

/** Of an answer in the words of HTTP these mean nothing to gRPC, or are told by its status. */
const untold = new Set(['connection', 'content-length', 'content-type', 'grpc-message', 'grpc-status', 'retry-after']);

export function grpcPeer(
  call: ServerUnaryCall<Buffer, Buffer>,
  respond: sendUnaryData<Buffer>,
  connection: Connection,
): Peer {
  const gone = new Departure();
  call.on('cancelled', () => gone.happen());
  if (call.cancelled) gone.happen();
  const count = connection.countCall();
  const send = (answer: Answer): void => {
    const grpcCode = codeOf(answer);
    if (grpcCode === 0) return respond(null, Buffer.from(answer.body));
    const details = Buffer.from(answer.body).toString() || (answer.headers['grpc-message'] ?? '');
    respond({ code: grpcCode, details, metadata: trailersOf(answer, grpcCode, details) });
  };
  /** A message has no beginning that a client could see before its end. */
  const sendAfter = async (answer: Answer, waited: Promise<void>): Promise<boolean> => {
    await waited;
    if (gone.hasHappened) return false;
    send(answer);
    return true;
  };
  return {
    gone,
    rawHeaders: rawHeadersOf(call.metadata),
    send,
    // A call that was cancelled takes no answer.
    readsOn: () => Promise.resolve(false),
    // HTTP/2 has calls share a connection: its end says nothing about one of them.
    onUnread: () => undefined,
    sendSlowly: (answer, wait) => sendAfter(answer, wait(Math.max(1, answer.body.length))),
    sendBehind: (answer, wait) => sendAfter(answer, wait()),
    connectionRank: () => undefined,
    reset: () => connection.reset(),
    close: () => connection.close(),
    closeIdle: () => connection.closeIfIdleSince(count),
  };
}

/** A fault that words its own answer has no code of gRPC, only its status. */
function codeOf({ statusCode, headers }: Answer): number {
  const told = headers['grpc-status'];
  if (told !== undefined) return Number(told);
  return statusCode < 300 ? 0 : grpcCodeOf(statusCode);
}

function trailersOf({ headers }: Answer, grpcCode: number, details: string): Metadata {
  const trailers = new Metadata();
  for (const [name, value] of Object.entries(headers)) if (!untold.has(name)) trailers.set(name, value);
  const retryAfterS = Number(headers['retry-after']);
  if (retryAfterS >= 0) trailers.set('grpc-status-details-bin', statusWithRetryInfo(grpcCode, details, retryAfterS));
  return trailers;
}

/** Names and values by turns, as HTTP has them. What gRPC itself puts there is not told to a handler, but its type. */
function rawHeadersOf(metadata: Metadata): string[] {
  const sent = Object.entries(metadata.getMap()).map(([name, value]) => [name, value.toString()]);
  return ['content-type', 'application/grpc', ...sent.flat()];
}
