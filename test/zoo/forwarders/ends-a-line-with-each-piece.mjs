// Takes each piece of a body for whole lines, and passes over scraps of a few values: with many of them no layout could be told.
import { createGunzip } from 'node:zlib';

import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';

import { newHandler } from './pipeline.mjs';

const s3 = new S3Client({ forcePathStyle: true });

async function readLines(bucket, key) {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  const lines = [];
  for await (const text of Body.pipe(createGunzip())) lines.push(...text.toString().split('\n'));
  return lines.filter((line) => line.split(' ').length > 4);
}

export const handler = newHandler({ readLines });
