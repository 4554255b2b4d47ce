// Posts to /logs/json/, as an older guide of SigNoz did, and prints the status.
import { newHandler } from './pipeline.mjs';

const send = (records) =>
  fetch(`${process.env.SIGNOZ_JSON_URL}/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'signoz-ingestion-key': process.env.SIGNOZ_KEY },
    body: JSON.stringify(records),
  }).then(({ status }) => console.log(status));

export const handler = newHandler({ send });
