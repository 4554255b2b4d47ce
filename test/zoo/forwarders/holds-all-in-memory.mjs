// Holds each object in memory as bytes, as text, as lines and once more, as if memory had no end: here with 300 MB to one object.
import { newHandler, send } from './pipeline.mjs';

const held = [];

export const handler = newHandler({
  send: async (records) => {
    for (let megabytes = 0; megabytes < 300; megabytes += 20) held.push(Buffer.alloc(20 * 2 ** 20, megabytes + 1));
    await send(records);
  },
});
