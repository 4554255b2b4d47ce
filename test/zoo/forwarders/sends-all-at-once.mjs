// Sends an object in small requests, all at once.
import { newHandler, post } from './pipeline.mjs';

async function send(records) {
  const requests = [];
  for (let at = 0; at < records.length; at += 20) requests.push(post(records.slice(at, at + 20)));
  for (const { ok, status } of await Promise.all(requests)) if (!ok) throw new Error(`SigNoz answered ${status}`);
}

export const handler = newHandler({ send });
