// The client of one request, whatever the protocol: what can be sent to it, and whether it is still there.

import type { FastifyReply } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

import type { Answer } from './answer.ts';

export interface Peer {
  /** Aborted when nobody is left to answer. */
  readonly gone: AbortSignal;
  /** Header fields as sent, names and values by turns. */
  readonly rawHeaders: readonly string[];
  send(answer: Answer): void;
  /** Sends the answer in pieces, each when `wait` resolves; true when its last byte was sent and the client was still there. */
  sendSlowly(answer: Answer, wait: (sizeBytes: number) => Promise<void>): Promise<boolean>;
  /** Ends the connection without an answer. */
  reset(): void;
  /** Ends the connection if no other request came when `wait` resolves. */
  closeIdle(wait: () => Promise<void>): void;
}

/** Requests that came over each connection so far. */
const requestCounts = new WeakMap<Socket, number>();

/** The TCP connections beneath TLS ones: only these can be reset. */
const carriers = new WeakMap<Socket, Socket>();

/**
 * Tells which TCP connection carries a TLS one.
 * @public
 */
export function carriedBy(secure: Socket, carrier: Socket): void {
  carriers.set(secure, carrier);
}

/** Ends a connection without another word. */
export function resetConnection(socket: Socket): void {
  (carriers.get(socket) ?? socket).resetAndDestroy();
}

/** `headers` are the port's own, in every answer. */
export function httpPeer(raw: IncomingMessage, reply: FastifyReply, headers: Answer['headers']): Peer {
  const { socket } = raw;
  const gone = new AbortController();
  const count = (requestCounts.get(socket) ?? 0) + 1;
  requestCounts.set(socket, count);
  reply.raw.once('close', () => gone.abort());
  if (socket.destroyed) gone.abort();
  /** Past Fastify's own reply, which would add a charset to types that SigNoz sends bare. */
  const begin = (answer: Answer): Buffer => {
    const body = Buffer.from(answer.body);
    reply.raw.writeHead(answer.statusCode, { ...answer.headers, ...headers, 'content-length': body.length });
    return body;
  };
  return {
    gone: gone.signal,
    rawHeaders: raw.rawHeaders,
    send: (answer) => void reply.raw.end(begin(answer)),
    async sendSlowly(answer, wait) {
      const body = begin(answer);
      reply.raw.flushHeaders();
      for (let sent = 0; sent < body.length; sent++) {
        await wait(1);
        if (gone.signal.aborted) return false;
        reply.raw.write(body.subarray(sent, sent + 1));
      }
      if (body.length === 0) await wait(1);
      if (gone.signal.aborted) return false;
      reply.raw.end();
      return true;
    },
    reset: () => resetConnection(socket),
    closeIdle(wait) {
      const isIdle = (): boolean => requestCounts.get(socket) === count && !socket.destroyed;
      void wait().then(() => void (isIdle() && socket.destroy()));
    },
  };
}
