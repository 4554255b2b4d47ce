// What an action is: it does one S3 operation on the storage and says what to answer. It knows requests, never sockets.

import type { Clock } from '../../core/clock.ts';
import type { StoredObject } from '../../core/model/trigger.ts';
import type { StoreFaultDesk } from '../faults/desk.ts';
import type { NotificationTargets } from './notification.ts';
import type { Call } from './call.ts';
import { S3Error } from './errors.ts';
import type { Body } from './storage/body.ts';
import type { Credentials } from './signing/verify.ts';
import type { Bucket } from './storage/bucket.ts';
import type { Storage } from './storage/storage.ts';

/** What actions work on. */
export interface S3 {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly region: string;
  /** Whose signatures are taken; any request is, where it is absent. */
  readonly credentials?: Credentials;
  /** Where the notification configurations of buckets lead; nowhere without. */
  readonly notifications?: NotificationTargets;
  /** What becomes of GETs, where a scenario asks for faults. */
  readonly faults?: StoreFaultDesk;
  /** Told when a fault has overwritten an object. */
  readonly onOverwrite?: (stored: Omit<StoredObject, 'index'>) => void;
}

/** Bytes [start, end) of a body. The action has held the body; whoever sends the answer releases it. */
export interface BodySlice {
  readonly body: Body;
  readonly start: number;
  readonly end: number;
}

export interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | number>>;
  /** A text is XML. */
  readonly content?: string | BodySlice;
}

export type Action = (call: Call, s3: S3) => Answer | Promise<Answer>;

/** The bucket of the call, or NoSuchBucket. */
export function bucketOf(call: Call, s3: S3): Bucket {
  const bucket = s3.storage.bucket(call.bucket);
  if (!bucket) throw new S3Error('NoSuchBucket', { details: { BucketName: call.bucket } });
  return bucket;
}
