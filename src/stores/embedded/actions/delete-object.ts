// DeleteObject: succeeds whether or not the object is there. Where there are versions it makes a delete marker, and deletes for good
// only the version that it names.

import { bucketOf, type Action } from '../action.ts';
import { announceDeletion } from '../announce.ts';
import { writePrecondition } from '../preconditions.ts';
import { refuseHeaders } from '../unsupported.ts';
import { checkVersionId, deletionHeaders } from '../versions.ts';

export const deleteObject: Action = async (call, s3) => {
  const bucket = bucketOf(call, s3);
  const versionId = call.query.get('versionId');
  refuseHeaders(call, ['x-amz-mfa', 'x-amz-bypass-governance-retention', 'x-amz-if-match-*', 'if-none-match']);
  if (versionId !== undefined) checkVersionId(versionId);
  const deletion =
    versionId === undefined
      ? await bucket.delete(call.key, writePrecondition(call))
      : await bucket.deleteVersion(call.key, versionId);
  announceDeletion(call, s3, call.key, deletion);
  return { statusCode: 204, headers: deletionHeaders(deletion) };
};
