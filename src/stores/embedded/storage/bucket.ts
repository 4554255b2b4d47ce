// One bucket: its objects and their versions ("How S3 Versioning works", Amazon S3 User Guide), without HTTP. A change is one
// synchronous step on a map, so readers see the object before it or after it and nothing between; and it is data, so that a journal
// can write it down before it is made, and make it again after a restart.

import type { Body } from './body.ts';
import { nullVersion, type ObjectEntry, type Tag, type Version } from './entry.ts';
import { listPage, type ListPage, type ListQuery } from './listing.ts';
import { listVersions, type VersionPage, type VersionQuery } from './version-listing.ts';
import { openVersionMap, type VersionChange } from './version-map.ts';

export type Versioning = 'Enabled' | 'Suspended';

export type BucketChange =
  | VersionChange
  | { readonly type: 'versioning'; readonly status: Versioning }
  | { readonly type: 'notification'; readonly xml: string };

/** Decides at the moment of the change whether it may happen: gets the entry that stands there, throws to refuse. */
export type Precondition = (current: ObjectEntry | undefined) => void;

/** What became of a deletion. `versionId` is absent in a bucket that never had versioning. */
export interface Deletion {
  readonly versionId?: string;
  /** A marker was made, or was what was deleted. */
  readonly isMarker: boolean;
  /** Whether something was removed, or hidden behind a new marker; nothing else is news. */
  readonly event?: 'Delete' | 'DeleteMarkerCreated';
}

export interface Bucket {
  readonly createdMs: number;
  readonly versioning: Versioning | undefined;
  /** The notification configuration as it was sent; '' for none. */
  readonly notification: string;
  readonly isEmpty: boolean;
  /** The newest version, unless that is a delete marker. */
  get(key: string): ObjectEntry | undefined;
  /** The newest version, a delete marker too; with an id, that one. */
  version(key: string, versionId?: string): Version | undefined;
  /**
   * Puts the entry in place of any other, or before it where there are versions. Owns the first hold on its body, and releases it
   * where the precondition refuses. Resolves with the version's id, where the bucket has versions.
   */
  put(key: string, entry: ObjectEntry, precondition?: Precondition): Promise<string | undefined>;
  delete(key: string, precondition?: Precondition): Promise<Deletion>;
  /** Deletes one version for good. */
  deleteVersion(key: string, versionId: string): Promise<Deletion>;
  setTags(key: string, versionId: string, tags: readonly Tag[]): void;
  setVersioning(status: Versioning): void;
  setNotification(xml: string): void;
  list(query: ListQuery): ListPage;
  listVersions(query: VersionQuery): VersionPage;
  /** Makes a change that was made before. */
  replay(change: BucketChange): void;
  /** Every version as the change that made it, oldest first, and the bucket's settings. */
  changes(): Iterable<BucketChange>;
}

export interface BucketOptions {
  readonly createdMs: number;
  readonly newVersionId: () => string;
  readonly nowMs: () => number;
  /** Writes a change down before it is made; throws to refuse it. */
  readonly record: (change: BucketChange) => void;
}

export function openBucket({ createdMs, newVersionId, nowMs, record }: BucketOptions): Bucket {
  const versions = openVersionMap();
  let versioning: Versioning | undefined;
  let notification = '';

  /** Returns the body that nobody finds any more. */
  function apply(change: BucketChange): Body | undefined {
    if (change.type === 'versioning') versioning = change.status;
    else if (change.type === 'notification') notification = change.xml;
    else return versions.apply(change);
    return undefined;
  }

  function make(change: BucketChange): Promise<void> | undefined {
    record(change);
    return apply(change)?.release();
  }

  const idOfNext = (): string => (versioning === 'Enabled' ? newVersionId() : nullVersion);
  const shownId = (versionId: string): { versionId?: string } => (versioning === undefined ? {} : { versionId });

  return {
    createdMs,
    get versioning() {
      return versioning;
    },
    get notification() {
      return notification;
    },
    get isEmpty() {
      return versions.newest.size === 0;
    },
    get: (key) => versions.newest.get(key)?.entry,
    version: (key, versionId) => versions.find(key, versionId),
    async put(key, entry, precondition) {
      const versionId = idOfNext();
      try {
        precondition?.(versions.newest.get(key)?.entry);
        await make({ type: 'put', key, versionId, entry });
      } catch (refusal) {
        if (versions.find(key, versionId)?.entry !== entry) await entry.body.release();
        throw refusal;
      }
      return shownId(versionId).versionId;
    },
    async delete(key, precondition) {
      const current = versions.newest.get(key);
      precondition?.(current?.entry);
      if (versioning === undefined) {
        if (current) await make({ type: 'remove', key, versionId: nullVersion });
        return { isMarker: false, ...(current ? { event: 'Delete' } : {}) };
      }
      const versionId = idOfNext();
      await make({ type: 'mark', key, versionId, lastModifiedMs: nowMs() });
      return { versionId, isMarker: true, event: 'DeleteMarkerCreated' };
    },
    async deleteVersion(key, versionId) {
      const found = versions.find(key, versionId);
      if (found) await make({ type: 'remove', key, versionId });
      const isMarker = found !== undefined && !found.entry;
      return { ...shownId(versionId), isMarker, ...(found ? { event: 'Delete' } : {}) };
    },
    setTags: (key, versionId, tags) => void make({ type: 'tag', key, versionId, tags }),
    setVersioning: (status) => void make({ type: 'versioning', status }),
    setNotification: (xml) => void make({ type: 'notification', xml }),
    list: (query) => listPage(versions.sortedKeys(), query),
    listVersions: (query) => listVersions(versions.newest, query),
    replay: (change) => void apply(change)?.release(),
    *changes() {
      if (versioning) yield { type: 'versioning', status: versioning };
      if (notification !== '') yield { type: 'notification', xml: notification };
      yield* versions.changes();
    },
  };
}
