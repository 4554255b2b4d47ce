// GetBucketLocation: us-east-1 has no name there.

import { bucketOf, type Action } from '../action.ts';
import { s3Element } from '../xml.ts';

export const getBucketLocation: Action = (call, s3) => {
  bucketOf(call, s3);
  const content = s3.region === 'us-east-1' ? '' : s3.region;
  return { statusCode: 200, headers: {}, content: s3Element('LocationConstraint', content) };
};
