// A port of its own under TLS: for clients that are told an address, not a proxy. The certificate is the one of the host that the
// client names.

import { createServer, type Socket } from 'node:net';

import type { Clock } from '../../core/clock.ts';
import { FlowrigError } from '../../core/errors.ts';
import type { Authority } from './authority.ts';
import { signedAddress } from './hosts.ts';
import { terminateTls } from './terminate.ts';

export interface TlsListenerOptions {
  readonly clock: Clock;
  readonly authority: Authority;
  readonly host: string;
  /** 0 is any free one. */
  readonly port: number;
  readonly protocols: readonly string[];
  /** Takes a connection whose handshake is done, with the protocol that was agreed on where there was one. */
  accept(socket: Socket, protocol: string | undefined): void;
}

export interface TlsListener extends AsyncDisposable {
  readonly port: number;
}

/** Throws a FlowrigError where the port cannot be had. Closing breaks the connections. */
export async function openTlsListener(options: TlsListenerOptions): Promise<TlsListener> {
  const { host, port } = options;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket)).on('error', () => undefined);
    void terminateTls(socket, { ...options, host: signedAddress }).then((secured) => {
      if (secured) options.accept(secured, secured.alpnProtocol || undefined);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const message = `Cannot listen on ${host}:${port} for TLS (${cause.code}). Choose another port, or 0 for any free one.`;
      reject(new FlowrigError('port-taken', message, { cause }));
    });
    server.listen({ host, port }, resolve);
  });
  return {
    port: (server.address() as { port: number }).port,
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
