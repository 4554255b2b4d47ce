// Conditional requests: RFC 9110, section 13, in the order of precedence that GetObject's page in the Amazon S3 API Reference
// gives, and conditional writes ("How to prevent object overwrites with conditional writes", Amazon S3 User Guide).

import { parseHttpDate } from '../../core/http-date.ts';
import { header, type Call } from './call.ts';
import { notImplementedHeader, S3Error } from './errors.ts';
import type { Precondition } from './storage/bucket.ts';
import type { ObjectEntry } from './storage/entry.ts';

/** What a read demands, header by header. */
export interface ReadConditions {
  readonly ifMatch: string | undefined;
  readonly ifUnmodifiedSince: string | undefined;
  readonly ifNoneMatch: string | undefined;
  readonly ifModifiedSince: string | undefined;
}

/** Judges a read: `not-modified` means 304; throws PreconditionFailed, which names the header with the prefix that a copy's have. */
export function checkReadConditions(
  conditions: ReadConditions,
  entry: ObjectEntry,
  prefix = '',
): 'read' | 'not-modified' {
  const { ifMatch, ifUnmodifiedSince, ifNoneMatch, ifModifiedSince } = conditions;
  if (ifMatch !== undefined) {
    if (!matchesEtag(ifMatch, entry.etag)) throw preconditionFailed(`${prefix}If-Match`);
  } else if (isAfter(entry, ifUnmodifiedSince)) {
    throw preconditionFailed(`${prefix}If-Unmodified-Since`);
  }
  if (ifNoneMatch !== undefined) return matchesEtag(ifNoneMatch, entry.etag) ? 'not-modified' : 'read';
  return isAfter(entry, ifModifiedSince) === false ? 'not-modified' : 'read';
}

/** Whether a Range still applies: an `If-Range` that does not fit asks for the whole object. */
export function rangeApplies(call: Call, entry: ObjectEntry): boolean {
  const ifRange = header(call, 'if-range');
  if (ifRange === undefined) return true;
  return ifRange.includes('"') ? matchesEtag(ifRange, entry.etag) : isAfter(entry, ifRange) === false;
}

/** What a PUT demands of the object that it would replace; S3 knows `If-None-Match: *` and `If-Match: ETAG` only. */
export function writePrecondition(call: Call): Precondition {
  const ifNoneMatch = header(call, 'if-none-match');
  if (ifNoneMatch !== undefined && ifNoneMatch.trim() !== '*') throw notImplementedHeader('If-None-Match');
  const ifMatch = header(call, 'if-match');
  return (current) => {
    if (ifNoneMatch !== undefined && current) throw preconditionFailed('If-None-Match');
    if (ifMatch === undefined) return;
    if (!current) throw new S3Error('NoSuchKey', { details: { Key: call.key } });
    if (!matchesEtag(ifMatch, current.etag)) throw preconditionFailed('If-Match');
  };
}

export function preconditionFailed(condition: string): S3Error {
  return new S3Error('PreconditionFailed', { details: { Condition: condition } });
}

/** A list of entity tags, with or without quotes as S3 takes both, or `*`. */
function matchesEtag(list: string, etag: string): boolean {
  return list.split(',').some((part) => {
    const tag = part.trim().replace(/^W\//, '').replaceAll('"', '');
    return tag === '*' || tag === etag;
  });
}

/** Whether the object changed after the date, in whole seconds as headers count; undefined where there is no date to go by. */
function isAfter(entry: ObjectEntry, date: string | undefined): boolean | undefined {
  const dateMs = date === undefined ? undefined : parseHttpDate(date);
  return dateMs === undefined ? undefined : Math.floor(entry.lastModifiedMs / 1000) > Math.floor(dateMs / 1000);
}
