// Tells the destinations of a bucket's notification configuration what happened in it.

import type { S3 } from './action.ts';
import type { Call } from './call.ts';
import { matchesRule, readNotification } from './notification.ts';
import type { Deletion } from './storage/bucket.ts';

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
