// GetObjectTagging, PutObjectTagging and DeleteObjectTagging: tags are the version's, and change nothing else of it.

import { bucketOf, type Action } from '../action.ts';
import { maxXmlBytes, receiveText } from '../payload.ts';
import { readTagging, taggingXml } from '../tags.ts';
import { findVersion } from '../versions.ts';

export const getObjectTagging: Action = (call, s3) => {
  const { entry, headers } = findVersion(bucketOf(call, s3), call.key, call.query.get('versionId'));
  return { statusCode: 200, headers, content: taggingXml(entry.tags ?? []) };
};

export const putObjectTagging: Action = async (call, s3) => {
  const tags = readTagging(await receiveText(call, maxXmlBytes));
  const bucket = bucketOf(call, s3);
  const { versionId, headers } = findVersion(bucket, call.key, call.query.get('versionId'));
  bucket.setTags(call.key, versionId, tags);
  return { statusCode: 200, headers };
};

export const deleteObjectTagging: Action = (call, s3) => {
  const bucket = bucketOf(call, s3);
  const { versionId, headers } = findVersion(bucket, call.key, call.query.get('versionId'));
  bucket.setTags(call.key, versionId, []);
  return { statusCode: 204, headers };
};
