// Carries connections from one address of this machine to 127.0.0.1, port by port: what listens on loopback alone is reached from a
// container at Docker's bridge, and from nowhere else.

import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

import { FlowrigError } from '../core/errors.ts';

export interface Bridge extends AsyncDisposable {
  /** The text with the bridge's address for 127.0.0.1. Every port that it names is carried from then on. */
  translate(text: string): string;
  /** Settles when all that was named is carried; rejects with a FlowrigError where this machine has no such address. */
  listening(): Promise<void>;
}

const loopback = '127.0.0.1';

export function openBridge(address: string): Bridge {
  const carriers = new Map<number, Promise<Server>>();
  const sockets = new Set<Socket>();
  return {
    translate(text) {
      for (const [, port] of text.matchAll(/127\.0\.0\.1:(\d{1,5})/g)) {
        const number = Number(port);
        if (!carriers.has(number)) carriers.set(number, carry(address, number, sockets));
      }
      return text.replaceAll(loopback, address);
    },
    async listening() {
      await Promise.all(carriers.values());
    },
    async [Symbol.asyncDispose]() {
      const opened = await Promise.allSettled(carriers.values());
      for (const socket of sockets) socket.destroy();
      for (const outcome of opened) if (outcome.status === 'fulfilled') await once(outcome.value.close(), 'close');
    },
  };
}

/** The same port number there: a URL changes in its host alone. */
async function carry(address: string, port: number, sockets: Set<Socket>): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (outer) => {
    const inner = connect({ host: loopback, port, allowHalfOpen: true });
    for (const [from, to] of [
      [outer, inner],
      [inner, outer],
    ] as const) {
      sockets.add(from);
      from.once('close', () => sockets.delete(from));
      // A reset on one side is one on the other: faults are to be felt as they are.
      from.once('error', () => to.resetAndDestroy());
      from.pipe(to);
    }
  });
  try {
    await once(server.listen({ host: address, port }), 'listening');
  } catch (cause) {
    const message = `target.kind: cannot listen on ${address}:${port}, by which a container would reach the run (${(cause as Error).message}). It needs a Docker that runs on this machine itself.`;
    throw new FlowrigError('environment-missing', message, { cause });
  }
  return server;
}
