// Compresses every body, and prints the status.
import { gzipSync } from 'node:zlib';

import { newHandler } from './pipeline.mjs';

const send = (records) =>
  fetch(process.env.SIGNOZ_JSON_URL, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'content-encoding': 'gzip',
      'signoz-ingestion-key': process.env.SIGNOZ_KEY,
    },
    body: gzipSync(JSON.stringify(records)),
  }).then(({ status }) => console.log(status));

export const handler = newHandler({ send });
