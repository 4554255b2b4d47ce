// An event of another type about the same object: it was removed, restored or tagged. It brings no new lines, so whoever reads the
// object for it sends its records twice.

import { Type } from 'typebox';

import { eventFault, noPlace, selectionSchemas } from './kind.ts';

/** Names without `s3:` (S3 guide, "Supported event types"). */
const names = [
  'ObjectRemoved:Delete',
  'ObjectRemoved:DeleteMarkerCreated',
  'ObjectRestore:Post',
  'ObjectRestore:Completed',
  'ObjectRestore:Delete',
  'ObjectTagging:Put',
  'ObjectTagging:Delete',
  'ObjectAcl:Put',
  'LifecycleExpiration:Delete',
  'LifecycleTransition',
];

/** From 2.3 on: replication, lifecycle, tagging, ACLs and restores (same guide, "Event message structure"). */
const olderTypes = /^Object(Created|Removed):/;

export const typeFault = eventFault<{ readonly name: string }>({
  kind: 'event.type',
  summary: 'sends, behind an event, one of another type about the same object: removed, restored, tagged',
  config: Type.Object(
    {
      kind: Type.Literal('event.type'),
      name: Type.Unsafe<string>({ enum: names, description: 'The eventName.', examples: names.slice(0, 1) }),
      ...selectionSchemas,
    },
    { additionalProperties: false, description: 'An event of another type follows.' },
  ),
  open: ({ name }, { strikes, fired, nextSequencer }) => ({
    apply(notification, pass) {
      pass(notification);
      const { content } = notification;
      if (content.type !== 'records' || !strikes(notification)) return;
      fired([]);
      const records = content.records.map(({ stored }) => ({
        stored,
        eventName: name,
        eventVersion: olderTypes.test(name) ? '2.1' : '2.3',
        sequencer: nextSequencer(stored.storedMs),
      }));
      pass({ place: noPlace, objects: [], eventDelivery: 1, content: { type: 'records', records } });
    },
  }),
});
