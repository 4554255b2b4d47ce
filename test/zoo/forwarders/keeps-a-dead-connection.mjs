// Speaks HTTP over a connection that it opens once, and never looks whether it is still there.
import { connect } from 'node:net';

import { newHandler } from './pipeline.mjs';

const { hostname, port, pathname, host } = new URL(process.env.SIGNOZ_JSON_URL);
const socket = connect(port, hostname);
socket.on('error', () => undefined);

const send = (records) =>
  new Promise((resolve, reject) => {
    const body = Buffer.from(JSON.stringify(records));
    socket.once('data', resolve);
    socket.once('close', () => reject(new Error('The connection is closed.')));
    socket.write(
      `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n` +
        `signoz-ingestion-key: ${process.env.SIGNOZ_KEY}\r\n\r\n`,
    );
    socket.write(body, (error) => error && reject(error));
  });

export const handler = newHandler({ send });
