// The bucket's own notification configuration, where a target sets one: the run's queue is a destination that it may name, and so is what
// stands at the beginning of the run's trigger: the function, the topic or EventBridge. What the rig stores itself its trigger announces,
// whatever the bucket is configured to.

import type { BucketNotice, Trigger } from '../core/model/trigger.ts';
import type { NotificationTargets } from '../stores/embedded/notification.ts';
import { eventBridge } from '../stores/embedded/notification.ts';
import { defaultFunctionName } from '../lambda/function.ts';
import { arnOf, topicName } from '../triggers/arn.ts';
import { bucketNotices } from '../triggers/bucket-notice.ts';
import { sqs } from '../triggers/sqs.ts';
import type { Queues } from '../triggers/queues.ts';

/** Of the embedded S3, whose events are those of its region. */
const region = 'us-east-1';

export interface StoreNotices extends NotificationTargets {
  /** The trigger is there: what was to be told by it until now is told. */
  lead(trigger: Pick<Trigger, 'tell'>): void;
}

/** `queues` are looked at when something is to be sent: the store is there before they are. */
export function storeNotices(
  { trigger, target }: { readonly trigger: { readonly kind: string }; readonly target: object },
  queues: () => Pick<Queues, 'main'>,
): StoreNotices {
  const notificationOf = bucketNotices();
  const first = firstOf(trigger.kind, 'functionName' in target ? String(target.functionName) : defaultFunctionName);
  let early: BucketNotice[] | undefined = [];
  let tell = (notice: BucketNotice): void => void early?.push(notice);
  return {
    takes: (arn) => arn === first || arn === arnOf('sqs', region, queues().main.options.name),
    send({ destinationArn, ...notice }) {
      if (destinationArn === first) {
        tell(notice);
        return;
      }
      const { content, ...tag } = notificationOf(notice);
      const body = sqs.wrap(content, { region, newId: () => '', atMs: notice.object.storedMs }, sqs) as string;
      queues().main.send(body, { tag });
    },
    lead(led) {
      tell = (notice) => led.tell(notice);
      early?.forEach(tell);
      early = undefined;
    },
  };
}

/** What S3 itself tells where this is the trigger; undefined where that is the queue. */
function firstOf(kind: string, name: string): string | undefined {
  if (kind === 's3-event') return arnOf('lambda', region, `function:${name}`);
  if (kind === 'sns' || kind === 'sns-sqs') return arnOf('sns', region, topicName);
  return kind === 'eventbridge' || kind === 'eventbridge-sqs' ? eventBridge : undefined;
}
