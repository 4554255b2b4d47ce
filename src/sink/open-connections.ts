// The connections of HTTP that are open, the oldest first: how many there are, and which of them is the nth.

import type { Socket } from 'node:net';

export class OpenConnections {
  private readonly open = new Set<Socket>();

  add(connection: Socket): void {
    this.open.add(connection);
    connection.once('close', () => this.open.delete(connection));
  }

  get count(): number {
    return this.open.size;
  }

  /** How many of those that are open came before this one or with it; undefined where it is none of them. */
  rankOf(connection: Socket): number | undefined {
    let rank = 0;
    for (const other of this.open) {
      rank += 1;
      if (other === connection) return rank;
    }
    return undefined;
  }
}
