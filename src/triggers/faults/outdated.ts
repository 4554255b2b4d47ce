// An event that is true no more when it is read: its object was deleted since, or overwritten, and the event of what lies there now
// comes by itself. S3 promises no order, so the older event may also be the later one (S3 guide, "Event ordering and duplicate
// events"). Whoever reads what lies there for it sends records twice; who insists on the object fails for nothing.

import { createHash } from 'node:crypto';

import { Type } from 'typebox';

import type { StoredObject } from '../../core/model/trigger.ts';
import { eventFault, noPlace, selectionSchemas } from './kind.ts';

interface OutdatedConfig {
  readonly object: 'deleted' | 'overwritten';
  readonly comes?: 'before' | 'behind';
}

export const outdatedFault = eventFault<OutdatedConfig>({
  kind: 'event.outdated',
  summary: 'sends, beside an event, one of an object that was deleted or overwritten before it could be read',
  isOnce: true,
  config: Type.Object(
    {
      kind: Type.Literal('event.outdated'),
      object: Type.Unsafe<string>({
        enum: ['deleted', 'overwritten'],
        description: 'deleted: nothing has its key any more; overwritten: the object of the event beside it has.',
        examples: ['overwritten'],
      }),
      comes: Type.Optional(
        Type.Unsafe<string>({
          enum: ['before', 'behind'],
          description: 'Whether it comes before the event beside it, as the default, or behind it.',
          examples: ['behind'],
        }),
      ),
      ...selectionSchemas,
    },
    { additionalProperties: false, description: 'An event tells of what is no more.' },
  ),
  open: ({ object, comes = 'before' }, { strikes, fired }) => ({
    apply(notification, pass) {
      const { content } = notification;
      if (content.type !== 'records' || !strikes(notification)) return pass(notification);
      fired([]);
      const records = content.records.map((happening) => ({
        ...happening,
        stored: object === 'deleted' ? deleted(happening.stored) : overwritten(happening.stored),
        sequencer: earlier(happening.sequencer),
      }));
      const outdated = {
        place: noPlace,
        objects: [],
        eventDelivery: 1,
        content: { type: 'records', records },
      } as const;
      for (const each of comes === 'before' ? [outdated, notification] : [notification, outdated]) pass(each);
    },
  }),
});

function deleted(stored: StoredObject): StoredObject {
  return { ...overwritten(stored), key: stored.key.replace(/((\.log)?\.gz)?$/, '-deleted$&') };
}

/** What lay there before: other bytes, so another ETag. */
function overwritten(stored: StoredObject): StoredObject {
  const etag = createHash('md5').update(`before ${stored.etag}`).digest('hex');
  return { ...stored, etag, sizeBytes: stored.sizeBytes + 1 };
}

/** A sequencer before this one, of the same length. */
function earlier(sequencer: string): string {
  const seconds = Number.parseInt(sequencer.slice(0, 10), 16) - 1;
  return seconds.toString(16).toUpperCase().padStart(10, '0') + sequencer.slice(10);
}
