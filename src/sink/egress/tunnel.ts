// Two connections as one: bytes and half-closes pass through, and what breaks one breaks the other in the same way.

import { connect, type Socket } from 'node:net';

import { resetConnection } from '../peer.ts';
import type { Destination } from './route.ts';

/** Resolves when connected; rejects with the system's error where nobody listens. */
export function dial({ host, port }: Destination): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, allowHalfOpen: true });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}

/** Joins two open connections until both are closed. */
export function join(near: Socket, far: Socket): void {
  near.pipe(far);
  far.pipe(near);
  for (const [one, other] of [
    [near, far],
    [far, near],
  ] as const) {
    one.on('error', () => resetConnection(other));
    one.once('close', () => other.destroySoon());
    if (one.destroyed) other.destroySoon();
  }
}
