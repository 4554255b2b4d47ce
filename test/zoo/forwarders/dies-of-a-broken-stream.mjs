// Joins streams with pipe, which hands no error on: that of a broken gzip ends the process.
import { createGunzip } from 'node:zlib';

import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';

import { newHandler } from './pipeline.mjs';

const s3 = new S3Client({ forcePathStyle: true });

async function readLines(bucket, key) {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  const stream = key.endsWith('.gz') ? Body.pipe(createGunzip()) : Body;
  let text = '';
  await new Promise((resolve) => stream.on('data', (piece) => (text += piece)).on('end', resolve));
  return text.split('\n').filter((line) => line.trim() !== '');
}

export const handler = newHandler({ readLines });
