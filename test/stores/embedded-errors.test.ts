// What the embedded S3 answers to requests that are wrong, or that ask for what it does not do.

import { expect, test } from 'vitest';

import { openTestStore } from './open-test-store.ts';
import { codeOf, send } from './raw-request.ts';

test('an error document holds code, message, details, resource and both ids', async () => {
  await using store = await openTestStore();
  await store.createBucket('flow-logs');
  const { status, headers, body } = await send(store, { target: '/flow-logs/a%3Cb?x=1' });
  const requestId = String(headers['x-amz-request-id']);
  const hostId = String(headers['x-amz-id-2']);
  expect(status).toBe(404);
  expect(headers['content-type']).toBe('application/xml');
  expect(body).toBe(
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message>' +
      `<Key>a&lt;b</Key><Resource>/flow-logs/a%3Cb</Resource><RequestId>${requestId}</RequestId><HostId>${hostId}</HostId></Error>`,
  );
});

test('a bucket that is not there is named', async () => {
  await using store = await openTestStore();
  const { body } = await send(store, { target: '/nowhere/key' });
  expect(body).toContain(
    '<Code>NoSuchBucket</Code><Message>The specified bucket does not exist</Message><BucketName>nowhere</BucketName>',
  );
});

test.for([
  ['GET', '/b?lifecycle', 'GetBucketLifecycleConfiguration'],
  ['PUT', '/b?policy', 'PutBucketPolicy'],
  ['DELETE', '/b?cors', 'DeleteBucketCors'],
  ['POST', '/b', 'PostObject'],
  ['GET', '/b?session', 'CreateSession'],
  ['GET', '/b/k?attributes', 'GetObjectAttributes'],
  ['GET', '/b/k?torrent', 'GetObjectTorrent'],
  ['PUT', '/b/k?acl', 'PutObjectAcl'],
  ['PUT', '/b/k?renameObject', 'RenameObject'],
  ['POST', '/b/k?restore', 'RestoreObject'],
  ['POST', '/b/k?select&select-type=2', 'SelectObjectContent'],
] as const)('%s %s is refused as %s, by name', async ([method, target, operation]) => {
  await using store = await openTestStore();
  const answer = await send(store, { method, target, ...(method === 'GET' ? {} : { body: '' }) });
  expect(codeOf(answer)).toBe('501 NotImplemented');
  expect(answer.body).toContain(`<Message>The embedded S3 does not implement ${operation}.</Message>`);
  expect(answer.body).toContain(`<Operation>${operation}</Operation>`);
});

test.for([
  ['x-amz-server-side-encryption', 'AES256', '<Header>x-amz-server-side-encryption</Header>'],
  ['x-amz-acl', 'public-read', '<Header>x-amz-acl</Header>'],
  ['x-amz-storage-class', 'GLACIER', '<Header>x-amz-storage-class</Header>'],
  ['x-amz-object-lock-mode', 'GOVERNANCE', '<Header>x-amz-object-lock-mode</Header>'],
  ['x-amz-checksum-xxhash3', 'AAAAAAAAAAA=', '<Header>x-amz-checksum-xxhash3</Header>'],
  ['if-none-match', '"abc"', '<Header>If-None-Match</Header>'],
] as const)('a PUT with %s: %s is refused and stores nothing', async ([header, value, detail]) => {
  await using store = await openTestStore();
  await store.createBucket('bucket');
  const put = { method: 'PUT', target: '/bucket/k', body: 'text' };
  const answer = await send(store, { ...put, headers: { [header]: value } });
  expect(codeOf(answer)).toBe('501 NotImplemented');
  expect(answer.body).toContain(detail);
  expect((await send(store, { target: '/bucket/k' })).status).toBe(404);
});

test('a header that asks for what happens anyway is no reason to refuse', async () => {
  await using store = await openTestStore();
  await store.createBucket('bucket');
  const headers = { 'x-amz-acl': 'bucket-owner-full-control', 'x-amz-storage-class': 'STANDARD' };
  expect((await send(store, { method: 'PUT', target: '/bucket/k', headers, body: 'text' })).status).toBe(200);
});

test.for([
  ['partNumber=0', '400 InvalidArgument'],
  ['partNumber=x', '400 InvalidArgument'],
  ['partNumber=2', '416 InvalidPartNumber'],
  ['versionId=abc', '400 InvalidArgument'],
  ['versionId=AAAABBBBCCCCDDDDAAAABBBBCCCCDDDD', '404 NoSuchVersion'],
] as const)('a GET with %s is %s', async ([query, code]) => {
  await using store = await openTestStore();
  await store.createBucket('bucket');
  await store.put('bucket', 'k', Buffer.from('text'));
  expect(codeOf(await send(store, { target: `/bucket/k?${query}` }))).toBe(code);
});

test.for(['PATCH', 'PROPFIND', 'OPTIONS'])('the method %s is not allowed', async (method) => {
  await using store = await openTestStore();
  expect(codeOf(await send(store, { method, target: '/bucket/k' }))).toBe('405 MethodNotAllowed');
});

