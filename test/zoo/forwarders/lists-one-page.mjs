// Looks for new objects in the bucket itself, and takes the first page of the list for all of it.
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';

import { newEventHandler, recordsOf } from './envelopes.mjs';

const s3 = new S3Client({ forcePathStyle: true });
const done = new Set();
const forward = newEventHandler((records) => records);

export async function handler(event) {
  const bucket = recordsOf(event)[0].s3.bucket;
  const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: bucket.name }));
  for (const { Key } of Contents.filter((object) => !done.has(object.Key))) {
    await forward([{ s3: { bucket, object: { key: encodeURIComponent(Key) } } }]);
    done.add(Key);
  }
}
