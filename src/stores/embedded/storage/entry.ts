// What S3 keeps of an object beside its bytes, and how its versions follow one another.

import type { Checksum } from '../checksum.ts';
import type { Body } from './body.ts';

export interface ObjectEntry {
  readonly body: Body;
  /** MD5 in hex, without quotes; of several parts the MD5 of their MD5s, a hyphen and their number. */
  readonly etag: string;
  /** Unix ms on the rig's clock. */
  readonly lastModifiedMs: number;
  /** Content-Type, Content-Encoding, Cache-Control and the like, and user metadata: by lower-case name, given back as sent. */
  readonly headers: Readonly<Record<string, string>>;
  /** Present where the client sent one. */
  readonly checksum?: Checksum;
  /** Present where the object was uploaded in parts. */
  readonly partBytes?: readonly number[];
  readonly tags?: readonly Tag[];
}

export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** The id of the one version of an object in a bucket without versioning. */
export const nullVersion = 'null';

/** One version of a key; newer ones point at older ones. */
export interface Version {
  readonly versionId: string;
  readonly lastModifiedMs: number;
  /** Undefined is a delete marker. */
  readonly entry: ObjectEntry | undefined;
  readonly older: Version | undefined;
}
