// The port of OTLP/gRPC. @grpc/grpc-js is loaded when the first client comes: most runs have none.

import { createServer, type Server, type Socket } from 'node:net';

import type { Listener } from '../editions/edition.ts';
import type { SinkState } from '../exchange.ts';
import { listenError } from '../http-server.ts';
import type { GrpcServer } from './server.ts';

export interface GrpcPort extends AsyncDisposable {
  /** Scheme, host and port. */
  readonly url: string;
  /** Serves a connection that came another way, such as one whose TLS was taken off. */
  accept(connection: Socket): void;
}

/** Resolves when the port is open; throws a FlowrigError where it cannot be had. */
export async function openGrpcPort(
  at: { host: string; port: number },
  state: SinkState,
  listener: Listener,
  track: (ended: Promise<void>, onFailure: () => void) => void,
): Promise<GrpcPort> {
  let server: Promise<GrpcServer> | undefined;
  const sockets = new Set<Socket>();
  const accept = (connection: Socket): void => {
    sockets.add(connection);
    connection.once('close', () => sockets.delete(connection));
    // A client that breaks off tells of it by its end.
    connection.on('error', () => undefined);
    server ??= import('./server.ts').then(({ newGrpcServer }) => newGrpcServer(state, listener, track));
    track(
      server.then((opened) => opened.accept(connection)),
      () => connection.destroy(),
    );
  };
  const tcp = createServer(accept);
  await listen(tcp, at);
  return {
    url: `http://${at.host}:${(tcp.address() as { port: number }).port}`,
    accept,
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => tcp.close(() => resolve()));
      (await server)?.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function listen(tcp: Server, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    tcp.once('error', (cause) => reject(listenError(cause, host, port)));
    tcp.listen(port, host, resolve);
  });
}
