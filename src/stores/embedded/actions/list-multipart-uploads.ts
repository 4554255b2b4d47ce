// ListMultipartUploads: pages of the uploads that are under way, by key and then by their beginning.

import { bucketOf, type Action } from '../action.ts';
import { commonPrefixes, initiator, listedInstant, owner, readEncoding, readPageSize } from '../listing-answer.ts';
import { compareUtf8 } from '../storage/key-index.ts';
import type { Upload } from '../storage/uploads.ts';
import { s3Document, textElement } from '../xml.ts';

export const listMultipartUploads: Action = (call, s3) => {
  bucketOf(call, s3);
  const [prefix, delimiter, keyMarker, idMarker] = ['prefix', 'delimiter', 'key-marker', 'upload-id-marker'].map(
    (name) => call.query.get(name) ?? '',
  ) as [string, string, string, string];
  const maxUploads = readPageSize(call, 'max-uploads');
  const encode = readEncoding(call);
  const entries: (Upload | string)[] = [];
  let isTruncated = false;
  for (const upload of behind(s3.storage.uploads.of(call.bucket), keyMarker, idMarker)) {
    if (!upload.key.startsWith(prefix)) continue;
    const cut = delimiter === '' ? -1 : upload.key.indexOf(delimiter, prefix.length);
    const entry = cut === -1 ? upload : upload.key.slice(0, cut + delimiter.length);
    if (typeof entry === 'string' && (entries.includes(entry) || entry === keyMarker)) continue;
    isTruncated = entries.length === maxUploads;
    if (isTruncated) break;
    entries.push(entry);
  }
  const last = entries.at(-1);
  const next = typeof last === 'object' ? { key: last.key, uploadId: last.uploadId } : { key: last, uploadId: '' };
  const uploads = entries.filter((entry) => typeof entry === 'object');
  const content = [
    textElement('Bucket', call.bucket),
    textElement('KeyMarker', encode(keyMarker)),
    textElement('UploadIdMarker', idMarker),
    textElement('NextKeyMarker', isTruncated && next.key !== undefined ? encode(next.key) : undefined),
    textElement('NextUploadIdMarker', isTruncated ? next.uploadId : undefined),
    textElement('Prefix', encode(prefix)),
    textElement('Delimiter', delimiter === '' ? undefined : encode(delimiter)),
    textElement('EncodingType', call.query.get('encoding-type')),
    textElement('MaxUploads', maxUploads),
    textElement('IsTruncated', isTruncated),
    ...uploads.map((upload) => describe(upload, encode)),
    commonPrefixes(
      entries.filter((entry) => typeof entry === 'string'),
      encode,
    ),
  ];
  return { statusCode: 200, headers: {}, content: s3Document('ListMultipartUploadsResult', content.join('')) };
};

/** Behind the marked upload, or behind all of the marked key where none is named. */
function behind(uploads: readonly Upload[], keyMarker: string, idMarker: string): readonly Upload[] {
  const marked = uploads.findIndex(({ key, uploadId }) => key === keyMarker && uploadId === idMarker);
  if (marked !== -1) return uploads.slice(marked + 1);
  return uploads.filter(({ key }) => compareUtf8(key, keyMarker) > 0);
}

function describe(upload: Upload, encode: (text: string) => string): string {
  return [
    '<Upload>',
    textElement('Key', encode(upload.key)),
    textElement('UploadId', upload.uploadId),
    initiator,
    owner,
    '<StorageClass>STANDARD</StorageClass>',
    textElement('Initiated', listedInstant(upload.startedMs)),
    textElement('ChecksumAlgorithm', upload.checksumAlgorithm?.toUpperCase()),
    textElement('ChecksumType', upload.checksumAlgorithm && upload.checksumType),
    '</Upload>',
  ].join('');
}
