// The list of what the embedded S3 does, by the operation's name. Whatever is not in it is answered 501 by name.

import type { Action } from '../action.ts';
import { createBucket } from './create-bucket.ts';
import { deleteObject } from './delete-object.ts';
import { getObject } from './get-object.ts';
import { headBucket } from './head-bucket.ts';
import { headObject } from './head-object.ts';
import { listObjectsV2 } from './list-objects-v2.ts';
import { putObject } from './put-object.ts';

export const actions: ReadonlyMap<string, Action> = new Map([
  ['CreateBucket', createBucket],
  ['DeleteObject', deleteObject],
  ['GetObject', getObject],
  ['HeadBucket', headBucket],
  ['HeadObject', headObject],
  ['ListObjectsV2', listObjectsV2],
  ['PutObject', putObject],
]);
