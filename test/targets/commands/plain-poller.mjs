// A right forwarder with nothing but Node: it polls the queue at QUEUE_URL, reads from S3 and posts to SigNoz. Runs in a bare image, too.

import { gunzipSync } from 'node:zlib';

const { QUEUE_URL, AWS_ENDPOINT_URL_S3, SIGNOZ_JSON_URL, SIGNOZ_KEY } = process.env;
const endpoint = new URL(QUEUE_URL).origin;
let stopping = false;
process.on('SIGTERM', () => (stopping = true));

async function sqs(action, input) {
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.' + action };
  const body = JSON.stringify({ QueueUrl: QUEUE_URL, ...input });
  return (await fetch(endpoint, { method: 'POST', headers, body })).text();
}

async function forward({ bucket, object }) {
  const key = decodeURIComponent(object.key.replaceAll('+', ' '));
  const url = [AWS_ENDPOINT_URL_S3, bucket.name, ...key.split('/').map(encodeURIComponent)].join('/');
  const text = gunzipSync(await (await fetch(url)).arrayBuffer()).toString();
  const [names, ...lines] = text
    .trim()
    .split('\n')
    .map((line) => line.split(' '));
  const body = JSON.stringify(lines.map((values) => Object.fromEntries(values.map((value, at) => [names[at], value]))));
  const headers = { 'content-type': 'application/json', 'signoz-ingestion-key': SIGNOZ_KEY };
  while (!(await fetch(SIGNOZ_JSON_URL, { method: 'POST', headers, body })).ok);
}

console.log('polling');
while (!stopping) {
  const { Messages = [] } = JSON.parse(await sqs('ReceiveMessage', { WaitTimeSeconds: 1 }));
  for (const { Body, ReceiptHandle } of Messages) {
    for (const { s3 } of JSON.parse(Body).Records ?? []) await forward(s3);
    await sqs('DeleteMessage', { ReceiptHandle });
  }
}
process.exit(0);
