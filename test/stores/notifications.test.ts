// The notification configuration of a bucket: which happenings go where, and what is refused.

import { expect, test } from 'vitest';

import type { Notice } from '../../src/stores/embedded/notification.ts';
import { openTestStore, type TestStore } from './open-test-store.ts';
import { codeOf, send } from './raw-request.ts';

const queue = 'arn:aws:sqs:us-east-1:123456789012:flow-logs';

interface Notified extends TestStore {
  readonly notices: Notice[];
}

async function openNotified(): Promise<Notified> {
  const notices: Notice[] = [];
  const store = await openTestStore({
    notifications: { takes: (arn) => arn === queue, send: (notice) => void notices.push(notice) },
  });
  await store.createBucket('bucket');
  return { ...store, notices };
}

const rule = (events: readonly string[], filter: Readonly<Record<string, string>> = {}, arn = queue): string =>
  [
    '<QueueConfiguration><Id>mine</Id>',
    `<Queue>${arn}</Queue>`,
    ...events.map((event) => `<Event>${event}</Event>`),
    '<Filter><S3Key>',
    ...Object.entries(filter).map(
      ([name, value]) => `<FilterRule><Name>${name}</Name><Value>${value}</Value></FilterRule>`,
    ),
    '</S3Key></Filter></QueueConfiguration>',
  ].join('');

const put = (store: TestStore, target: string, body = 'text', headers = {}): ReturnType<typeof send> =>
  send(store, { method: 'PUT', target, body, headers });

const configure = (store: TestStore, rules: string, headers = {}): ReturnType<typeof send> =>
  put(store, '/bucket?notification', `<NotificationConfiguration>${rules}</NotificationConfiguration>`, headers);

test('objects that come and go are told, each with the ids of its request, behind a test event', async () => {
  await using store = await openNotified();
  await put(store, '/bucket/before', 'nobody is told');
  expect((await configure(store, rule(['s3:ObjectCreated:*', 's3:ObjectRemoved:*']))).status).toBe(200);
  const stored = await put(store, '/bucket/a%20b', 'text');
  await put(store, '/bucket/copy', '', { 'x-amz-copy-source': '/bucket/a%20b' });
  await send(store, { method: 'DELETE', target: '/bucket/copy' });
  await send(store, { method: 'DELETE', target: '/bucket/never-there' });
  const body = '<Delete><Quiet>true</Quiet><Object><Key>a b</Key></Object></Delete>';
  await send(store, { method: 'POST', target: '/bucket?delete', body });
  expect(store.notices.map(({ eventName, object }) => `${eventName} ${object.key}`)).toEqual([
    'TestEvent ',
    'ObjectCreated:Put a b',
    'ObjectCreated:Copy copy',
    'ObjectRemoved:Delete copy',
    'ObjectRemoved:Delete a b',
  ]);
  expect(store.notices[1]).toMatchObject({
    destinationArn: queue,
    configurationId: 'mine',
    object: { bucket: 'bucket', sizeBytes: 4, requestId: stored.headers['x-amz-request-id'] },
  });
});

test('a filter lets through what begins and ends as it says, and an event that was not asked for stays away', async () => {
  await using store = await openNotified();
  await configure(store, rule(['s3:ObjectCreated:Put'], { prefix: 'AWSLogs/', Suffix: '.gz' }));
  for (const key of ['AWSLogs/a.gz', 'AWSLogs/a.log', 'other/a.gz']) await put(store, `/bucket/${key}`);
  await put(store, '/bucket/AWSLogs/copy.gz', '', { 'x-amz-copy-source': '/bucket/AWSLogs/a.gz' });
  expect(store.notices.map(({ object }) => object.key)).toEqual(['', 'AWSLogs/a.gz']);
});

test('a configuration is given back as it was sent, and an empty one ends it', async () => {
  await using store = await openNotified();
  const get = async (): Promise<string> => (await send(store, { target: '/bucket?notification' })).body;
  expect(await get()).toMatch(/<NotificationConfiguration [^>]*><\/NotificationConfiguration>$/);
  await configure(store, rule(['s3:ObjectCreated:*']));
  expect(await get()).toContain(`<Queue>${queue}</Queue>`);
  await configure(store, '');
  await put(store, '/bucket/k');
  expect(store.notices.map(({ eventName }) => eventName)).toEqual(['TestEvent']);
});

test('a destination that is not there is refused, unless the request says not to look', async () => {
  await using store = await openNotified();
  const elsewhere = rule(['s3:ObjectCreated:*'], {}, 'arn:aws:sqs:us-east-1:123456789012:other');
  expect(codeOf(await configure(store, elsewhere))).toBe('400 InvalidArgument');
  expect((await configure(store, elsewhere, { 'x-amz-skip-destination-validation': 'true' })).status).toBe(200);
  await put(store, '/bucket/k');
  expect(store.notices).toEqual([]);
});

test.for([
  ['no destination', '<QueueConfiguration><Event>s3:ObjectCreated:*</Event></QueueConfiguration>', '400 MalformedXML'],
  ['no event', rule([]), '400 MalformedXML'],
  ['another element', '<Other/>', '400 MalformedXML'],
  ['another filter', rule(['s3:ObjectCreated:*'], { infix: 'a' }), '400 InvalidArgument'],
  ['an event that is never sent', rule(['s3:ObjectRestore:Post']), '501 NotImplemented'],
  [
    'two rules for one event',
    rule(['s3:ObjectCreated:*']) + rule(['s3:ObjectCreated:Put'], { prefix: 'a' }),
    '400 InvalidArgument',
  ],
] as const)('a configuration with %s is %s', async ([, rules, code]) => {
  await using store = await openNotified();
  expect(codeOf(await configure(store, rules))).toBe(code);
});
