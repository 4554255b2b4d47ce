// PutObject: the bytes become visible at once, when all of them are there and every digest agrees.

import { bucketOf, type Action } from '../action.ts';
import { announce } from '../announce.ts';
import { header } from '../call.ts';
import { checksumHeaders, keptHeaders } from '../object-headers.ts';
import { receivePayload } from '../payload.ts';
import { writePrecondition } from '../preconditions.ts';
import { readTagHeader } from '../tags.ts';
import { notStored, refuseHeaders } from '../unsupported.ts';
import { versionHeaders } from '../versions.ts';

export const putObject: Action = async (call, s3) => {
  const bucket = bucketOf(call, s3);
  refuseHeaders(call, [...notStored, 'x-amz-write-offset-bytes']);
  const precondition = writePrecondition(call);
  const headers = keptHeaders(call);
  const tags = readTagHeader(header(call, 'x-amz-tagging'));
  const writer = s3.storage.openWriter();
  try {
    const { md5Hex, checksum } = await receivePayload(call, (data) => writer.write(data));
    const entry = {
      body: await writer.finish(),
      etag: md5Hex,
      lastModifiedMs: s3.clock.nowMs(),
      headers,
      ...tags,
      ...(checksum ? { checksum } : {}),
    };
    const versionId = await bucket.put(call.key, entry, precondition);
    const { etag, body } = entry;
    announce(call, s3, { eventName: 'ObjectCreated:Put', key: call.key, sizeBytes: body.sizeBytes, etag, versionId });
    return {
      statusCode: 200,
      headers: { etag: `"${md5Hex}"`, ...checksumHeaders(checksum), ...versionHeaders(versionId) },
    };
  } finally {
    await writer.discard();
  }
};