test.for(['/bucket/%ff', '/bucket/%zz', '/%c3', 'http://other/bucket/key'])(
  'the target %s is InvalidURI',
  async (target) => {
    await using store = await openTestStore();
    expect(codeOf(await send(store, { target }))).toBe('400 InvalidURI');
  },
);

test.for([
  ['max-keys=-1', 'max-keys'],
  ['max-keys=ten', 'max-keys'],
  ['max-keys=99999999999', 'max-keys'],
  ['encoding-type=base64', 'encoding-type'],
  ['continuation-token=guess', 'continuation-token'],
] as const)('a listing with %s is InvalidArgument', async ([query, name]) => {
  await using store = await openTestStore();
  await store.createBucket('bucket');
  const answer = await send(store, { target: `/bucket?list-type=2&${query}` });
  expect(codeOf(answer)).toBe('400 InvalidArgument');
  expect(answer.body).toContain(`<ArgumentName>${name}</ArgumentName>`);
});

test.for([
  'ab',
  'Upper',
  'under_score',
  '192.168.0.1',
  'two..dots',
  '-start',
  'end-',
  'xn--name',
  'name-s3alias',
  'a'.repeat(64),
])('no bucket may be called %s', async (name) => {
  await using store = await openTestStore();
  expect(codeOf(await send(store, { method: 'PUT', target: `/${name}`, body: '' }))).toBe('400 InvalidBucketName');
  await expect(store.createBucket(name)).rejects.toThrow(
    `"${name}" is no bucket name of S3: 3 to 63 lower-case letters, digits, hyphens and periods.`,
  );
});

const configuration = (content: string): string =>
  `<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${content}</CreateBucketConfiguration>`;

test.for([
  ['<CreateBucketConfiguration><LocationConstraint>', '400 MalformedXML'],
  ['<Other/>', '400 MalformedXML'],
  [configuration('text'), '400 MalformedXML'],
  [configuration('<LocationConstraint>eu-central-1</LocationConstraint>'), '400 IllegalLocationConstraintException'],
  [configuration('<Tags><Tag/></Tags>'), '501 NotImplemented'],
  [configuration(' ').padEnd(300_000), '400 MaxMessageLengthExceeded'],
] as const)('CreateBucket with %s is %s', async ([body, code]) => {
  await using store = await openTestStore();
  expect(codeOf(await send(store, { method: 'PUT', target: '/bucket', body }))).toBe(code);
  expect((await send(store, { method: 'HEAD', target: '/bucket' })).status).toBe(404);
});

test('a bucket is created in the region of the endpoint, and a second time only in us-east-1', async () => {
  const body = configuration('<LocationConstraint>eu-central-1</LocationConstraint>');
  await using european = await openTestStore({ region: 'eu-central-1' });
  const create = { method: 'PUT', target: '/bucket' };
  expect(codeOf(await send(european, { ...create, body: '' }))).toBe('400 IllegalLocationConstraintException');
  expect((await send(european, { ...create, body })).headers['location']).toBe('/bucket');
  expect(codeOf(await send(european, { ...create, body }))).toBe('409 BucketAlreadyOwnedByYou');
  await using american = await openTestStore();
  expect((await send(american, { ...create, body: '' })).status).toBe(200);
  expect((await send(american, { ...create, body: '' })).status).toBe(200);
});

test('user metadata has a limit of 2 KB', async () => {
  await using store = await openTestStore();
  await store.createBucket('bucket');
  const put = (value: string): Promise<string> =>
    send(store, { method: 'PUT', target: '/bucket/k', headers: { 'x-amz-meta-note': value }, body: '' }).then(codeOf);
  expect(await put('x'.repeat(2044))).toBe('200 no code');
  expect(await put('x'.repeat(2045))).toBe('400 MetadataTooLarge');
});

test('a header that cannot be sent is InvalidArgument', async () => {
  await using store = await openTestStore();
  await store.createBucket('bucket');
  await store.put('bucket', 'k', Buffer.from('text'));
  const answer = await send(store, { target: '/bucket/k?response-content-type=a%0d%0ab' });
  expect(codeOf(answer)).toBe('400 InvalidArgument');
});

test('a folder that cannot be written to fails the upload with its name, over HTTP and directly', async () => {
  await using store = await openTestStore({ memoryBytes: 0, folder: '/dev/null/s3' });
  await store.createBucket('bucket');
  const message =
    "The embedded S3 could not write 4 bytes to /dev/null/s3: Error: ENOTDIR: not a directory, mkdir '/dev/null/s3/incoming'. " +
    'Make room there, or give the run another folder.';
  await expect(store.put('bucket', 'k', Buffer.from('text'))).rejects.toThrow(message);
  const answer = await send(store, { method: 'PUT', target: '/bucket/k', body: 'text' });
  expect(codeOf(answer)).toBe('500 InternalError');
  expect(answer.body).toContain('The embedded S3 could not write 4 bytes to /dev/null/s3');
});
