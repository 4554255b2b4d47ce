// Reads on while requests wait for their answers, and holds them all.
import { newHandler, send } from './pipeline.mjs';

let waiting = [];
const forward = newHandler({ send: async (records) => void waiting.push(send(records)) });

export async function handler(event) {
  waiting = [];
  await forward(event);
  await Promise.all(waiting);
}
