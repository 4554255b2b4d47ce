// ListObjectVersions: pages of versions and delete markers.

import { bucketOf, type Action } from '../action.ts';
import { checkVersionId } from '../versions.ts';
import { invalidArgument } from '../errors.ts';
import { commonPrefixes, describeEntry, listedInstant, owner, readEncoding, readPageSize } from '../listing-answer.ts';
import type { ListedVersion } from '../storage/version-listing.ts';
import { refuseHeaders } from '../unsupported.ts';
import { s3Document, textElement } from '../xml.ts';

export const listObjectVersions: Action = (call, s3) => {
  const bucket = bucketOf(call, s3);
  refuseHeaders(call, ['x-amz-optional-object-attributes']);
  const [prefix, delimiter, keyMarker, versionIdMarker] = [
    'prefix',
    'delimiter',
    'key-marker',
    'version-id-marker',
  ].map((name) => call.query.get(name) ?? '') as [string, string, string, string];
  if (versionIdMarker !== '') {
    const message = 'A version-id marker cannot be specified without a key marker.';
    if (keyMarker === '') throw invalidArgument('version-id-marker', versionIdMarker, message);
    checkVersionId(versionIdMarker);
  }
  const maxKeys = readPageSize(call, 'max-keys');
  const encode = readEncoding(call);
  const page = bucket.listVersions({ prefix, delimiter, keyMarker, versionIdMarker, maxKeys });
  const content = [
    textElement('Name', call.bucket),
    textElement('Prefix', encode(prefix)),
    textElement('KeyMarker', encode(keyMarker)),
    textElement('VersionIdMarker', versionIdMarker),
    textElement('NextKeyMarker', page.next && encode(page.next.keyMarker)),
    textElement('NextVersionIdMarker', page.next?.versionIdMarker || undefined),
    textElement('MaxKeys', maxKeys),
    textElement('Delimiter', delimiter === '' ? undefined : encode(delimiter)),
    textElement('EncodingType', call.query.get('encoding-type')),
    textElement('IsTruncated', page.next !== undefined),
    ...page.versions.map((listed) => describe(listed, encode)),
    commonPrefixes(page.commonPrefixes, encode),
  ];
  return { statusCode: 200, headers: {}, content: s3Document('ListVersionsResult', content.join('')) };
};

function describe({ key, version, isLatest }: ListedVersion, encode: (text: string) => string): string {
  const element = version.entry ? 'Version' : 'DeleteMarker';
  return [
    `<${element}>`,
    textElement('Key', encode(key)),
    textElement('VersionId', version.versionId),
    textElement('IsLatest', isLatest),
    textElement('LastModified', listedInstant(version.lastModifiedMs)),
    version.entry ? describeEntry(version.entry) : '',
    owner,
    version.entry ? '<StorageClass>STANDARD</StorageClass>' : '',
    `</${element}>`,
  ].join('');
}
