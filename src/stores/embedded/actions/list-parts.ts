// ListParts: pages of the parts of one upload that are there, by number.

import type { Action } from '../action.ts';
import { initiator, listedInstant, owner, readPageSize } from '../listing-answer.ts';
import { uploadOf } from '../multipart.ts';
import { checksumXml } from '../object-headers.ts';
import { invalidArgument } from '../errors.ts';
import { s3Document, textElement } from '../xml.ts';

export const listParts: Action = (call, s3) => {
  const upload = uploadOf(call, s3);
  const maxParts = readPageSize(call, 'max-parts');
  const marker = call.query.get('part-number-marker') ?? '0';
  if (!/^\d{1,10}$/.test(marker)) {
    throw invalidArgument(
      'part-number-marker',
      marker,
      'Provided part-number-marker not an integer or within integer range',
    );
  }
  const behind = [...upload.parts].filter(([number]) => number > Number(marker)).sort(([a], [b]) => a - b);
  const page = behind.slice(0, maxParts);
  const isTruncated = behind.length > page.length && maxParts > 0;
  const content = [
    textElement('Bucket', call.bucket),
    textElement('Key', call.key),
    textElement('UploadId', upload.uploadId),
    initiator,
    owner,
    '<StorageClass>STANDARD</StorageClass>',
    textElement('PartNumberMarker', marker),
    textElement('NextPartNumberMarker', page.at(-1)?.[0] ?? 0),
    textElement('MaxParts', maxParts),
    textElement('IsTruncated', isTruncated),
    textElement('ChecksumAlgorithm', upload.checksumAlgorithm?.toUpperCase()),
    textElement('ChecksumType', upload.checksumAlgorithm && upload.checksumType),
    ...page.map(([number, part]) =>
      [
        '<Part>',
        textElement('PartNumber', number),
        textElement('LastModified', listedInstant(part.lastModifiedMs)),
        textElement('ETag', `"${part.etag}"`),
        textElement('Size', part.body.sizeBytes),
        checksumXml(part.checksum),
        '</Part>',
      ].join(''),
    ),
  ];
  return { statusCode: 200, headers: {}, content: s3Document('ListPartsResult', content.join('')) };
};
