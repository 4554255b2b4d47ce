// A hand-written event, as `flowrig invoke` reads it: what Lambda would not take is told before anything runs.

import { expect, test } from 'vitest';

import { placesIn, readEvent } from '../../src/cli/invoke/event-file.ts';
import { testFolder } from './test-host.ts';

test('an event has 6 MB at most, and is one JSON document', async () => {
  await using folder = testFolder();
  const limitBytes = 6 * 1024 ** 2;
  folder.write('most.json', `"${'x'.repeat(limitBytes - 2)}"`);
  expect(readEvent('most.json', folder.path)).toHaveLength(limitBytes - 2);
  folder.write('more.json', `"${'x'.repeat(limitBytes - 1)}"`);
  expect(() => readEvent('more.json', folder.path)).toThrow(
    '--event more.json: has 6291457 bytes. Lambda refuses an event of more than 6291456 (RequestEntityTooLargeException).',
  );
  folder.write('marked.json', '\uFEFF{"a":1}');
  expect(readEvent('marked.json', folder.path)).toEqual({ a: 1 });
  folder.write('cut.json', '{"Records":[');
  expect(() => readEvent('cut.json', folder.path)).toThrow(/^--event cut\.json: is no JSON: /);
});

test('names that no bucket or object of S3 can have are no objects, and the others of the event are', () => {
  const record = (name: string, key: string): object => ({ s3: { bucket: { name }, object: { key } } });
  const records = [
    record('Bad_Bucket', 'a'),
    record('logs', ''),
    record('logs', 'x'.repeat(1025)),
    record('logs', 'x'.repeat(1024)),
    record('logs', '%ZZ'),
  ];
  expect(placesIn({ Records: records })).toEqual([
    { bucket: 'logs', key: 'x'.repeat(1024) },
    { bucket: 'logs', key: '%ZZ' },
  ]);
});
