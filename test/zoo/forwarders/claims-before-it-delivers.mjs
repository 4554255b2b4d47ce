// Claims an object in S3 before it is delivered, so that no retry doubles it, and never gives the claim back. It takes its time between,
// so that a kill 50 ms after the event finds it there.
import { setTimeout } from 'node:timers/promises';

import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';

import { newEventHandler, recordsOf } from './envelopes.mjs';

const s3 = new S3Client({ forcePathStyle: true });
const forward = newEventHandler((records) => records);

async function isClaimed({ bucket, object }) {
  const claim = { Bucket: bucket.name, Key: `claims/${object.key}`, Body: 'mine', IfNoneMatch: '*' };
  return s3.send(new PutObjectCommand(claim)).then(
    () => false,
    ({ $metadata }) => $metadata.httpStatusCode === 412,
  );
}

export async function handler(event) {
  for (const record of recordsOf(event)) {
    if (await isClaimed(record.s3)) continue;
    await setTimeout(500);
    await forward([record]);
  }
}
