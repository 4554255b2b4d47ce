// Which version of an object a request means, and what is answered where there is none ("Working with delete markers", Amazon S3
// User Guide).

import { invalidArgument, S3Error } from './errors.ts';
import type { Bucket, Deletion } from './storage/bucket.ts';
import { nullVersion, type ObjectEntry } from './storage/entry.ts';

export interface FoundVersion {
  readonly entry: ObjectEntry;
  readonly versionId: string;
  /** Headers of an answer about it; none in a bucket that never had versioning. */
  readonly headers: Readonly<Record<string, string>>;
}

const noHeaders = {};

/** Finds the newest version, or the one of the id; throws what S3 answers where there is none to read. */
export function findVersion(bucket: Bucket, key: string, versionId: string | undefined): FoundVersion {
  if (versionId !== undefined) checkVersionId(versionId);
  const version = bucket.version(key, versionId);
  if (!version) {
    if (versionId === undefined) throw new S3Error('NoSuchKey', { details: { Key: key } });
    throw new S3Error('NoSuchVersion', { details: { Key: key, VersionId: versionId } });
  }
  const headers = bucket.versioning === undefined ? noHeaders : { 'x-amz-version-id': version.versionId };
  if (version.entry) return { entry: version.entry, versionId: version.versionId, headers };
  const marker = { ...headers, 'x-amz-delete-marker': 'true' };
  if (versionId === undefined) throw new S3Error('NoSuchKey', { details: { Key: key }, headers: marker });
  throw new S3Error('MethodNotAllowed', {
    details: { Method: 'GET', ResourceType: 'DeleteMarker' },
    headers: { ...marker, allow: 'DELETE' },
  });
}

/** Ours have 32 characters, as AWS's have today. */
export function checkVersionId(versionId: string): void {
  if (versionId === nullVersion || /^[\w.-]{32}$/.test(versionId)) return;
  throw invalidArgument('versionId', versionId, 'Invalid version id specified');
}

export function deletionHeaders({ versionId, isMarker }: Deletion): Record<string, string> {
  return {
    ...(versionId === undefined ? {} : { 'x-amz-version-id': versionId }),
    ...(isMarker ? { 'x-amz-delete-marker': 'true' } : {}),
  };
}

/** Of an answer to what made a version. */
export function versionHeaders(versionId: string | undefined): Record<string, string> {
  return versionId === undefined ? {} : { 'x-amz-version-id': versionId };
}
