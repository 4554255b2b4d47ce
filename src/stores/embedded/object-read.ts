// What GetObject and HeadObject share: finding the object, its conditions, its range, and the headers of the answer.

import { formatHttpDate } from '../../core/http-date.ts';
import { bucketOf, type S3 } from './action.ts';
import { header, type Call } from './call.ts';
import { invalidArgument, S3Error } from './errors.ts';
import { checksumHeaders } from './object-headers.ts';
import { checkReadConditions, rangeApplies } from './preconditions.ts';
import { parseRange, type ByteRange } from './range.ts';
import type { ObjectEntry } from './storage/storage.ts';
import { refuseHeaders, refuseParameters } from './unsupported.ts';

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
  refuseParameters(call, ['partNumber', 'versionId']);
  refuseHeaders(call, ['x-amz-server-side-encryption-*']);
  const entry = bucketOf(call, s3).get(call.key);
  if (!entry) throw new S3Error('NoSuchKey', { details: { Key: call.key } });
  const { sizeBytes } = entry.body;
  const validators = { etag: `"${entry.etag}"`, 'last-modified': formatHttpDate(entry.lastModifiedMs) };
  if (checkReadConditions(call, entry) === 'not-modified') return { statusCode: 304, headers: validators, entry };
  const range = rangeApplies(call, entry) ? parseRange(header(call, 'range'), sizeBytes) : undefined;
  const { start, end } = range ?? { start: 0, end: sizeBytes };
  const headers: Record<string, string | number> = {
    ...entry.headers,
    ...validators,
    'accept-ranges': 'bytes',
    'content-length': end - start,
  };
  // The SDK checks a returned checksum against the bytes it got, so a part must come without that of the whole.
  const wantsChecksum = header(call, 'x-amz-checksum-mode')?.toUpperCase() === 'ENABLED';
  if (range) headers['content-range'] = `bytes ${start}-${end - 1}/${sizeBytes}`;
  else if (wantsChecksum) Object.assign(headers, checksumHeaders(entry.checksum));
  for (const name of overrides) {
    const value = call.query.get(`response-${name}`);
    if (value === null) continue;
    if (!isHeaderValue(value)) {
      throw invalidArgument(`response-${name}`, value, 'Header value cannot be represented using ISO-8859-1.');
    }
    headers[name] = value;
  }
  return { statusCode: range ? 206 : 200, headers, entry, range: { start, end } };
}

/** What Node will send: no line ends, no control characters, nothing beyond ISO-8859-1. */
function isHeaderValue(value: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
}
