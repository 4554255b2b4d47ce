// The server's end of TLS on a connection that is already there: a handshake within a limit, then plain bytes for whoever serves.

import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { callbackify } from 'node:util';

import type { Clock } from '../../core/clock.ts';
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
export async function terminateTls(socket: Socket, options: Termination): Promise<TLSSocket | undefined> {
  const { clock, authority, host, problem, protocols } = options;
  const settled = new AbortController();
  const isLate = clock.sleep(handshakeLimitMs, settled.signal).then(
    () => false,
    () => false,
  );
  try {
    const secureContext = await authority.contextFor(host, problem);
    if (socket.destroyed) return undefined;
    const secured = new TLSSocket(socket, {
      isServer: true,
      secureContext,
      ALPNProtocols: [...protocols],
      SNICallback: callbackify((name: string) => authority.contextFor(name.toLowerCase(), problem)),
    });
    // Node resets no TLS socket; whoever means to break this connection means the one below.
    secured.resetAndDestroy = () => {
      socket.resetAndDestroy();
      return secured;
    };
    // What happens to a client's connection is the client's business: without a listener it would end the process.
    secured.on('error', () => undefined);
    const isDone = new Promise<boolean>((resolve) => {
      secured.once('secure', () => resolve(true));
      // Half-open connections are allowed here, since HTTP lets a client end before it is answered; a handshake is not like that.
      for (const over of ['end', 'close']) secured.once(over, () => resolve(false));
    });
    if (await Promise.race([isDone, isLate])) return secured;
    secured.destroy();
    return undefined;
  } finally {
    settled.abort();
  }
}
