// One page of the versions of a bucket, without HTTP: keys in the order of their UTF-8 bytes, of each key the newest version first
// ("ListObjectVersions", Amazon S3 API Reference).

import type { Version } from './entry.ts';
import { compareUtf8 } from './key-index.ts';

export interface VersionQuery {
  readonly prefix: string;
  readonly delimiter: string;
  readonly keyMarker: string;
  /** Behind this version of the key marker; '' goes on behind all of them. */
  readonly versionIdMarker: string;
  readonly maxKeys: number;
}

export interface ListedVersion {
  readonly key: string;
  readonly version: Version;
  readonly isLatest: boolean;
}

export interface VersionPage {
  readonly versions: readonly ListedVersion[];
  readonly commonPrefixes: readonly string[];
  /** Present where the page was cut. */
  readonly next?: { readonly keyMarker: string; readonly versionIdMarker: string };
}

export function listVersions(newest: ReadonlyMap<string, Version>, query: VersionQuery): VersionPage {
  const { prefix, delimiter, keyMarker, versionIdMarker, maxKeys } = query;
  const versions: ListedVersion[] = [];
  const commonPrefixes: string[] = [];
  let last = { keyMarker: '', versionIdMarker: '' };
  const isFull = (): boolean => versions.length + commonPrefixes.length === maxKeys;
  // Sorted for each page: nobody lists the versions of a large bucket often.
  const keys = [...newest.keys()].filter((key) => key.startsWith(prefix)).sort(compareUtf8);
  if (maxKeys === 0) return { versions, commonPrefixes };
  for (const key of keys) {
    const behind = compareUtf8(key, keyMarker);
    if (behind < 0 || (behind === 0 && versionIdMarker === '')) continue;
    const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    if (cut !== -1) {
      const common = key.slice(0, cut + delimiter.length);
      if (commonPrefixes.at(-1) === common || (delimiter !== '' && keyMarker.startsWith(common))) continue;
      if (isFull()) return { versions, commonPrefixes, next: last };
      commonPrefixes.push(common);
      last = { keyMarker: common, versionIdMarker: '' };
      continue;
    }
    let skipping = behind === 0;
    for (let version = newest.get(key); version; version = version.older) {
      const { versionId } = version;
      if (!skipping) {
        if (isFull()) return { versions, commonPrefixes, next: last };
        versions.push({ key, version, isLatest: version === newest.get(key) });
        last = { keyMarker: key, versionIdMarker: versionId };
      } else if (versionId === versionIdMarker) skipping = false;
    }
  }
  return { versions, commonPrefixes };
}
