// HeadBucket: whether the bucket is there, and in which region.

import { bucketOf, type Action } from '../action.ts';

export const headBucket: Action = (call, s3) => {
  bucketOf(call, s3);
  return {
    statusCode: 200,
    headers: {
      'x-amz-bucket-region': s3.region,
      'x-amz-access-point-alias': 'false',
      'content-type': 'application/xml',
    },
  };
};
