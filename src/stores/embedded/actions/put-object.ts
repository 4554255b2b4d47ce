// PutObject: the bytes become visible at once, when all of them are there and every digest agrees.

import { bucketOf, type Action } from '../action.ts';
import { checksumHeaders, keptHeaders } from '../object-headers.ts';
import { receivePayload } from '../payload.ts';
import { writePrecondition } from '../preconditions.ts';
import { refuseHeaders } from '../unsupported.ts';

const notDone = [
  'x-amz-acl',
  'x-amz-grant-*',
  'x-amz-object-lock-*',
  'x-amz-server-side-encryption*',
  'x-amz-storage-class',
  'x-amz-tagging',
  'x-amz-website-redirect-location',
  'x-amz-write-offset-bytes',
];

export const putObject: Action = async (call, s3) => {
  const bucket = bucketOf(call, s3);
  refuseHeaders(call, notDone);
  const precondition = writePrecondition(call);
  const headers = keptHeaders(call);
  const writer = s3.storage.openWriter();
  try {
    const { md5Hex, checksum } = await receivePayload(call, (data) => writer.write(data));
    const entry = {
      body: await writer.finish(),
      etag: md5Hex,
      lastModifiedMs: s3.clock.nowMs(),
      headers,
      ...(checksum ? { checksum } : {}),
    };
    await bucket.put(call.key, entry, precondition);
    return { statusCode: 200, headers: { etag: `"${md5Hex}"`, ...checksumHeaders(checksum) } };
  } finally {
    await writer.discard();
  }
};
