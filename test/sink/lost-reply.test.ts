// Clients that gave up while the sink was kept from its sockets: nobody may be blamed for sending again.

import { connect } from 'node:net';

import { expect, test } from 'vitest';

import { key, openSinkRig } from './rig.ts';

test('a client that gave up before the sink came to answer has lost the reply', async () => {
  await using rig = await openSinkRig();
  const body = '[{"body":"a"}]';
  const head = `POST /logs/json HTTP/1.1\r\nHost: x\r\nsignoz-ingestion-key: ${key}\r\nContent-Length: ${body.length}\r\n\r\n`;
  const { hostname, port } = new URL(rig.sink.url);
  const socket = connect(Number(port), hostname, () => void socket.write(head));
  await until(() => rig.sink.openRequests() === 1);
  // The client waits for a second, and then is gone by the time that its last bytes are read.
  rig.clock.skipTo(rig.clock.nowMs() + 1000);
  socket.write(body);
  socket.destroy();
  await until(() => rig.deliveries.length === 1);
  expect(rig.deliveries.map(({ acknowledgement, kept }) => [acknowledgement, kept])).toEqual([['reply-lost', true]]);
});

/** Looks again at each turn of the event loop. */
async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setImmediate(resolve));
}
