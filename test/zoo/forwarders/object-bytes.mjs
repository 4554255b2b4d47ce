// What the forwarders that read objects wrongly share: an object's bytes, and the lines of a text as the pipeline cuts them.

import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';

import { newHandler } from './pipeline.mjs';

const s3 = new S3Client({ forcePathStyle: true });

export async function readBytes(bucket, key) {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return Buffer.from(await Body.transformToByteArray());
}

export function isGzip(bytes) {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

export function linesOf(text) {
  return text
    .toString('utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
}

const forward = newHandler();

/** A handler that asks the store for other keys than S3's event says. */
export function newKeyHandler(keyOf) {
  return (event) =>
    forward({
      Records: event.Records.map(({ s3: { bucket, object } }) => ({
        // The pipeline decodes once more.
        s3: { bucket, object: { ...object, key: encodeURIComponent(keyOf(object.key)) } },
      })),
    });
}
