// What GetObject and HeadObject share: finding the object, its conditions, its range, and the headers of the answer.

import { formatHttpDate } from '../../core/http-date.ts';
import { bucketOf, type S3 } from './action.ts';
import { header, type Call } from './call.ts';
import { invalidArgument, S3Error } from './errors.ts';
import { checksumHeaders } from './object-headers.ts';
import { checkReadConditions, rangeApplies } from './preconditions.ts';
import { parseRange, type ByteRange } from './range.ts';
import type { ObjectEntry } from './storage/entry.ts';
import { refuseHeaders } from './unsupported.ts';
import { findVersion } from './versions.ts';

/** Query parameters with which a GET replaces headers of its answer. */
const overrides = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
];

export interface ObjectRead {
  readonly statusCode: 200 | 206 | 304;
  readonly headers: Record<string, string | number>;
  readonly entry: ObjectEntry;
  /** Absent where no bytes are due. */
  readonly range?: ByteRange;
}

export function readObject(call: Call, s3: S3): ObjectRead {
  refuseHeaders(call, ['x-amz-server-side-encryption-*']);
  const found = findVersion(bucketOf(call, s3), call.key, call.query.get('versionId'));
  const { entry } = found;
  const { sizeBytes } = entry.body;
  const etag = `"${entry.etag}"`;
  const lastModified = formatHttpDate(entry.lastModifiedMs);
  const asked = call.headers;
  const conditions = {
    ifMatch: asked['if-match'],
    ifUnmodifiedSince: asked['if-unmodified-since'],
    ifNoneMatch: asked['if-none-match'],
    ifModifiedSince: asked['if-modified-since'],
  };
  if (checkReadConditions(conditions, entry) === 'not-modified') {
    return { statusCode: 304, headers: { etag, 'last-modified': lastModified }, entry };
  }
  const part = readPartNumber(call, entry);
  const range =
    part ?? (asked.range !== undefined && rangeApplies(call, entry) ? parseRange(asked.range, sizeBytes) : undefined);
  const { start, end } = range ?? { start: 0, end: sizeBytes };
  const headers: Record<string, string | number> = {
    ...entry.headers,
    etag,
    'last-modified': lastModified,
    'accept-ranges': 'bytes',
  };
  Object.assign(headers, found.headers);
  if (entry.tags?.length) headers['x-amz-tagging-count'] = entry.tags.length;
  if (part && entry.partBytes) headers['x-amz-mp-parts-count'] = entry.partBytes.length;
  // The SDK checks a returned checksum against the bytes it got, so a part must come without that of the whole.
  const checksumMode = asked['x-amz-checksum-mode'];
  if (range) headers['content-range'] = `bytes ${start}-${end - 1}/${sizeBytes}`;
  else if (checksumMode !== undefined && /^enabled$/i.test(String(checksumMode)))
    Object.assign(headers, checksumHeaders(entry.checksum));
  if (call.query.size > 0) override(headers, call);
  // The last of them: where Node knows the length already, it makes ISO-8859-1 in a Content-Disposition something that it refuses to send.
  headers['content-length'] = end - start;
  return { statusCode: range ? 206 : 200, headers, entry, range: { start, end } };
}

function override(headers: Record<string, string | number>, call: Call): void {
  for (const name of overrides) {
    const value = call.query.get(`response-${name}`);
    if (value === undefined) continue;
    if (!isHeaderValue(value)) {
      throw invalidArgument(`response-${name}`, value, 'Header value cannot be represented using ISO-8859-1.');
    }
    headers[name] = value;
  }
}

/** The bytes of one part, as it was uploaded; an object that was uploaded whole is its own first part. */
function readPartNumber(call: Call, entry: ObjectEntry): ByteRange | undefined {
  const text = call.query.get('partNumber');
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!/^\d{1,5}$/.test(text) || number < 1 || number > 10_000) {
    throw invalidArgument('partNumber', text, 'Part number must be an integer between 1 and 10000, inclusive');
  }
  if (header(call, 'range') !== undefined) {
    throw new S3Error('InvalidRequest', { message: 'Cannot specify both Range header and partNumber query parameter' });
  }
  const sizes = entry.partBytes ?? [entry.body.sizeBytes];
  const size = sizes[number - 1];
  if (size === undefined) {
    throw new S3Error('InvalidPartNumber', {
      details: { PartNumberRequested: text, ActualPartCount: String(sizes.length) },
    });
  }
  const start = sizes.slice(0, number - 1).reduce((sum, sizeBytes) => sum + sizeBytes, 0);
  return { start, end: start + size };
}

/** What Node will send: no line ends, no control characters, nothing beyond ISO-8859-1. */
function isHeaderValue(value: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
}
