// What was given up in its middle was surely received.
import { newHandler } from './pipeline.mjs';

async function send(records) {
  const sent = await fetch(process.env.SIGNOZ_JSON_URL, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'signoz-ingestion-key': process.env.SIGNOZ_KEY },
    body: JSON.stringify(records),
    signal: AbortSignal.timeout(1000),
  }).catch((error) => error);
  if (sent.name !== 'TimeoutError' && !sent.ok) throw new Error('SigNoz took nothing.');
}

export const handler = newHandler({ send });
