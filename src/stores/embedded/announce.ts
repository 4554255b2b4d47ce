// Tells the destinations of a bucket's notification configuration what happened in it.

import type { BucketNotice } from '../../core/model/trigger.ts';
import type { S3 } from './action.ts';
import type { Call } from './call.ts';
import { matchesRule, readNotification } from './notification.ts';
import type { Deletion } from './storage/bucket.ts';

/** Something that a destination is to be told. */
export interface Notice extends BucketNotice {
  readonly destinationArn: string;
  readonly configurationId: string;
}

/** Where notices go. */
export interface NotificationTargets {
  /** Whether there is such a destination, and S3 may send to it: an ARN, or `eventBridge`. */
  takes(arn: string): boolean;
  send(notice: Notice): void;
}

export interface Happened {
  readonly eventName: string;
  readonly key: string;
  readonly sizeBytes?: number;
  readonly etag?: string;
  readonly versionId?: string | undefined;
}

export function announce(call: Call, s3: S3, { eventName, key, sizeBytes = 0, etag = '', versionId }: Happened): void {
  const { notification = '' } = s3.storage.bucket(call.bucket) ?? {};
  if (!s3.notifications || notification === '') return;
  const version = versionId === undefined ? {} : { versionId };
  const object = { bucket: call.bucket, key, sizeBytes, etag, ...version, storedMs: s3.clock.nowMs(), ...call.ids };
  for (const rule of readNotification(notification)) {
    if (!matchesRule(rule, eventName, key) || !s3.notifications.takes(rule.destinationArn)) continue;
    s3.notifications.send({ destinationArn: rule.destinationArn, configurationId: rule.id, eventName, object });
  }
}

export function announceDeletion(call: Call, s3: S3, key: string, { event, versionId }: Deletion): void {
  if (event !== undefined) announce(call, s3, { eventName: `ObjectRemoved:${event}`, key, versionId });
}
