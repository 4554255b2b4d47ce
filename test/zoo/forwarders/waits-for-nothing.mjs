// Answers by callback when the answer of its request ends; when that never comes, nothing keeps the function waiting.
import { request } from 'node:http';

import { newHandler } from './pipeline.mjs';

const send = (records) =>
  new Promise((resolve) => {
    const sent = request(process.env.SIGNOZ_JSON_URL, {
      method: 'POST',
      headers: { 'signoz-ingestion-key': process.env.SIGNOZ_KEY },
    });
    sent.on('error', () => console.log('The connection broke.'));
    sent.on('response', (response) => response.resume().on('end', resolve));
    sent.end(JSON.stringify(records));
  });

const forward = newHandler({ send });

async function respond(event, callback) {
  await forward(event);
  callback(null, 'done');
}

export function handler(event, context, callback) {
  void respond(event, callback);
}
