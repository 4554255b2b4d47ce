// Undoes the Content-Encoding that S3 tells, and then what the key's suffix tells.
import { gunzipSync } from 'node:zlib';

import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';

import { newHandler } from './pipeline.mjs';

const s3 = new S3Client({ forcePathStyle: true });

async function readLines(bucket, key) {
  const { Body, ContentEncoding } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  let bytes = Buffer.from(await Body.transformToByteArray());
  if (ContentEncoding === 'gzip') bytes = gunzipSync(bytes);
  if (key.endsWith('.gz')) bytes = gunzipSync(bytes);
  return bytes.toString().trimEnd().split('\n');
}

export const handler = newHandler({ readLines });
