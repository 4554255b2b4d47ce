// CompleteMultipartUpload: the parts that are named become the object, in one step.

import { createHash } from 'node:crypto';

import type { XmlElement } from '@rgrove/parse-xml';

import { bucketOf, type Action } from '../action.ts';
import { announce } from '../announce.ts';
import { header, type Call } from '../call.ts';
import { openHasher, type Checksum } from '../checksum.ts';
import { digestBody } from '../digest-body.ts';
import { S3Error } from '../errors.ts';
import { maxPartNumber, minPartBytes, noSuchUpload, uploadOf } from '../multipart.ts';
import { checksumXml } from '../object-headers.ts';
import { receiveText } from '../payload.ts';
import { writePrecondition } from '../preconditions.ts';
import { joinedBody, type Body } from '../storage/body.ts';
import type { Part, Upload } from '../storage/uploads.ts';
import { versionHeaders } from '../versions.ts';
import { childElements, childText, readXml, s3Document, textElement } from '../xml.ts';

/** 10,000 parts with the longest checksums. */
const maxBytes = 8 * 1024 * 1024;

export const completeMultipartUpload: Action = async (call, s3) => {
  const precondition = writePrecondition(call);
  const named = childElements(readXml(await receiveText(call, maxBytes), 'CompleteMultipartUpload')).map(readPart);
  const bucket = bucketOf(call, s3);
  const upload = uploadOf(call, s3);
  const parts = choose(upload, named);
  const body = joinedBody(parts.map((part) => part.body));
  const checksum = await checksumOf(call, { upload, parts, body });
  precondition(bucket.get(call.key));
  // From here on the parts are the object's.
  if (!(await s3.storage.uploads.end(upload, parts))) throw noSuchUpload(upload.uploadId);
  const entry = {
    body,
    etag: etagOf(parts),
    lastModifiedMs: s3.clock.nowMs(),
    ...upload.about,
    partBytes: parts.map((part) => part.body.sizeBytes),
    ...(checksum ? { checksum } : {}),
  };
  const versionId = await bucket.put(call.key, entry, precondition);
  announce(call, s3, {
    eventName: 'ObjectCreated:CompleteMultipartUpload',
    key: call.key,
    sizeBytes: body.sizeBytes,
    etag: entry.etag,
    versionId,
  });
  const content = [
    textElement('Location', `http://${header(call, 'host') ?? ''}/${call.bucket}/${encodeURI(call.key)}`),
    textElement('Bucket', call.bucket),
    textElement('Key', call.key),
    textElement('ETag', `"${entry.etag}"`),
    checksumXml(checksum),
  ];
  return {
    statusCode: 200,
    headers: versionHeaders(versionId),
    content: s3Document('CompleteMultipartUploadResult', content.join('')),
  };
};

interface NamedPart {
  readonly number: number;
  readonly etag: string;
  readonly checksums: ReadonlyMap<string, string>;
}

function readPart(element: XmlElement): NamedPart {
  const number = Number(childText(element, 'PartNumber') ?? NaN);
  const etag = childText(element, 'ETag')?.replaceAll('"', '');
  const isNumber = Number.isInteger(number) && number >= 1 && number <= maxPartNumber;
  if (element.name !== 'Part' || !isNumber || etag === undefined) throw new S3Error('MalformedXML');
  const checksums = childElements(element).flatMap(({ name, text }): [string, string][] => {
    return name.startsWith('Checksum') ? [[name.slice('Checksum'.length).toLowerCase(), text]] : [];
  });
  return { number, etag, checksums: new Map(checksums) };
}

/** The parts that the request names; each but the last must be large enough, and what it says of them right. */
function choose({ parts, uploadId }: Upload, named: readonly NamedPart[]): Part[] {
  if (named.length === 0) throw new S3Error('MalformedXML');
  const isOrdered = named.every(({ number }, index) => index === 0 || number > named[index - 1]!.number);
  if (!isOrdered) throw new S3Error('InvalidPartOrder');
  return named.map(({ number, etag, checksums }, index) => {
    const part = parts.get(number);
    const isRight = [...checksums].every(
      ([algorithm, value]) => part?.checksum?.algorithm === algorithm && part.checksum.value === value,
    );
    if (part?.etag !== etag || !isRight) {
      throw new S3Error('InvalidPart', { details: { UploadId: uploadId, PartNumber: String(number), ETag: etag } });
    }
    if (index < named.length - 1 && part.body.sizeBytes < minPartBytes) {
      throw new S3Error('EntityTooSmall', {
        details: {
          ProposedSize: String(part.body.sizeBytes),
          MinSizeAllowed: String(minPartBytes),
          PartNumber: String(number),
          ETag: etag,
        },
      });
    }
    return part;
  });
}

function etagOf(parts: readonly Part[]): string {
  const md5 = createHash('md5');
  for (const { etag } of parts) md5.update(Buffer.from(etag, 'hex'));
  return `${md5.digest('hex')}-${parts.length}`;
}

/** The checksum of all bytes, or of the parts' checksums; a value in the request must agree with it. */
async function checksumOf(
  call: Call,
  { upload, parts, body }: { readonly upload: Upload; readonly parts: readonly Part[]; readonly body: Body },
): Promise<Checksum | undefined> {
  const algorithm = upload.checksumAlgorithm;
  if (algorithm === undefined) return undefined;
  let value: string;
  if (upload.checksumType === 'FULL_OBJECT') {
    value = (await digestBody(body, algorithm)).value!;
  } else {
    const hasher = openHasher(algorithm);
    for (const { checksum } of parts) {
      if (!checksum) {
        throw new S3Error('InvalidRequest', {
          message: `The upload was created using a ${algorithm} checksum. The complete request must include the checksum for each part. It was missing for a part in the request.`,
        });
      }
      hasher.update(Buffer.from(checksum.value, 'base64'));
    }
    value = `${hasher.digest().toString('base64')}-${parts.length}`;
  }
  const claimed = header(call, `x-amz-checksum-${algorithm}`);
  if (claimed === undefined || claimed === value || `${claimed}-${parts.length}` === value) return { algorithm, value };
  throw new S3Error('BadDigest', {
    message: `The ${algorithm} you specified did not match the calculated checksum.`,
  });
}
