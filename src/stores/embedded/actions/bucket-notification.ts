// GetBucketNotificationConfiguration and PutBucketNotificationConfiguration: a destination must be there, unless the request says not
// to look, and is sent S3's test event. EventBridge is always there and gets none ("Using EventBridge", Amazon S3 User Guide).

import { bucketOf, type Action, type S3 } from '../action.ts';
import { header, type Call } from '../call.ts';
import { S3Error } from '../errors.ts';
import { eventBridge, readNotification, type NotificationRule } from '../notification.ts';
import { maxXmlBytes, receiveText } from '../payload.ts';
import { s3Document } from '../xml.ts';

export const getBucketNotification: Action = (call, s3) => {
  const { notification } = bucketOf(call, s3);
  return { statusCode: 200, headers: {}, content: notification || s3Document('NotificationConfiguration', '') };
};

export const putBucketNotification: Action = async (call, s3) => {
  const xml = await receiveText(call, maxXmlBytes);
  const bucket = bucketOf(call, s3);
  if (xml === '') throw new S3Error('MalformedXML');
  const rules = readNotification(xml).filter(({ destinationArn }) => destinationArn !== eventBridge);
  const isLooked = header(call, 'x-amz-skip-destination-validation')?.toLowerCase() !== 'true';
  if (isLooked) checkDestinations(rules, s3);
  bucket.setNotification(xml);
  if (isLooked) for (const rule of rules) sendTest(rule, call, s3);
  return { statusCode: 200, headers: {} };
};

function checkDestinations(rules: readonly NotificationRule[], s3: S3): void {
  const unknown = rules.find(({ destinationArn }) => s3.notifications?.takes(destinationArn) !== true);
  if (!unknown) return;
  throw new S3Error('InvalidArgument', {
    message: 'Unable to validate the following destination configurations',
    details: { ArgumentName: unknown.destinationArn, ArgumentValue: 'The destination does not exist' },
  });
}

function sendTest({ destinationArn, id }: NotificationRule, { bucket, ids }: Call, { notifications, clock }: S3): void {
  const object = { bucket, key: '', sizeBytes: 0, etag: '', storedMs: clock.nowMs(), ...ids };
  notifications?.send({ destinationArn, configurationId: id, eventName: 'TestEvent', object });
}
