// DeleteObject: succeeds whether or not the object is there, as S3 does without versioning.

import { bucketOf, type Action } from '../action.ts';
import { writePrecondition } from '../preconditions.ts';
import { refuseHeaders, refuseParameters } from '../unsupported.ts';

export const deleteObject: Action = async (call, s3) => {
  const bucket = bucketOf(call, s3);
  refuseParameters(call, ['versionId']);
  refuseHeaders(call, ['x-amz-mfa', 'x-amz-bypass-governance-retention', 'x-amz-if-match-*', 'if-none-match']);
  await bucket.delete(call.key, writePrecondition(call));
  return { statusCode: 204, headers: {} };
};
