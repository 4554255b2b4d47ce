// Makes an agent for each request, and closes none.
import { Agent, request } from 'node:http';

import { newHandler } from './pipeline.mjs';

const send = (records) =>
  new Promise((resolve, reject) => {
    const sent = request(process.env.SIGNOZ_JSON_URL, {
      method: 'POST',
      agent: new Agent({ keepAlive: true }),
      headers: { 'signoz-ingestion-key': process.env.SIGNOZ_KEY },
    });
    sent.on('error', reject);
    sent.on('response', (response) => response.resume().on('end', resolve));
    sent.end(JSON.stringify(records));
  });

export const handler = newHandler({ send });
