// Takes what came of a body before it broke for all of it.
import { constants, gunzipSync } from 'node:zlib';

import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';

import { newHandler } from './pipeline.mjs';

const s3 = new S3Client({ forcePathStyle: true });

async function readLines(bucket, key) {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  const pieces = [];
  try {
    for await (const piece of Body) pieces.push(piece);
  } catch (error) {
    console.log(`${key}: ${error.message}`);
  }
  const text = gunzipSync(Buffer.concat(pieces), { finishFlush: constants.Z_SYNC_FLUSH }).toString();
  return text.slice(0, text.lastIndexOf('\n')).split('\n');
}

export const handler = newHandler({ readLines });
