// ListObjectsV2: pages of keys and common prefixes.

import { formatInstant } from '../../../core/units.ts';
import { bucketOf, type Action } from '../action.ts';
import type { Call } from '../call.ts';
import { invalidArgument } from '../errors.ts';
import type { ListPosition } from '../storage/listing.ts';
import type { ObjectEntry } from '../storage/storage.ts';
import { refuseHeaders } from '../unsupported.ts';
import { s3Document, textElement } from '../xml.ts';

/** S3 gives at most this many on one page, whatever was asked for. */
const pageLimit = 1000;

/** The canonical id of the one owner here. */
const owner = '<Owner><ID>75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a</ID></Owner>';

export const listObjectsV2: Action = (call, s3) => {
  const bucket = bucketOf(call, s3);
  refuseHeaders(call, ['x-amz-optional-object-attributes']);
  const prefix = call.query.get('prefix') ?? '';
  const delimiter = call.query.get('delimiter') ?? '';
  const startAfter = call.query.get('start-after') ?? '';
  const token = call.query.get('continuation-token') ?? undefined;
  const maxKeys = readMaxKeys(call);
  const encode = readEncoding(call);
  const from =
    token !== undefined ? decodeToken(token) : startAfter === '' ? undefined : { after: startAfter, isPrefix: false };
  const page = bucket.list({ prefix, delimiter, maxKeys, ...(from ? { from } : {}) });
  const content = [
    textElement('Name', call.bucket),
    textElement('Prefix', encode(prefix)),
    textElement('Delimiter', delimiter === '' ? undefined : encode(delimiter)),
    textElement('StartAfter', startAfter === '' ? undefined : encode(startAfter)),
    textElement('ContinuationToken', token),
    textElement('NextContinuationToken', page.next && encodeToken(page.next)),
    textElement('KeyCount', page.keys.length + page.commonPrefixes.length),
    textElement('MaxKeys', maxKeys),
    textElement('EncodingType', call.query.get('encoding-type') ?? undefined),
    textElement('IsTruncated', page.next !== undefined),
    ...page.keys.map((key) => contents(encode(key), bucket.get(key)!, call.query.get('fetch-owner') === 'true')),
    ...page.commonPrefixes.map((text) => `<CommonPrefixes>${textElement('Prefix', encode(text))}</CommonPrefixes>`),
  ];
  return { statusCode: 200, headers: {}, content: s3Document('ListBucketResult', content.join('')) };
};

function contents(key: string, entry: ObjectEntry, withOwner: boolean): string {
  return [
    '<Contents>',
    textElement('Key', key),
    // S3 keeps whole seconds and writes the milliseconds as zeros.
    textElement('LastModified', formatInstant(Math.floor(entry.lastModifiedMs / 1000) * 1000)),
    textElement('ETag', `"${entry.etag}"`),
    textElement('ChecksumAlgorithm', entry.checksum?.algorithm.toUpperCase()),
    textElement('ChecksumType', entry.checksum && 'FULL_OBJECT'),
    textElement('Size', entry.body.sizeBytes),
    withOwner ? owner : '',
    '<StorageClass>STANDARD</StorageClass></Contents>',
  ].join('');
}

function readMaxKeys(call: Call): number {
  const text = call.query.get('max-keys');
  if (text === null || text === '') return pageLimit;
  const isNumber = /^\d{1,10}$/.test(text) && Number(text) <= 2_147_483_647;
  if (!isNumber) throw invalidArgument('max-keys', text, 'Provided max-keys not an integer or within integer range');
  return Math.min(Number(text), pageLimit);
}

function readEncoding(call: Call): (text: string) => string {
  const type = call.query.get('encoding-type');
  if (type === null) return (text) => text;
  if (type !== 'url') throw invalidArgument('encoding-type', type, 'Invalid Encoding Method specified in Request');
  return encodeUrl;
}

/** As S3 writes it: a space becomes `+`, and slashes stay. */
function encodeUrl(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%2F', '/')
    .replaceAll('%20', '+');
}

/** Opaque to clients: where the next page starts. */
function encodeToken({ after, isPrefix }: ListPosition): string {
  return Buffer.from(`${isPrefix ? 'p' : 'k'}${after}`).toString('base64url');
}

function decodeToken(token: string): ListPosition {
  const text = Buffer.from(token, 'base64url').toString();
  const position = { after: text.slice(1), isPrefix: text.startsWith('p') };
  // Only a token that encodes back to itself was ours.
  if (/^[pk]./s.test(text) && encodeToken(position) === token) return position;
  throw invalidArgument('continuation-token', token, 'The continuation token provided is incorrect');
}
