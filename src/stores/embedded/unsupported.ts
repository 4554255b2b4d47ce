// Requests that ask an action for more than it does: refused as AWS refuses what it does not implement, never answered as if
// it had been done.

import { header, type Call } from './call.ts';
import { notImplementedHeader } from './errors.ts';

/** Values that ask for what happens anyway. */
const harmless: Readonly<Record<string, readonly string[]>> = {
  'x-amz-acl': ['private', 'bucket-owner-full-control'],
  'x-amz-bucket-object-lock-enabled': ['false', 'False'],
  'x-amz-object-ownership': ['BucketOwnerEnforced'],
  'x-amz-storage-class': ['STANDARD'],
};

/** Refuses the named headers; a name that ends in `*` stands for all that begin so. */
export function refuseHeaders(call: Call, names: readonly string[]): void {
  for (const sent of Object.keys(call.headers)) {
    if (!names.some((name) => (name.endsWith('*') ? sent.startsWith(name.slice(0, -1)) : sent === name))) continue;
    if (!harmless[sent]?.includes(header(call, sent)!)) throw notImplementedHeader(sent);
  }
}

/** What a new object may ask for and does not get. */
export const notStored = [
  'x-amz-acl',
  'x-amz-grant-*',
  'x-amz-object-lock-*',
  'x-amz-server-side-encryption*',
  'x-amz-storage-class',
  'x-amz-website-redirect-location',
];
