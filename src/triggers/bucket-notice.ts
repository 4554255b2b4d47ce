// What a bucket's own configuration tells, as a notification: it announces no object of the corpus, so no fault of events strikes it.

import type { BucketNotice } from '../core/model/trigger.ts';
import { newSequencer } from './envelopes/s3-message.ts';
import { noPlace } from './faults/kind.ts';
import type { Notification } from './notification.ts';

export function bucketNotices(): (notice: BucketNotice) => Notification {
  const sequencer = newSequencer();
  return ({ eventName, object }) => {
    const stored = { ...object, index: noPlace };
    const happening = { stored, eventName, eventVersion: '2.1', sequencer: sequencer(stored.storedMs) };
    const content: Notification['content'] =
      eventName === 'TestEvent' ? { type: 'test', stored } : { type: 'records', records: [happening] };
    return { place: noPlace, objects: [], eventDelivery: 1, content };
  };
}
