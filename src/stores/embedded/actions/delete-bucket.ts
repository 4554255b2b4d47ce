// DeleteBucket: only where nothing is left in it, no old version either.

import { bucketOf, type Action } from '../action.ts';
import { S3Error } from '../errors.ts';

export const deleteBucket: Action = async (call, s3) => {
  const bucket = bucketOf(call, s3);
  if (!bucket.isEmpty) throw new S3Error('BucketNotEmpty', { details: { BucketName: call.bucket } });
  s3.storage.deleteBucket(call.bucket);
  await Promise.all(s3.storage.uploads.of(call.bucket).map((upload) => s3.storage.uploads.end(upload)));
  return { statusCode: 204, headers: {} };
};
