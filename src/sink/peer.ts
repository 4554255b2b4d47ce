// The client of one request, whatever the protocol: what can be sent to it, and whether it is still there.

import type { FastifyReply } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

import type { Answer } from './answer.ts';
import { Departure } from './departure.ts';
import type { OpenConnections } from './open-connections.ts';

export interface Peer {
  /** Nobody is left to answer, or the client closed its side. */
  readonly gone: Departure;
  /** Header fields as sent, names and values by turns. */
  readonly rawHeaders: readonly string[];
  /** What is wrong with the certificate that it was shown; undefined where nothing is, or no TLS is spoken. */
  readonly certificateProblem?: string | undefined;
  send(answer: Answer): void;
  /**
   * Whether a client that closed its side reads on, as one does that has no more to ask: its own `gone` cannot tell. It is sent the
   * answer's head, which the system of one that is gone for good refuses by the time that `heard` resolves. Then `send` sends the rest.
   */
  readsOn(answer: Answer, heard: () => Promise<void>): Promise<boolean>;
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

/** What is known of a connection beyond its socket. */
interface Connection {
  /** The TCP connection beneath a TLS one: only that can be reset. */
  carrier?: Socket;
  /** What is wrong with the certificate that was shown on it. */
  certificateProblem?: string;
  /** Requests that came over it so far. */
  requestCount: number;
  /** Nobody is left to answer the last of them, or the client closed its side. */
  gone?: Departure;
  /** Whom to tell when the answer to the last of them turns out to be unread. */
  unread?: (() => void) | undefined;
}

const connectionsBySocket = new WeakMap<Socket, Connection>();

function connectionOf(socket: Socket): Connection {
  let connection = connectionsBySocket.get(socket);
  if (!connection) connectionsBySocket.set(socket, (connection = { requestCount: 0 }));
  return connection;
}

/** Tells which TCP connection carries a TLS one. */
export function carriedBy(secure: Socket, carrier: Socket): void {
  connectionOf(secure).carrier = carrier;
}

/** Tells what is wrong with the certificate that was shown on a connection: who sends a request over it has accepted that. */
export function shownBadCertificate(secure: Socket, problem: string): void {
  connectionOf(secure).certificateProblem = problem;
}

/** The connection was reset, as TCP does for a client that closes with bytes left to read or yet to come (RFC 1122, section 4.2.2.13). */
export function wasReset(socket: Socket): void {
  const connection = connectionOf(socket);
  connection.unread?.();
  connection.unread = undefined;
}

/**
 * The client closed its side of the connection. Whoever did so before its answer came to it made the system reset the connection,
 * which behind that end shows only when something is written, be it nothing.
 */
export function hasLeft(socket: Socket): void {
  const { gone, unread } = connectionOf(socket);
  gone?.happen();
  if (unread && socket.writable) socket.write('');
}

/** Ends a connection without another word. */
export function resetConnection(socket: Socket): void {
  (connectionOf(socket).carrier ?? socket).resetAndDestroy();
}

/** `headers` are the port's own, in every answer. */
export function httpPeer(
  { raw, reply }: { raw: IncomingMessage; reply: FastifyReply },
  headers: Answer['headers'],
  openConnections: OpenConnections,
): Peer {
  const { socket } = raw;
  const connection = connectionOf(socket);
  const gone = (connection.gone = new Departure());
  const count = ++connection.requestCount;
  // Who sends another request has read the answer to the last.
  connection.unread = undefined;
  reply.raw.on('close', () => gone.happen());
  if (socket.destroyed) gone.happen();
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
    if (gone.hasHappened) return false;
    reply.raw.end(rest);
    return true;
  };
  return {
    gone,
    rawHeaders: raw.rawHeaders,
    certificateProblem: connection.certificateProblem,
    connectionRank: () => openConnections.rankOf(socket),
    // Bytes as characters of Latin-1, which Node puts behind the headers in one write. A Buffer is a second one: then a request of
    // 64 KiB took 115 us of this thread until its answer, not 85 (a bare server 47), with nothing looked at.
    send(answer) {
      const body = Buffer.from(answer.body);
      if (!reply.raw.headersSent) begin(answer, { 'content-length': body.length });
      reply.raw.end(body.toString('latin1'), 'latin1');
    },
    async readsOn(answer, heard) {
      if (!socket.writable) return false;
      begin(answer, { 'content-length': Buffer.byteLength(answer.body) });
      reply.raw.flushHeaders();
      await heard();
      return new Promise((resolve) => void socket.write('', (error) => resolve(!error)));
    },
    onUnread: (tell) => void (connection.unread = tell),
    async sendSlowly(answer, wait) {
      const body = Buffer.from(answer.body);
      beginOpen(answer);
      for (let sent = 0; sent < body.length; sent++) {
        await wait(1);
        if (gone.hasHappened) return false;
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
      if (connection.requestCount === count) socket.destroySoon();
    },
  };
}
