// The headers that an object keeps from its PUT and gives back with each GET: "System-defined object metadata" and
// "User-defined object metadata", Amazon S3 User Guide.

import { header, type Call } from './call.ts';
import { S3Error } from './errors.ts';
import { textElement } from './xml.ts';
import { checksumType, type Checksum } from './checksum.ts';

const systemHeaders = ['cache-control', 'content-disposition', 'content-language', 'expires'] as const;
const metadataPrefix = 'x-amz-meta-';
/** Sum of the bytes of all names and values of user metadata. */
const maxMetadataBytes = 2048;

/** S3's type for what came without one. */
const defaultContentType = 'binary/octet-stream';
/** What is kept of a PUT that says nothing; one object for all of them. */
export const defaultHeaders: Readonly<Record<string, string>> = { 'content-type': defaultContentType };

/** Reads what to keep of a PUT's headers. `aws-chunked` is framing, not content, and is dropped from Content-Encoding. */
export function keptHeaders(call: Call): Record<string, string> {
  const kept: Record<string, string> = { 'content-type': header(call, 'content-type') || defaultContentType };
  const encoding = (header(call, 'content-encoding') ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '' && part.toLowerCase() !== 'aws-chunked')
    .join(',');
  if (encoding !== '') kept['content-encoding'] = encoding;
  for (const name of systemHeaders) {
    const value = header(call, name);
    if (value !== undefined) kept[name] = value;
  }
  let metadataBytes = 0;
  for (const name of Object.keys(call.headers)) {
    if (!name.startsWith(metadataPrefix)) continue;
    const value = header(call, name)!;
    metadataBytes += name.length - metadataPrefix.length + value.length;
    kept[name] = value;
  }
  if (metadataBytes > maxMetadataBytes) {
    throw new S3Error('MetadataTooLarge', {
      details: { Size: String(metadataBytes), MaxSizeAllowed: String(maxMetadataBytes) },
    });
  }
  return kept;
}

/** The headers in which S3 returns a checksum. */
export function checksumHeaders(checksum: Checksum | undefined): Record<string, string> {
  if (!checksum) return {};
  return { [`x-amz-checksum-${checksum.algorithm}`]: checksum.value, 'x-amz-checksum-type': checksumType(checksum) };
}

/** The elements in which S3 returns a checksum. */
export function checksumXml(checksum: Checksum | undefined): string {
  if (!checksum) return '';
  const name = `Checksum${checksum.algorithm.toUpperCase()}`;
  return textElement(name, checksum.value) + textElement('ChecksumType', checksumType(checksum));
}
