// The bucket's own notification configuration, where a target sets one: the run's queue is a destination that it may name. What the
// rig stores itself its trigger announces, whatever the bucket is configured to.

import { arnOf } from '../triggers/arn.ts';
import { newSequencer, s3Message } from '../triggers/envelopes/s3-message.ts';
import { noPlace } from '../triggers/faults/kind.ts';
import type { Queues } from '../triggers/queues.ts';
import type { NotificationTargets, Notice } from '../stores/embedded/announce.ts';

/** Of the embedded S3, whose events are those of its region. */
const region = 'us-east-1';

/** `queues` are looked at when something is to be sent: the store is there before they are. */
export function queueNotifications(queues: () => Pick<Queues, 'main'>): NotificationTargets {
  const sequencer = newSequencer();
  return {
    takes: (arn) => arn === arnOf('sqs', region, queues().main.options.name),
    send({ eventName, object }: Notice) {
      const stored = { ...object, index: noPlace };
      const content =
        eventName === 'TestEvent'
          ? ({ type: 'test', stored } as const)
          : ({
              type: 'records',
              records: [{ stored, eventName, eventVersion: '2.1', sequencer: sequencer(stored.storedMs) }],
            } as const);
      const tag = { place: noPlace, objects: [], eventDelivery: 1 };
      queues().main.send(JSON.stringify(s3Message(content, region)), { tag });
    },
  };
}
