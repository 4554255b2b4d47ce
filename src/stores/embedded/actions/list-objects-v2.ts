// ListObjectsV2: pages of keys and common prefixes.

import { bucketOf, type Action } from '../action.ts';
import { invalidArgument } from '../errors.ts';
import { commonPrefixes, contents, readEncoding, readPageSize } from '../listing-answer.ts';
import type { ListPosition } from '../storage/listing.ts';
import { refuseHeaders } from '../unsupported.ts';
import { s3Document, textElement } from '../xml.ts';

export const listObjectsV2: Action = (call, s3) => {
  const bucket = bucketOf(call, s3);
  refuseHeaders(call, ['x-amz-optional-object-attributes']);
  const prefix = call.query.get('prefix') ?? '';
  const delimiter = call.query.get('delimiter') ?? '';
  const startAfter = call.query.get('start-after') ?? '';
  const token = call.query.get('continuation-token');
  const maxKeys = readPageSize(call, 'max-keys');
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
    textElement('EncodingType', call.query.get('encoding-type')),
    textElement('IsTruncated', page.next !== undefined),
    ...page.keys.map((key) => contents(encode(key), bucket.get(key)!, call.query.get('fetch-owner') === 'true')),
    commonPrefixes(page.commonPrefixes, encode),
  ];
  return { statusCode: 200, headers: {}, content: s3Document('ListBucketResult', content.join('')) };
};

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
