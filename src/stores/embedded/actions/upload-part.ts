// UploadPart and UploadPartCopy: a part is kept whole or not at all; one that comes again takes the place of the former.

import type { Action, S3 } from '../action.ts';
import { header, type Call } from '../call.ts';
import type { Checksum } from '../checksum.ts';
import { findCopySource } from '../copy-source.ts';
import { digestBody } from '../digest-body.ts';
import { invalidArgument, S3Error } from '../errors.ts';
import { listedInstant } from '../listing-answer.ts';
import { noSuchUpload, partNumberOf, uploadOf } from '../multipart.ts';
import { checksumHeaders, checksumXml } from '../object-headers.ts';
import { receivePayload } from '../payload.ts';
import type { ByteRange } from '../range.ts';
import type { Body } from '../storage/body.ts';
import type { Part, Upload } from '../storage/uploads.ts';
import { refuseHeaders } from '../unsupported.ts';
import { s3Document, textElement } from '../xml.ts';

export const uploadPart: Action = async (call, s3) => {
  refuseHeaders(call, ['x-amz-server-side-encryption-*']);
  const number = partNumberOf(call);
  const upload = uploadOf(call, s3);
  const writer = s3.storage.openWriter();
  try {
    const { md5Hex, checksum } = await receivePayload(call, (data) => writer.write(data));
    checkAlgorithm(upload, checksum);
    const part = await keep(s3, { upload, number, body: await writer.finish(), etag: md5Hex, checksum });
    return { statusCode: 200, headers: { etag: `"${part.etag}"`, ...checksumHeaders(checksum) } };
  } finally {
    await writer.discard();
  }
};

export const uploadPartCopy: Action = async (call, s3) => {
  refuseHeaders(call, ['x-amz-server-side-encryption-*', 'x-amz-copy-source-server-side-encryption-*']);
  const number = partNumberOf(call);
  const upload = uploadOf(call, s3);
  const source = findCopySource(call, s3);
  const { start, end } = readSourceRange(call, source.entry.body.sizeBytes);
  const body = await copySlice(s3, source.entry.body, { start, end });
  const algorithm = upload.checksumAlgorithm;
  const { md5Hex, value } = await digestBody(body, algorithm);
  const checksum = value === undefined ? undefined : { algorithm: algorithm!, value };
  const part = await keep(s3, { upload, number, body, etag: md5Hex, checksum });
  const content = [
    textElement('LastModified', listedInstant(part.lastModifiedMs)),
    textElement('ETag', `"${part.etag}"`),
    checksumXml(checksum),
  ];
  return { statusCode: 200, headers: source.headers, content: s3Document('CopyPartResult', content.join('')) };
};

interface NewPart {
  readonly upload: Upload;
  readonly number: number;
  readonly body: Body;
  readonly etag: string;
  readonly checksum: Checksum | undefined;
}

async function keep(s3: S3, { upload, number, body, etag, checksum }: NewPart): Promise<Part> {
  const part = { body, etag, lastModifiedMs: s3.clock.nowMs(), ...(checksum ? { checksum } : {}) };
  if (!(await s3.storage.uploads.putPart(upload, number, part))) throw noSuchUpload(upload.uploadId);
  return part;
}

function checkAlgorithm({ checksumAlgorithm: expected }: Upload, checksum: Checksum | undefined): void {
  if (expected === undefined || checksum === undefined || checksum.algorithm === expected) return;
  throw new S3Error('InvalidRequest', {
    message: `Checksum Type mismatch occurred, expected checksum Type: ${expected}, actual checksum Type: ${checksum.algorithm}`,
  });
}

/** `bytes=first-last`, both there and within the source. */
function readSourceRange(call: Call, sizeBytes: number): ByteRange {
  const text = header(call, 'x-amz-copy-source-range');
  if (text === undefined) return { start: 0, end: sizeBytes };
  const [, first = '', last = ''] = /^bytes=(\d+)-(\d+)$/.exec(text) ?? [];
  const range = { start: Number(first), end: Number(last) + 1 };
  if (first === '' || range.start >= range.end) {
    const message =
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy';
    throw invalidArgument('x-amz-copy-source-range', text, message);
  }
  if (range.end > sizeBytes) {
    throw invalidArgument(
      'x-amz-copy-source-range',
      text,
      `Range specified is not valid for source object of size: ${sizeBytes}`,
    );
  }
  return range;
}

async function copySlice(s3: S3, source: Body, { start, end }: ByteRange): Promise<Body> {
  const writer = s3.storage.openWriter();
  source.hold();
  try {
    for await (const pieces of source.read(start, end)) {
      // A body's buffers are valid until the next are asked for.
      for (const piece of pieces) await writer.write(piece.slice());
    }
    return await writer.finish();
  } finally {
    await source.release();
    await writer.discard();
  }
}
