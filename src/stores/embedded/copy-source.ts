// The object that a copy reads: CopyObject and UploadPartCopy name it in a header ("CopyObject", Amazon S3 API Reference).

import type { S3 } from './action.ts';
import { header, type Call } from './call.ts';
import { invalidArgument, S3Error } from './errors.ts';
import { checkReadConditions, preconditionFailed } from './preconditions.ts';
import type { ObjectEntry } from './storage/entry.ts';
import { findVersion } from './versions.ts';

const name = 'x-amz-copy-source';

export interface CopySource {
  readonly bucket: string;
  readonly key: string;
  readonly entry: ObjectEntry;
  readonly headers: Readonly<Record<string, string>>;
}

/** Finds what the header names, and judges the conditions on it. */
export function findCopySource(call: Call, s3: S3): CopySource {
  const text = header(call, name) ?? '';
  const { bucket, key, versionId } = readCopySource(text);
  const there = s3.storage.bucket(bucket);
  if (!there) throw new S3Error('NoSuchBucket', { details: { BucketName: bucket } });
  const { entry, headers } = findVersion(there, key, versionId);
  const conditions = {
    ifMatch: header(call, `${name}-if-match`),
    ifUnmodifiedSince: header(call, `${name}-if-unmodified-since`),
    ifNoneMatch: header(call, `${name}-if-none-match`),
    ifModifiedSince: header(call, `${name}-if-modified-since`),
  };
  if (checkReadConditions(conditions, entry, `${name}-`) === 'not-modified')
    throw preconditionFailed(`${name}-If-None-Match`);
  const id = headers['x-amz-version-id'];
  return { bucket, key, entry, headers: id === undefined ? {} : { [`${name}-version-id`]: id } };
}

/** `/BUCKET/KEY`, percent-encoded, with or without the first slash, and with `?versionId=` behind it or not. */
function readCopySource(text: string): { bucket: string; key: string; versionId: string | undefined } {
  const [path = '', query = ''] = text.split('?', 2);
  const message = 'Copy Source must mention the source bucket and key: sourcebucket/sourcekey';
  let decoded: string;
  try {
    decoded = decodeURIComponent(path.replaceAll('+', ' '));
  } catch {
    throw invalidArgument(name, text, message);
  }
  const [, bucket, key] = /^\/?([^/]+)\/(.+)$/s.exec(decoded) ?? [];
  if (bucket === undefined || key === undefined) throw invalidArgument(name, text, message);
  return { bucket, key, versionId: new URLSearchParams(query).get('versionId') ?? undefined };
}
