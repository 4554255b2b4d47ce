// The TCP connections beneath gRPC calls. A call tells no more of its own than the client's address, which names it.

import type { Socket } from 'node:net';

import { resetConnection } from '../peer.ts';

export interface Connection {
  /** How many calls came over it, this one included. */
  countCall(): number;
  reset(): void;
  close(): void;
  /** Ends it if no call came after the `count`th. */
  closeIfIdleSince(count: number): void;
}

export class Connections {
  private readonly open = new Map<string, Connection>();

  add(socket: Socket): void {
    const name = `${socket.remoteAddress}:${socket.remotePort}`;
    let callCount = 0;
    this.open.set(name, {
      countCall: () => ++callCount,
      reset: () => resetConnection(socket),
      close: () => void socket.destroy(),
      closeIfIdleSince: (count) => void (callCount === count && socket.destroy()),
    });
    socket.once('close', () => this.open.delete(name));
  }

  /** Undefined where the connection has ended. */
  at(address: string): Connection | undefined {
    return this.open.get(address);
  }
}
