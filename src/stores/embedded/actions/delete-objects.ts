// DeleteObjects: up to 1,000 keys in one request, each with an answer of its own.

import type { XmlElement } from '@rgrove/parse-xml';

import { bucketOf, type Action } from '../action.ts';
import { announceDeletion } from '../announce.ts';
import { maxKeyBytes } from '../call.ts';
import { S3Error } from '../errors.ts';
import { receiveText } from '../payload.ts';
import type { Bucket, Deletion } from '../storage/bucket.ts';
import { refuseHeaders } from '../unsupported.ts';
import { checkVersionId } from '../versions.ts';
import { childElements, childText, readXml, s3Document, textElement } from '../xml.ts';

const keyLimit = 1000;
/** 1,000 keys of 1,024 bytes, each byte as a reference. */
const maxBytes = 8 * 1024 * 1024;

interface Doomed {
  readonly key: string;
  readonly versionId: string | undefined;
}

export const deleteObjects: Action = async (call, s3) => {
  refuseHeaders(call, ['x-amz-mfa', 'x-amz-bypass-governance-retention']);
  const root = readXml(await receiveText(call, maxBytes), 'Delete');
  const bucket = bucketOf(call, s3);
  const isQuiet = childText(root, 'Quiet') === 'true';
  const doomed = childElements(root)
    .filter(({ name }) => name === 'Object')
    .map(readDoomed);
  if (doomed.length === 0 || doomed.length > keyLimit) throw new S3Error('MalformedXML');
  const results: string[] = [];
  for (const each of doomed) {
    const told = (deletion: Deletion): void => announceDeletion(call, s3, each.key, deletion);
    results.push(await deleteOne(bucket, each, { isQuiet, told }));
  }
  return { statusCode: 200, headers: {}, content: s3Document('DeleteResult', results.join('')) };
};

function readDoomed(element: XmlElement): Doomed {
  const key = childText(element, 'Key');
  if (key === undefined || key === '') throw new S3Error('MalformedXML');
  for (const { name } of childElements(element)) {
    if (name === 'Key' || name === 'VersionId') continue;
    throw new S3Error('NotImplemented', {
      message: `The embedded S3 does not implement DeleteObjects with the element ${name}.`,
      details: { Operation: 'DeleteObjects', Element: name },
    });
  }
  return { key, versionId: childText(element, 'VersionId') };
}

async function deleteOne(
  bucket: Bucket,
  { key, versionId }: Doomed,
  { isQuiet, told }: { readonly isQuiet: boolean; readonly told: (deletion: Deletion) => void },
): Promise<string> {
  try {
    if (Buffer.byteLength(key) > maxKeyBytes) throw new S3Error('KeyTooLongError');
    if (versionId !== undefined) checkVersionId(versionId);
    const deletion = await (versionId === undefined ? bucket.delete(key) : bucket.deleteVersion(key, versionId));
    told(deletion);
    if (isQuiet) return '';
    const marker = deletion.isMarker
      ? `<DeleteMarker>true</DeleteMarker>${textElement('DeleteMarkerVersionId', deletion.versionId)}`
      : '';
    return `<Deleted>${textElement('Key', key)}${textElement('VersionId', versionId)}${marker}</Deleted>`;
  } catch (error) {
    if (!(error instanceof S3Error)) throw error;
    const told = [
      textElement('Key', key),
      textElement('VersionId', versionId),
      textElement('Code', error.code),
      textElement('Message', error.message),
    ];
    return `<Error>${told.join('')}</Error>`;
  }
}
