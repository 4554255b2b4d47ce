// CopyObject: the bytes are shared with the source, whatever becomes of it.

import { bucketOf, type Action } from '../action.ts';
import { announce } from '../announce.ts';
import { header, type Call } from '../call.ts';
import { readAlgorithm, type Checksum } from '../checksum.ts';
import { findCopySource, type CopySource } from '../copy-source.ts';
import { digestBody } from '../digest-body.ts';
import { invalidArgument, S3Error } from '../errors.ts';
import { listedInstant } from '../listing-answer.ts';
import { checksumXml, keptHeaders } from '../object-headers.ts';
import { writePrecondition } from '../preconditions.ts';
import type { ObjectEntry } from '../storage/entry.ts';
import { readTagHeader } from '../tags.ts';
import { notStored, refuseHeaders } from '../unsupported.ts';
import { versionHeaders } from '../versions.ts';
import { s3Document, textElement } from '../xml.ts';

export const copyObject: Action = async (call, s3) => {
  const bucket = bucketOf(call, s3);
  refuseHeaders(call, [...notStored, 'x-amz-copy-source-server-side-encryption-*']);
  const precondition = writePrecondition(call);
  const replacesHeaders = isReplaced(call, 'x-amz-metadata-directive');
  const replacesTags = isReplaced(call, 'x-amz-tagging-directive');
  const source = findCopySource(call, s3);
  if (!replacesHeaders && !replacesTags && isItself(call, source)) {
    throw new S3Error('InvalidRequest', {
      message:
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    });
  }
  const { body, tags } = source.entry;
  const headers = replacesHeaders ? keptHeaders(call) : source.entry.headers;
  const newTags = replacesTags ? readTagHeader(header(call, 'x-amz-tagging')) : tags ? { tags } : {};
  body.hold();
  let entry: ObjectEntry;
  try {
    const digests = await digestsOf(call, source.entry);
    entry = { body, lastModifiedMs: s3.clock.nowMs(), headers, ...newTags, ...digests };
  } catch (error) {
    await body.release();
    throw error;
  }
  const versionId = await bucket.put(call.key, entry, precondition);
  const { etag } = entry;
  announce(call, s3, { eventName: 'ObjectCreated:Copy', key: call.key, sizeBytes: body.sizeBytes, etag, versionId });
  const content = [
    textElement('LastModified', listedInstant(entry.lastModifiedMs)),
    textElement('ETag', `"${entry.etag}"`),
    checksumXml(entry.checksum),
  ];
  return {
    statusCode: 200,
    headers: { ...source.headers, ...versionHeaders(versionId) },
    content: s3Document('CopyObjectResult', content.join('')),
  };
};

/** A copy is one piece, whatever the source was: its ETag is an MD5, its checksum one of all bytes. */
async function digestsOf(call: Call, source: ObjectEntry): Promise<{ etag: string; checksum?: Checksum }> {
  const asked = readAlgorithm(header(call, 'x-amz-checksum-algorithm'));
  const isWhole = !source.partBytes;
  const algorithm = asked ?? source.checksum?.algorithm;
  if (isWhole && algorithm === source.checksum?.algorithm) {
    return { etag: source.etag, ...(source.checksum ? { checksum: source.checksum } : {}) };
  }
  const { md5Hex, value } = await digestBody(source.body, algorithm);
  return { etag: md5Hex, ...(value === undefined ? {} : { checksum: { algorithm: algorithm!, value } }) };
}

function isReplaced(call: Call, name: string): boolean {
  const directive = header(call, name) ?? 'COPY';
  if (directive === 'COPY' || directive === 'REPLACE') return directive === 'REPLACE';
  throw invalidArgument(name, directive, `Unknown ${name}.`);
}

function isItself(call: Call, { bucket, key, headers }: CopySource): boolean {
  return bucket === call.bucket && key === call.key && Object.keys(headers).length === 0;
}
