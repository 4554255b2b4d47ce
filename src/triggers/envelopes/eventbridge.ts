// The event that S3 sends to Amazon EventBridge (S3 guide, "EventBridge event message structure"). The key is not URL-encoded there,
// and names differ from S3's own message: `etag`, `version-id`.

import { invariant } from '../../core/errors.ts';
import { formatInstant } from '../../core/units.ts';
import { accountId } from '../arn.ts';
import type { Content, Happening } from '../notification.ts';

/** S3's event names to EventBridge's detail types (S3 guide, "Using EventBridge"). */
const detailTypes: readonly (readonly [RegExp, string])[] = [
  [/^ObjectCreated:/, 'Object Created'],
  [/^(ObjectRemoved|LifecycleExpiration):/, 'Object Deleted'],
  [/^ObjectRestore:Post/, 'Object Restore Initiated'],
  [/^ObjectRestore:Completed/, 'Object Restore Completed'],
  [/^ObjectRestore:Delete/, 'Object Restore Expired'],
  [/^ObjectTagging:Put/, 'Object Tags Added'],
  [/^ObjectTagging:Delete/, 'Object Tags Deleted'],
  [/^ObjectAcl:/, 'Object ACL Updated'],
];

interface EventContext {
  readonly id: string;
  readonly region: string;
}

/** EventBridge knows one object an event, and no messages of S3's or SNS's own. */
export function wrapForEventBridge(content: Content, context: EventContext): object {
  invariant(
    content.type === 'records' && content.records.length === 1,
    'An event of EventBridge is about one object of the bucket.',
  );
  return eventBridgeEvent(content.records[0]!, context);
}

function eventBridgeEvent({ stored, eventName, sequencer }: Happening, { id, region }: EventContext): object {
  const detailType = detailTypes.find(([pattern]) => pattern.test(eventName))?.[1] ?? 'Object Storage Class Changed';
  const isCreated = detailType === 'Object Created';
  const reason = isCreated ? 'PutObject' : detailType === 'Object Deleted' ? 'DeleteObject' : undefined;
  return {
    version: '0',
    id,
    'detail-type': detailType,
    source: 'aws.s3',
    account: accountId,
    time: `${formatInstant(stored.storedMs).slice(0, 19)}Z`,
    region,
    resources: [`arn:aws:s3:::${stored.bucket}`],
    detail: {
      version: '0',
      bucket: { name: stored.bucket },
      object: {
        key: stored.key,
        ...(detailType === 'Object Deleted' ? {} : { size: stored.sizeBytes }),
        etag: stored.etag,
        ...(stored.versionId === undefined ? {} : { 'version-id': stored.versionId }),
        // EventBridge's sequencers are shorter than those of S3's own messages: the leading zeros are left out.
        ...(reason === undefined ? {} : { sequencer: sequencer.replace(/^00/, '').toLowerCase() }),
      },
      'request-id': stored.requestId,
      requester: 'delivery.logs.amazonaws.com',
      'source-ip-address': '127.0.0.1',
      ...(reason === undefined ? {} : { reason }),
      ...(detailType === 'Object Deleted' ? { 'deletion-type': 'Permanently Deleted' } : {}),
    },
  };
}
