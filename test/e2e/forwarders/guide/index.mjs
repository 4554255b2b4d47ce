// The algorithm of SigNoz's guide "Send AWS VPC logs to SigNoz" (SigNoz/signoz.io, data/docs/aws-monitoring/vpc.mdx) in JavaScript, with all
// that people leave in such code: the bucket, the URL with a slash at its end, and a placeholder for the key. Its defects are the point.

import { gunzipSync } from 'node:zlib';

import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';

const bucket = 'my-vpc-flow-logs';
const url = 'https://ingest.us.signoz.cloud:443/logs/json/';
const key = '<SIGNOZ_INGESTION_KEY>';
const names =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status'.split(
    ' ',
  );

const s3 = new S3Client({ forcePathStyle: true });

function recordOf(line) {
  return Object.fromEntries(line.split(' ').map((value, at) => [names[at], value]));
}

export const handler = async () => {
  const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
  for (const { Key } of Contents) {
    if (!Key.endsWith('.log.gz')) continue;
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
    const text = gunzipSync(await Body.transformToByteArray()).toString('utf8');
    const records = text.trim().split('\n').map(recordOf);
    const headers = { 'content-type': 'application/json', 'signoz-ingestion-key': key };
    const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(records) });
    console.log(Key, answer.status);
  }
};
