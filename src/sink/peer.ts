// The client of one request, whatever the protocol: what can be sent to it, and whether it is still there.

import type { FastifyReply } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

import type { Answer } from './answer.ts';
import type { OpenConnections } from './open-connections.ts';

export interface Peer {
  /** Aborted when nobody is left to answer. */
  readonly gone: AbortSignal;
  /** Header fields as sent, names and values by turns. */
  readonly rawHeaders: readonly string[];
  /** What is wrong with the certificate that it was shown; undefined where nothing is, or no TLS is spoken. */
  readonly certificateProblem?: string | undefined;
  send(answer: Answer): void;
  /**
   * Tells when the client turns out to have left its answer unread: the connection was reset, and no other request came over it.
   * A client that gives up while the answer is on its way can be told from one that read it by this alone.
   */
  onUnread(tell: () => void): void;
  /** How many of the open connections came before this one or with it; undefined where requests share one. */
  connectionRank(): number | undefined;
  /** Sends the answer byte by byte, each when `wait` resolves; true when the last was sent and the client was still there. */
  sendSlowly(answer: Answer, wait: (sizeBytes: number) => Promise<void>): Promise<boolean>;
  /** Sends the answer's head at once and its body when `wait` resolves; true when the client was still there. */
  sendBehind(answer: Answer, wait: () => Promise<void>): Promise<boolean>;
  /** Ends the connection without an answer. */
  reset(): void;
  /** As `reset`, but as a server closes that has nothing more to say. */
  close(): void;
  /** Ends the connection, unless another request came behind this one. */
  closeIdle(): void;
}

/** One for all requests: without a reason `abort` makes an error of its own each time, which takes 4 us of 4.3. */
const clientGone = new Error('The client is gone.');

/** Requests that came over each connection so far. */
const requestCounts = new WeakMap<Socket, number>();

/** The TCP connections beneath TLS ones: only these can be reset. */
const carriers = new WeakMap<Socket, Socket>();

/** Tells which TCP connection carries a TLS one. */
export function carriedBy(secure: Socket, carrier: Socket): void {
  carriers.set(secure, carrier);
}

/** What is wrong with the certificates that were shown on TLS connections. */
const certificateProblems = new WeakMap<Socket, string>();

/** Tells what is wrong with the certificate that was shown on a connection: who sends a request over it has accepted that. */
export function shownBadCertificate(secure: Socket, problem: string): void {
  certificateProblems.set(secure, problem);
}

/** Whom to tell when the last answer on a connection turns out to be unread. */
const unread = new WeakMap<Socket, () => void>();

/** The connection was reset, as TCP does for a client that closes with bytes left to read or yet to come (RFC 1122, section 4.2.2.13). */
export function wasReset(socket: Socket): void {
  unread.get(socket)?.();
  unread.delete(socket);
}

/** Whom nobody is left to answer when the client of a connection has left: of the last request on it. */
const asked = new WeakMap<Socket, AbortController>();

/**
 * The client closed its side of the connection. Whoever did so before its answer came to it made the system reset the connection,
 * which behind that end shows only when something is written, be it nothing.
 */
export function hasLeft(socket: Socket): void {
  asked.get(socket)?.abort(clientGone);
  if (unread.has(socket) && socket.writable) socket.write('');
}

/** Ends a connection without another word. */
export function resetConnection(socket: Socket): void {
  (carriers.get(socket) ?? socket).resetAndDestroy();
}

/** `headers` are the port's own, in every answer. */
export function httpPeer(
  { raw, reply }: { raw: IncomingMessage; reply: FastifyReply },
  headers: Answer['headers'],
  connections: OpenConnections,
): Peer {
  const { socket } = raw;
  const gone = new AbortController();
  asked.set(socket, gone);
  const count = (requestCounts.get(socket) ?? 0) + 1;
  requestCounts.set(socket, count);
  // Who sends another request has read the answer to the last.
  unread.delete(socket);
  reply.raw.once('close', () => gone.abort(clientGone));
  if (socket.destroyed) gone.abort(clientGone);
  /** Past Fastify's own reply, which would add a charset to types that SigNoz sends bare. */
  const begin = (answer: Answer, length: Record<string, string | number>): void => {
    // Neither Go's server nor nginx tells for how long it keeps a connection, which is what Node would add.
    if (reply.raw.shouldKeepAlive) reply.raw.removeHeader('connection');
    reply.raw.writeHead(answer.statusCode, { ...answer.headers, ...headers, ...length });
  };
  /** Without a length, so that even an empty body is waited for. */
  const beginOpen = (answer: Answer): void => {
    begin(answer, {});
    reply.raw.flushHeaders();
  };
  const end = (rest?: Buffer): boolean => {
    if (gone.signal.aborted) return false;
    reply.raw.end(rest);
    return true;
  };
  return {
    gone: gone.signal,
    rawHeaders: raw.rawHeaders,
    certificateProblem: certificateProblems.get(socket),
    connectionRank: () => connections.rankOf(socket),
    // Bytes as characters of Latin-1, which Node puts behind the headers in one write. A Buffer is a second one: then a request of
    // 64 KiB took 115 us of this thread until its answer, not 85 (a bare server 47), with nothing looked at.
    send(answer) {
      const body = Buffer.from(answer.body);
      begin(answer, { 'content-length': body.length });
      reply.raw.end(body.toString('latin1'), 'latin1');
    },
    onUnread: (tell) => void unread.set(socket, tell),
    async sendSlowly(answer, wait) {
      const body = Buffer.from(answer.body);
      beginOpen(answer);
      for (let sent = 0; sent < body.length; sent++) {
        await wait(1);
        if (gone.signal.aborted) return false;
        reply.raw.write(body.subarray(sent, sent + 1));
      }
      // The end of a body is a byte of its own: an empty one takes time, too.
      await wait(1);
      return end();
    },
    async sendBehind(answer, wait) {
      beginOpen(answer);
      await wait();
      return end(Buffer.from(answer.body));
    },
    reset: () => resetConnection(socket),
    close: () => void socket.destroy(),
    closeIdle() {
      // What was sent before still goes out.
      if (requestCounts.get(socket) === count) socket.destroySoon();
    },
  };
}
