// AbortMultipartUpload: the parts are gone with it.

import type { Action } from '../action.ts';
import { uploadOf } from '../multipart.ts';

export const abortMultipartUpload: Action = async (call, s3) => {
  await s3.storage.uploads.end(uploadOf(call, s3));
  return { statusCode: 204, headers: {} };
};
