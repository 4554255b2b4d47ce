// Asks S3 once, and passes over what it does not get.
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';

import { newHandler, readLines } from './pipeline.mjs';

const s3 = new S3Client({ forcePathStyle: true, maxAttempts: 1 });

async function readOnce(bucket, key) {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    Body.destroy();
  } catch (error) {
    console.log(`${key}: ${error.name}`);
    return [];
  }
  return readLines(bucket, key);
}

export const handler = newHandler({ readLines: readOnce });
