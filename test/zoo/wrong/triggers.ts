// Saboteurs that misread events: several records, envelopes, other events, duplicates, order.

import { deadLettered, doubled, found, lost, type WrongAnimal } from '../animal.ts';
import { gz, records, text } from '../flow-log-files.ts';
import {
  forwardObject,
  newForwarder,
  placeOfRecord,
  placesOf,
  post,
  steps,
  type Place,
  type S3Event,
} from '../forwarder.ts';

const broken = { 'broken.log.gz': gz(records(300)).subarray(0, 500), 'sound.log': text(records(10, {}, 3000)) };
const batches = { kind: 'sqs', batchWindow: '5s', maxReceives: 2, reportBatchItemFailures: true };

/** S3's own message, and nothing else. */
function placesOfS3(event: S3Event): Place[] {
  if (!event.Records) throw new TypeError("Cannot read properties of undefined (reading 'map')");
  return event.Records.map((record) => placeOfRecord(record));
}

/** The bucket's own configuration: all that comes goes to the function of the run. */
const watchesAll = [
  '<NotificationConfiguration><CloudFunctionConfiguration>',
  '<CloudFunction>arn:aws:lambda:us-east-1:123456789012:function:forwarder</CloudFunction>',
  '<Event>s3:ObjectCreated:*</Event>',
  '</CloudFunctionConfiguration></NotificationConfiguration>',
].join('');

