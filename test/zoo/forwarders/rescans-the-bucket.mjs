// An event only says that there is something: all that lies in the bucket is sent.
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';

import { newEventHandler, recordsOf } from './envelopes.mjs';

const s3 = new S3Client({ forcePathStyle: true });
const forward = newEventHandler((records) => records);

export async function handler(event) {
  const bucket = recordsOf(event)[0].s3.bucket;
  const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: bucket.name }));
  await forward(Contents.map(({ Key }) => ({ s3: { bucket, object: { key: encodeURIComponent(Key) } } })));
}
