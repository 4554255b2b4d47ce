// The versions of all keys of one bucket, as changes make them: of each key a chain, newest first.

import type { Body } from './body.ts';
import { nullVersion, type ObjectEntry, type Tag, type Version } from './entry.ts';
import { openKeyIndex } from './key-index.ts';

export type VersionChange =
  | { readonly type: 'put'; readonly key: string; readonly versionId: string; readonly entry: ObjectEntry }
  | { readonly type: 'mark'; readonly key: string; readonly versionId: string; readonly lastModifiedMs: number }
  | { readonly type: 'remove'; readonly key: string; readonly versionId: string }
  | { readonly type: 'tag'; readonly key: string; readonly versionId: string; readonly tags: readonly Tag[] };

export interface VersionMap {
  readonly newest: ReadonlyMap<string, Version>;
  /** The newest version, a delete marker too; with an id, that one. */
  find(key: string, versionId?: string): Version | undefined;
  /** Returns the body that nobody finds any more. */
  apply(change: VersionChange): Body | undefined;
  /** Keys whose newest version is no delete marker, in the order of their UTF-8 bytes; valid until the next change. */
  sortedKeys(): readonly string[];
  /** Every version as the change that made it, of each key the oldest first. */
  changes(): Iterable<VersionChange>;
}

export function openVersionMap(): VersionMap {
  const newest = new Map<string, Version>();
  const index = openKeyIndex((key) => newest.get(key)?.entry !== undefined);

  function find(key: string, versionId?: string): Version | undefined {
    let version = newest.get(key);
    while (version && versionId !== undefined && version.versionId !== versionId) version = version.older;
    return version;
  }

  function set(key: string, version: Version | undefined): void {
    const wasShown = newest.get(key)?.entry !== undefined;
    if (version) newest.set(key, version);
    else newest.delete(key);
    const isShown = version?.entry !== undefined;
    // An overwritten key stands in the index already.
    if (isShown === wasShown) return;
    if (isShown) index.add(key);
    else index.remove(key);
  }

  function take(key: string, versionId: string): Body | undefined {
    const found = find(key, versionId);
    if (!found) return undefined;
    set(key, without(newest.get(key), found));
    return found.entry?.body;
  }

  function apply(change: VersionChange): Body | undefined {
    const { type, key, versionId } = change;
    if (type === 'remove') return take(key, versionId);
    if (type === 'tag') {
      newest.set(key, tagged(newest.get(key)!, versionId, change.tags));
      return undefined;
    }
    // Only the version `null` takes another's place.
    const freed = versionId === nullVersion ? take(key, versionId) : undefined;
    const entry = type === 'put' ? change.entry : undefined;
    const lastModifiedMs = type === 'put' ? change.entry.lastModifiedMs : change.lastModifiedMs;
    set(key, { versionId, lastModifiedMs, entry, older: newest.get(key) });
    return freed;
  }

  return {
    newest,
    find,
    apply,
    sortedKeys: () => index.sorted(),
    *changes() {
      for (const [key, version] of newest) yield* changesOf(key, version);
    },
  };
}

function without(from: Version | undefined, version: Version): Version | undefined {
  if (!from || from === version) return from?.older;
  return { ...from, older: without(from.older, version) };
}

function tagged(from: Version, versionId: string, tags: readonly Tag[]): Version {
  if (from.versionId === versionId) return { ...from, entry: from.entry && { ...from.entry, tags } };
  return from.older ? { ...from, older: tagged(from.older, versionId, tags) } : from;
}

function changesOf(key: string, newest: Version): VersionChange[] {
  const changes: VersionChange[] = [];
  for (let version: Version | undefined = newest; version; version = version.older) {
    const { versionId, lastModifiedMs, entry } = version;
    changes.push(entry ? { type: 'put', key, versionId, entry } : { type: 'mark', key, versionId, lastModifiedMs });
  }
  return changes.toReversed();
}
