// The list of what the embedded S3 does, by the operation's name. Whatever is not in it is answered 501 by name.

import type { Action } from '../action.ts';
import { abortMultipartUpload } from './abort-multipart-upload.ts';
import { getBucketNotification, putBucketNotification } from './bucket-notification.ts';
import { getBucketLocation } from './bucket-location.ts';
import { getBucketVersioning, putBucketVersioning } from './bucket-versioning.ts';
import { completeMultipartUpload } from './complete-multipart-upload.ts';
import { copyObject } from './copy-object.ts';
import { createBucket } from './create-bucket.ts';
import { createMultipartUpload } from './create-multipart-upload.ts';
import { deleteBucket } from './delete-bucket.ts';
import { deleteObject } from './delete-object.ts';
import { deleteObjects } from './delete-objects.ts';
import { getObject } from './get-object.ts';
import { headBucket } from './head-bucket.ts';
import { headObject } from './head-object.ts';
import { listBuckets } from './list-buckets.ts';
import { listMultipartUploads } from './list-multipart-uploads.ts';
import { listObjectVersions } from './list-object-versions.ts';
import { listObjectsV2 } from './list-objects-v2.ts';
import { listObjects } from './list-objects.ts';
import { listParts } from './list-parts.ts';
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from './object-tagging.ts';
import { putObject } from './put-object.ts';
import { uploadPart, uploadPartCopy } from './upload-part.ts';

export const actions: ReadonlyMap<string, Action> = new Map([
  ['AbortMultipartUpload', abortMultipartUpload],
  ['CompleteMultipartUpload', completeMultipartUpload],
  ['CopyObject', copyObject],
  ['CreateBucket', createBucket],
  ['CreateMultipartUpload', createMultipartUpload],
  ['DeleteBucket', deleteBucket],
  ['DeleteObject', deleteObject],
  ['DeleteObjectTagging', deleteObjectTagging],
  ['DeleteObjects', deleteObjects],
  ['GetBucketLocation', getBucketLocation],
  ['GetBucketNotificationConfiguration', getBucketNotification],
  ['GetBucketVersioning', getBucketVersioning],
  ['GetObject', getObject],
  ['GetObjectTagging', getObjectTagging],
  ['HeadBucket', headBucket],
  ['HeadObject', headObject],
  ['ListBuckets', listBuckets],
  ['ListMultipartUploads', listMultipartUploads],
  ['ListObjectVersions', listObjectVersions],
  ['ListObjects', listObjects],
  ['ListObjectsV2', listObjectsV2],
  ['ListParts', listParts],
  ['PutBucketNotificationConfiguration', putBucketNotification],
  ['PutBucketVersioning', putBucketVersioning],
  ['PutObject', putObject],
  ['PutObjectTagging', putObjectTagging],
  ['UploadPart', uploadPart],
  ['UploadPartCopy', uploadPartCopy],
]);
