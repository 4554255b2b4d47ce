// The server's end of TLS on a connection that is already there: a handshake within a limit, then plain bytes for whoever serves.

import type { Socket } from 'node:net';
import { createSecureContext, createServer, type SecureContext, type TLSSocket } from 'node:tls';
import { callbackify } from 'node:util';

import type { Clock } from '../../core/clock.ts';
import { carriedBy, shownBadCertificate } from '../peer.ts';
import type { Authority, CertificateProblem } from './authority.ts';

export interface Termination {
  readonly clock: Clock;
  readonly authority: Authority;
  /** Whose certificate is shown to a client that names no host. */
  readonly host: string;
  readonly problem?: CertificateProblem;
  /** What the application behind it speaks, in order of preference. */
  readonly protocols: readonly string[];
}

/** nginx's client_header_timeout, which limits the handshake too (nginx, src/http/ngx_http_request.c). */
export const handshakeLimitMs = 60_000;

/**
 * Resolves with the connection when its handshake is done; undefined where the client went away, sent garbage, did not trust the
 * certificate, or took longer than the limit by the rig's clock. Then the connection is closed.
 */
export async function terminateTls(socket: Socket, termination: Termination): Promise<TLSSocket | undefined> {
  const { clock, authority, host, problem } = termination;
  // A client that ends its side in the middle of a handshake has nothing to wait for.
  socket.allowHalfOpen = false;
  const settled = new AbortController();
  const isLate = clock.sleep(handshakeLimitMs, settled.signal).catch(() => undefined);
  try {
    const certificate = await authority.certificateFor(host, problem);
    if (socket.destroyed) return undefined;
    const secured = await Promise.race([handshake(socket, termination, certificate), isLate]);
    if (!secured) socket.destroy();
    return secured || undefined;
  } finally {
    settled.abort();
  }
}

/**
 * By a server of its own, which never listens: TLS servers take connections that are handed to them, and only theirs are finished
 * as HTTP/2 wants them (nodejs.org/api/tls.html, event "connection").
 */
function handshake(
  socket: Socket,
  { authority, host, problem, protocols }: Termination,
  certificate: { key: string; cert: string },
): Promise<TLSSocket | undefined> {
  const contextOf = async (name: string): Promise<SecureContext> => {
    const isDefault = name.toLowerCase() === host;
    return createSecureContext(isDefault ? certificate : await authority.certificateFor(name.toLowerCase(), problem));
  };
  const server = createServer({
    ...certificate,
    ALPNProtocols: [...protocols],
    SNICallback: callbackify(contextOf),
  });
  return new Promise((resolve) => {
    server.once('secureConnection', (secured) => {
      carriedBy(secured, socket);
      if (problem !== undefined) shownBadCertificate(secured, problem);
      // What happens to a client's connection is the client's business: without a listener it would end the process.
      secured.on('error', () => undefined);
      resolve(secured);
    });
    server.once('tlsClientError', () => resolve(undefined));
    server.emit('connection', socket);
  });
}