export const wrongWithTriggers: readonly Omit<WrongAnimal, 'group'>[] = [
  {
    name: 'reads-the-first-record',
    bug: 'Of an event only the first record is read.',
    scenario: { faults: [{ kind: 'event.several', records: 4 }] },
    make: () => newForwarder({ placesOf: (event) => placesOf(event).slice(0, 1) }),
    convicted: lost(150),
  },
  {
    name: 'gives-up-with-the-first-message',
    bug: 'One bad message of a batch ends the work on all that stand behind it.',
    files: broken,
    scenario: { trigger: batches },
    make: () => async (event, addresses) => {
      for (const place of placesOf(event as S3Event)) await forwardObject(steps, place, addresses);
    },
    convicted: deadLettered(10),
  },
  {
    name: 'loses-the-message-id',
    bug: 'The answer that should name failed messages names none, and all of the batch come again.',
    files: broken,
    scenario: { trigger: batches },
    make: () => async (event, addresses) => {
      const failed: Place[] = [];
      const good: Place[] = [];
      for (const place of placesOf(event as S3Event)) {
        if (place.key.includes('broken')) failed.push(place);
        else good.push(place);
      }
      if (failed.length > 0) return { batchItemFailures: failed.map(() => ({ itemIdentifier: undefined })) };
      for (const place of good) await forwardObject(steps, place, addresses);
      return undefined;
    },
    convicted: deadLettered(10),
  },
  {
    name: 'calls-every-batch-done',
    bug: 'A batch that failed is acknowledged, and its messages are gone.',
    scenario: { trigger: { kind: 'sqs' }, faults: [{ kind: 'sink.status', code: 500, nth: 1 }] },
    make: () => {
      const forward = newForwarder({
        send: async (rows, addresses) => {
          const { ok, status } = await post(rows, addresses);
          if (!ok) throw new Error(`SigNoz answered ${status}`);
        },
      });
      return (event, addresses) => forward(event, addresses).catch(() => undefined);
    },
    convicted: lost(200),
  },
  {
    name: 'expects-records',
    bug: "S3's test message has no records, and fails.",
    scenario: { faults: [{ kind: 'event.test' }], expect: ['promises', 'other-events-accepted'] },
    make: () => newForwarder({ placesOf: placesOfS3 }),
    convicted: found('other-event-refused', 'other-events-accepted', 1),
  },
  {
    name: 'unwraps-no-topic',
    bug: 'A message that SNS has wrapped is not understood.',
    scenario: { trigger: { kind: 'sns' } },
    make: () => newForwarder({ placesOf: placesOfS3 }),
    convicted: deadLettered(200),
  },
  {
    name: 'knows-no-eventbridge',
    bug: "EventBridge's event has another shape, and fails.",
    scenario: { trigger: { kind: 'eventbridge' } },
    make: () => newForwarder({ placesOf: placesOfS3 }),
    convicted: deadLettered(200),
  },
  {
    name: 'decodes-keys-of-eventbridge',
    bug: 'EventBridge encodes no keys, and they are decoded all the same.',
    files: { 'a+b.log': text(records(10)), 'plain.log': text(records(10, {}, 2000)) },
    scenario: { trigger: { kind: 'eventbridge' } },
    make: () =>
      newForwarder({
        placesOf: (event) => placesOf(event).map((place) => ({ ...place, key: place.key.replaceAll('+', ' ') })),
      }),
    convicted: lost(10),
  },
  {
    name: 'reads-every-event',
    bug: 'Whatever happened to an object, it is read.',
    scenario: { faults: [{ kind: 'event.type', name: 'ObjectTagging:Put', nth: 1 }] },
    make: () => newForwarder({ placesOf: placesOfS3 }),
    convicted: doubled(50),
  },
  {
    name: 'drops-what-looks-the-same',
    bug: 'Two objects of one time slot are taken for one that came twice.',
    files: Object.fromEntries(
      [0, 1, 2].map((i) => [
        `123456789012_vpcflowlogs_us-east-1_fl-0123456789abcdef0_20260101T0000Z_0000000${i}.log.gz`,
        gz(records(10, {}, 1000 * (i + 1))),
      ]),
    ),
    make: () => {
      const seen = new Set<string>();
      return newForwarder({
        placesOf: (event) =>
          placesOf(event).filter(({ key }) => {
            const slot = /\d{8}T\d{4}Z/.exec(key)![0];
            return !seen.has(slot) && seen.add(slot);
          }),
      });
    },
    convicted: lost(20),
  },
  {
    name: 'keeps-a-cursor',
    bug: 'What comes later than a newer object is taken for old.',
    scenario: { faults: [{ kind: 'event.delay', duration: '1m', nth: 1 }] },
    make: () => {
      let cursor = '';
      return newForwarder({
        placesOf: (event) =>
          placesOf(event).filter(({ sequencer = '' }) => {
            const isNew = sequencer > cursor;
            if (isNew) cursor = sequencer;
            return isNew;
          }),
      });
    },
    convicted: lost(50),
  },
  {
    name: 'reads-by-key-alone',
    bug: 'An event of what was overwritten makes it send what lies there now.',
    scenario: { faults: [{ kind: 'event.outdated', object: 'overwritten', nth: 2 }] },
    make: () => newForwarder({ placesOf: (event) => placesOf(event).map(({ bucket, key }) => ({ bucket, key })) }),
    convicted: doubled(50),
  },
  {
    name: 'fails-for-what-was-deleted',
    bug: 'The event of an object that was deleted fails until it is given up.',
    scenario: {
      faults: [{ kind: 'event.outdated', object: 'deleted', nth: 2 }],
      expect: ['promises', 'other-events-accepted'],
    },
    make: () =>
      newForwarder({
        read: async (place, addresses) => {
          const bytes = await steps.read(place, addresses);
          if (!bytes) throw new Error('NoSuchKey');
          return bytes;
        },
      }),
    convicted: found('other-event-refused', 'other-events-accepted', 1),
  },
  {
    name: 'rescans-the-bucket',
    bug: 'An event only says that there is something: all that lies in the bucket is sent.',
    scenario: { faults: [{ kind: 'event.delay', duration: '1m' }] },
    make: () => {
      const forward = newForwarder();
      return async (_event, addresses) => {
        const listing = await fetch(`${addresses.s3Endpoint}/${addresses.bucket}?list-type=2`).then((response) =>
          response.text(),
        );
        for (const [, key] of listing.matchAll(/<Key>([^<]+)<\/Key>/g)) {
          const s3 = { bucket: { name: addresses.bucket }, object: { key: encodeURIComponent(key!) } };
          await forward({ Records: [{ eventName: 'ObjectCreated:Put', s3 }] }, addresses);
        }
      };
    },
    convicted: doubled(600),
  },
  {
    name: 'reads-its-own-output',
    bug: 'What it has sent it keeps in the bucket that it watches, and so it comes as an event again.',
    scenario: {},
    make: () => {
      const forward = newForwarder();
      return async (event, addresses) => {
        const bucket = `${addresses.s3Endpoint}/${addresses.bucket}`;
        // A test event would meet this function, too.
        const headers = { 'x-amz-skip-destination-validation': 'true' };
        await fetch(`${bucket}?notification`, { method: 'PUT', body: watchesAll, headers });
        await forward(event, addresses);
        for (const { key } of placesOf(event as S3Event)) {
          if (key.startsWith('sent/')) continue;
          const source = { 'x-amz-copy-source': encodeURI(`${addresses.bucket}/${key}`) };
          await fetch(`${bucket}/sent/${encodeURI(key)}`, { method: 'PUT', headers: source });
        }
      };
    },
    convicted: doubled(200),
  },
  {
    name: 'insists-on-a-version',
    bug: "A newer version of S3's message is refused.",
    scenario: { faults: [{ kind: 'event.version', version: '2.6', nth: 1 }], promises: { delivery: 'exactly-once' } },
    make: () =>
      newForwarder({
        placesOf: (event) => {
          const versions = event.Records?.map(({ eventVersion }) => eventVersion) ?? [];
          if (versions.includes('2.6')) throw new Error('Unsupported event version 2.6');
          return placesOf(event);
        },
      }),
    convicted: { ...deadLettered(50), check: 'exactly-once' },
  },
];
