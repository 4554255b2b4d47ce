// What the operations of an upload in parts have in common: finding the upload, and the numbers of parts.

import { bucketOf, type S3 } from './action.ts';
import type { Call } from './call.ts';
import { invalidArgument, S3Error } from './errors.ts';
import type { Upload } from './storage/uploads.ts';

/** "Amazon S3 multipart upload limits", Amazon S3 User Guide. */
export const maxPartNumber = 10_000;
export const minPartBytes = 5 * 1024 * 1024;

export function uploadOf(call: Call, s3: S3): Upload {
  bucketOf(call, s3);
  const uploadId = call.query.get('uploadId') ?? '';
  const upload = s3.storage.uploads.find(uploadId);
  if (upload?.bucket === call.bucket && upload.key === call.key) return upload;
  throw noSuchUpload(uploadId);
}

export function noSuchUpload(uploadId: string): S3Error {
  return new S3Error('NoSuchUpload', { details: { UploadId: uploadId } });
}

export function partNumberOf(call: Call): number {
  const text = call.query.get('partNumber') ?? '';
  const number = Number(text);
  if (/^\d{1,5}$/.test(text) && number >= 1 && number <= maxPartNumber) return number;
  throw invalidArgument('partNumber', text, 'Part number must be an integer between 1 and 10000, inclusive');
}
