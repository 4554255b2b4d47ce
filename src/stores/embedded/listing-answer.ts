// What the listings have in common: sizes of pages, encodings, owners, and an object as one line of a page.

import { formatInstant } from '../../core/units.ts';
import type { Call } from './call.ts';
import { checksumType } from './checksum.ts';
import { invalidArgument } from './errors.ts';
import type { ObjectEntry } from './storage/entry.ts';
import { textElement } from './xml.ts';

/** S3 gives at most this many on one page, whatever was asked for. */
const pageLimit = 1000;

const ownerId = '75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a';

/** The canonical id of the one owner here. */
export const owner = `<Owner><ID>${ownerId}</ID></Owner>`;
export const initiator = `<Initiator><ID>${ownerId}</ID></Initiator>`;

/** S3 keeps whole seconds and writes the milliseconds as zeros. */
export function listedInstant(atMs: number): string {
  return formatInstant(Math.floor(atMs / 1000) * 1000);
}

/** Of an object or of a version, from its ETag on. */
export function describeEntry(entry: ObjectEntry): string {
  return [
    textElement('ETag', `"${entry.etag}"`),
    textElement('ChecksumAlgorithm', entry.checksum?.algorithm.toUpperCase()),
    textElement('ChecksumType', entry.checksum && checksumType(entry.checksum)),
    textElement('Size', entry.body.sizeBytes),
  ].join('');
}

/** An object of ListObjects and ListObjectsV2. `key` is encoded already. */
export function contents(key: string, entry: ObjectEntry, withOwner: boolean): string {
  return [
    '<Contents>',
    textElement('Key', key),
    textElement('LastModified', listedInstant(entry.lastModifiedMs)),
    describeEntry(entry),
    withOwner ? owner : '',
    '<StorageClass>STANDARD</StorageClass></Contents>',
  ].join('');
}

export function commonPrefixes(prefixes: readonly string[], encode: (text: string) => string): string {
  return prefixes.map((text) => `<CommonPrefixes>${textElement('Prefix', encode(text))}</CommonPrefixes>`).join('');
}

/** How many entries a page may have: `max-keys` and its likes. */
export function readPageSize(call: Call, name: string): number {
  const text = call.query.get(name);
  if (text === undefined || text === '') return pageLimit;
  const isNumber = /^\d{1,10}$/.test(text) && Number(text) <= 2_147_483_647;
  if (!isNumber) throw invalidArgument(name, text, `Provided ${name} not an integer or within integer range`);
  return Math.min(Number(text), pageLimit);
}

export function readEncoding(call: Call): (text: string) => string {
  const type = call.query.get('encoding-type');
  if (type === undefined) return (text) => text;
  if (type !== 'url') throw invalidArgument('encoding-type', type, 'Invalid Encoding Method specified in Request');
  return encodeUrl;
}

/** As S3 writes it: a space becomes `+`, and slashes stay. */
function encodeUrl(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%2F', '/')
    .replaceAll('%20', '+');
}
