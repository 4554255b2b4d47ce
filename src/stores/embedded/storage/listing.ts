// One page of a listing, without HTTP: which keys and common prefixes come next. The rules are those of ListObjectsV2 in the
// Amazon S3 API Reference.

import { compareUtf8, partition } from './key-index.ts';

/** Where the next page starts: after a key, or after all keys that begin with a common prefix. */
export interface ListPosition {
  readonly after: string;
  readonly isPrefix: boolean;
}

export interface ListQuery {
  readonly prefix: string;
  /** Keys that hold it after the prefix are rolled up; '' means none. */
  readonly delimiter: string;
  readonly from?: ListPosition;
  /** Keys and common prefixes together. */
  readonly maxKeys: number;
}

export interface ListPage {
  readonly keys: readonly string[];
  readonly commonPrefixes: readonly string[];
  /** Present where the page was cut: where to go on. */
  readonly next?: ListPosition;
}

/** Reads one page of `sorted` (keys in the order of their UTF-8 bytes). */
export function listPage(sorted: readonly string[], query: ListQuery): ListPage {
  const { prefix, delimiter, maxKeys } = query;
  const keys: string[] = [];
  const commonPrefixes: string[] = [];
  let position: ListPosition | undefined;
  let i = Math.max(firstAtOrAfter(sorted, prefix), query.from ? indexAfter(sorted, query.from) : 0);
  // AWS answers max-keys=0 with an empty page that is not truncated.
  while (maxKeys > 0 && i < sorted.length && sorted[i]!.startsWith(prefix)) {
    if (keys.length + commonPrefixes.length === maxKeys) return { keys, commonPrefixes, next: position! };
    const key = sorted[i]!;
    const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    if (cut === -1) {
      keys.push(key);
      position = { after: key, isPrefix: false };
      i += 1;
    } else {
      position = { after: key.slice(0, cut + delimiter.length), isPrefix: true };
      commonPrefixes.push(position.after);
      i = indexAfter(sorted, position);
    }
  }
  return { keys, commonPrefixes };
}

function indexAfter(sorted: readonly string[], { after, isPrefix }: ListPosition): number {
  return isPrefix
    ? partition(sorted, (key) => compareUtf8(key, after) < 0 || key.startsWith(after))
    : partition(sorted, (key) => compareUtf8(key, after) <= 0);
}

function firstAtOrAfter(sorted: readonly string[], key: string): number {
  return partition(sorted, (other) => compareUtf8(other, key) < 0);
}
