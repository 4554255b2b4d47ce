// What S3 has to tell of a bucket, before an envelope wraps it: the one thing that faults of the room change and all ways carry.

import type { StoredObject } from '../core/model/trigger.ts';

/** Something that happened to an object. */
export interface Happening {
  readonly stored: StoredObject;
  /** Without `s3:`, like `ObjectCreated:Put`. */
  readonly eventName: string;
  readonly eventVersion: string;
  /** Rises with each event of a key: see newSequencer. */
  readonly sequencer: string;
}

/** `records` is S3's news; the others are messages that meet the same function or queue and announce no object. */
export type Content =
  | { readonly type: 'records'; readonly records: readonly Happening[] }
  /** S3's own test, sent when a notification is configured. */
  | { readonly type: 'test'; readonly stored: StoredObject }
  /** The template "S3 Put" of the Lambda console's test button. */
  | { readonly type: 'console-test' }
  /** SNS asks a new subscriber to confirm. */
  | { readonly type: 'subscription-confirmation' };

export interface Notification {
  /** The event's place among all that announce objects, from 0; -1 for copies, and for what announces nothing. */
  readonly place: number;
  /** Corpus objects that it announces: none where it brings no new lines. */
  readonly objects: readonly number[];
  /** 1, or more where a fault sends the same event again. */
  readonly eventDelivery: number;
  readonly content: Content;
}
