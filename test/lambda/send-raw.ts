// Bytes as a client wrote them, for what fetch does not send.

import { connect } from 'node:net';

/** Sends the lines, and resolves with the first bytes of the answer. */
export function sendRaw(address: string, lines: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(address.split(':')[1]), '127.0.0.1');
    socket.once('data', (chunk) => {
      resolve(chunk.toString());
      socket.destroy();
    });
    socket.on('error', reject);
    socket.write(lines.join('\r\n'));
  });
}
