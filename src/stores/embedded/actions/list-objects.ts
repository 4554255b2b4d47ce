// ListObjects, the first version: a page goes on behind a marker, which may be a key or a common prefix.

import { bucketOf, type Action } from '../action.ts';
import { commonPrefixes, contents, readEncoding, readPageSize } from '../listing-answer.ts';
import { refuseHeaders } from '../unsupported.ts';
import { s3Document, textElement } from '../xml.ts';

export const listObjects: Action = (call, s3) => {
  const bucket = bucketOf(call, s3);
  refuseHeaders(call, ['x-amz-optional-object-attributes']);
  const prefix = call.query.get('prefix') ?? '';
  const delimiter = call.query.get('delimiter') ?? '';
  const marker = call.query.get('marker') ?? '';
  const maxKeys = readPageSize(call, 'max-keys');
  const encode = readEncoding(call);
  const isPrefix = delimiter !== '' && marker.slice(prefix.length).endsWith(delimiter);
  const from = marker === '' ? {} : { from: { after: marker, isPrefix } };
  const page = bucket.list({ prefix, delimiter, maxKeys, ...from });
  const content = [
    textElement('Name', call.bucket),
    textElement('Prefix', encode(prefix)),
    textElement('Marker', encode(marker)),
    // Without a delimiter the last key tells where to go on.
    textElement('NextMarker', page.next && delimiter !== '' ? encode(page.next.after) : undefined),
    textElement('MaxKeys', maxKeys),
    textElement('Delimiter', delimiter === '' ? undefined : encode(delimiter)),
    textElement('EncodingType', call.query.get('encoding-type')),
    textElement('IsTruncated', page.next !== undefined),
    ...page.keys.map((key) => contents(encode(key), bucket.get(key)!, true)),
    commonPrefixes(page.commonPrefixes, encode),
  ];
  return { statusCode: 200, headers: {}, content: s3Document('ListBucketResult', content.join('')) };
};
