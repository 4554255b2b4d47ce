// CreateMultipartUpload: headers and tags are told now, the bytes come in parts.

import { bucketOf, type Action } from '../action.ts';
import { header, type Call } from '../call.ts';
import { readAlgorithm } from '../checksum.ts';
import { invalidArgument, S3Error } from '../errors.ts';
import { keptHeaders } from '../object-headers.ts';
import type { Upload } from '../storage/uploads.ts';
import { readTagHeader } from '../tags.ts';
import { notStored, refuseHeaders } from '../unsupported.ts';
import { s3Document, textElement } from '../xml.ts';

export const createMultipartUpload: Action = (call, s3) => {
  bucketOf(call, s3);
  refuseHeaders(call, notStored);
  const algorithm = readAlgorithm(header(call, 'x-amz-checksum-algorithm'));
  const checksumType = readType(call, algorithm);
  const upload = s3.storage.uploads.begin({
    bucket: call.bucket,
    key: call.key,
    startedMs: s3.clock.nowMs(),
    about: { headers: keptHeaders(call), ...readTagHeader(header(call, 'x-amz-tagging')) },
    ...(algorithm === undefined ? {} : { checksumAlgorithm: algorithm }),
    checksumType,
  });
  const content = [
    textElement('Bucket', call.bucket),
    textElement('Key', call.key),
    textElement('UploadId', upload.uploadId),
  ];
  const told =
    algorithm === undefined
      ? {}
      : { 'x-amz-checksum-algorithm': algorithm.toUpperCase(), 'x-amz-checksum-type': checksumType };
  return {
    statusCode: 200,
    headers: told,
    content: s3Document('InitiateMultipartUploadResult', content.join('')),
  };
};

/** Which algorithm can do which type: "Checking object integrity for data uploads", Amazon S3 User Guide. */
function readType(call: Call, algorithm: string | undefined): Upload['checksumType'] {
  const text = header(call, 'x-amz-checksum-type');
  if (text === undefined) return algorithm === 'crc64nvme' ? 'FULL_OBJECT' : 'COMPOSITE';
  if (text !== 'FULL_OBJECT' && text !== 'COMPOSITE') {
    throw invalidArgument('x-amz-checksum-type', text, 'Value for x-amz-checksum-type header is invalid.');
  }
  const isCrc = algorithm?.startsWith('crc') === true;
  if (algorithm === undefined || (text === 'FULL_OBJECT' ? !isCrc : algorithm === 'crc64nvme')) {
    throw new S3Error('InvalidRequest', {
      message: `The ${text} checksum type cannot be used with the ${algorithm?.toUpperCase() ?? 'default'} checksum algorithm.`,
    });
  }
  return text;
}
