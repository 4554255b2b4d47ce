// Sends each object as one body, however large.
import { newHandler, post, steps } from './pipeline.mjs';

let waiting = [];

async function send(records) {
  waiting.push(...records);
  if (records.length === 1000) return;
  const body = waiting;
  waiting = [];
  const { ok, status } = await post(body);
  if (!ok) throw new Error(`SigNoz answered ${status}`);
}

export const handler = newHandler({ ...steps, send });
