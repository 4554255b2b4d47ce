// Signatures, held against the examples of AWS ("Examples: Signature Calculations in AWS Signature Version 4", Amazon S3 API
// Reference, and its page on payloads in chunks), which sign with the example key at midnight of 2013-05-24.

import { createHash } from 'node:crypto';

import { S3Client, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';

import { openClock } from '../../src/core/clock.ts';
import { openAwsChunkedDecoder } from '../../src/stores/embedded/aws-chunked.ts';
import { S3Error } from '../../src/stores/embedded/errors.ts';
import { verifyRequest, type RequestToVerify } from '../../src/stores/embedded/signing/verify.ts';
import { openTestStore } from './open-test-store.ts';
import { codeOf, send } from './raw-request.ts';

const credentials = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};
const midnightMs = Date.UTC(2013, 4, 24);
const needs = { credentials, region: 'us-east-1', nowMs: midnightMs };
const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const authorization = (signedHeaders: string, signature: string): string =>
  `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=${signedHeaders},Signature=${signature}`;
const common = { host: 'examplebucket.s3.amazonaws.com', 'x-amz-date': '20130524T000000Z' };

const get: RequestToVerify = {
  method: 'GET',
  target: '/test.txt',
  headers: {
    ...common,
    range: 'bytes=0-9',
    'x-amz-content-sha256': empty,
    authorization: authorization(
      'host;range;x-amz-content-sha256;x-amz-date',
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    ),
  },
};

const presigned: RequestToVerify = {
  method: 'GET',
  target:
    '/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request' +
    '&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host' +
    '&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
  headers: { host: common.host },
};

const examples: Readonly<Record<string, RequestToVerify>> = {
  'a GET of a range': get,
  'a PUT of a key with a dollar sign': {
    method: 'PUT',
    target: '/test%24file.text',
    headers: {
      ...common,
      date: 'Fri, 24 May 2013 00:00:00 GMT',
      'x-amz-storage-class': 'REDUCED_REDUNDANCY',
      'x-amz-content-sha256': '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072',
      authorization: authorization(
        'date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class',
        '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
      ),
    },
  },
  'a subresource without a value': {
    method: 'GET',
    target: '/?lifecycle',
    headers: {
      ...common,
      'x-amz-content-sha256': empty,
      authorization: authorization(
        'host;x-amz-content-sha256;x-amz-date',
        'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
      ),
    },
  },
  'a listing with parameters': {
    method: 'GET',
    target: '/?prefix=J&max-keys=2',
    headers: {
      ...common,
      'x-amz-content-sha256': empty,
      authorization: authorization(
        'host;x-amz-content-sha256;x-amz-date',
        '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
      ),
    },
  },
  'a presigned URL': presigned,
};

function codeOfVerifying(request: RequestToVerify, over: Partial<typeof needs> = {}): string {
  try {
    verifyRequest(request, { ...needs, ...over });
    return 'taken';
  } catch (error) {
    return error instanceof S3Error ? `${error.statusCode} ${error.code}` : String(error);
  }
}

test.for(Object.entries(examples))('AWS’s example of %s is taken', ([, request]) => {
  expect(codeOfVerifying(request)).toBe('taken');
});

const chunked = {
  host: 's3.amazonaws.com',
  'x-amz-date': '20130524T000000Z',
  'x-amz-storage-class': 'REDUCED_REDUNDANCY',
  'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  'content-encoding': 'aws-chunked',
  'x-amz-decoded-content-length': '66560',
  'content-length': '66824',
  authorization: authorization(
    'content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class',
    '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
  ),
};

function decode(body: string): string {
  const request = { method: 'PUT', target: '/examplebucket/chunkObject.txt', headers: chunked };
  const decoder = openAwsChunkedDecoder(verifyRequest(request, needs));
  let text = '';
  decoder.decode(Buffer.from(body), (data) => (text += Buffer.from(data).toString()));
  decoder.end();
  return text;
}

const chunk = (size: number, signature: string): string =>
  `${size.toString(16)};chunk-signature=${signature}\r\n${'a'.repeat(size)}\r\n`;
const chunks = [
  chunk(65_536, 'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648'),
  chunk(1024, '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497'),
  chunk(0, 'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9'),
];

test('AWS’s example of a payload in signed chunks is taken', () => {
  expect(decode(chunks.join(''))).toBe('a'.repeat(66_560));
});

test.for([
  ['a byte of a chunk', chunks.join('').replace('aaa', 'aab')],
  ['a chunk left out', chunks[0]! + chunks[2]!],
  ['chunks in another order', chunks[1]! + chunks[0]! + chunks[2]!],
  ['no signature at all', chunks.join('').replaceAll(/;chunk-signature=\w+/g, '')],
] as const)('a payload with %s changed is SignatureDoesNotMatch', ([, body]) => {
  expect(() => decode(body)).toThrow(expect.objectContaining({ code: 'SignatureDoesNotMatch' }));
});

const change = (headers: object): RequestToVerify => ({ ...get, headers: { ...get.headers, ...headers } });

test.for([
  ['no signature', change({ authorization: undefined }), '403 AccessDenied'],
  ['another path', { ...get, target: '/test.txt2' }, '403 SignatureDoesNotMatch'],
  ['another method', { ...get, method: 'HEAD' }, '403 SignatureDoesNotMatch'],
  ['another parameter', { ...get, target: '/test.txt?acl' }, '403 SignatureDoesNotMatch'],
  ['another signed header', change({ range: 'bytes=0-10' }), '403 SignatureDoesNotMatch'],
  ['an unsigned header of AWS’s', change({ 'x-amz-acl': 'private' }), '403 AccessDenied'],
  ['an older kind of signature', change({ authorization: 'AWS AKIAIOSFODNN7EXAMPLE:abc=' }), '400 InvalidRequest'],
  [
    'half a signature',
    change({ authorization: 'AWS4-HMAC-SHA256 Credential=a/b' }),
    '400 AuthorizationHeaderMalformed',
  ],
  ['no time', change({ 'x-amz-date': undefined }), '403 AccessDenied'],
  ['no digest', change({ 'x-amz-content-sha256': undefined }), '400 MissingSecurityHeader'],
  [
    'an unknown key',
    change({ authorization: get.headers.authorization!.replace('AKIAIOSFODNN7EXAMPLE', 'AKIAOTHER') }),
    '403 InvalidAccessKeyId',
  ],
  [
    'another region',
    change({ authorization: get.headers.authorization!.replace('us-east-1', 'eu-west-1') }),
    '400 AuthorizationHeaderMalformed',
  ],
  ['a signature in query and header', { ...presigned, headers: get.headers }, '400 InvalidArgument'],
  [
    'an endless time',
    { ...presigned, target: presigned.target.replace('86400', '604801') },
    '400 AuthorizationQueryParametersError',
  ],
  ['a changed time', { ...presigned, target: presigned.target.replace('86400', '86401') }, '403 SignatureDoesNotMatch'],
] as const)('a request with %s is %s', ([, request, code]) => {
  expect(codeOfVerifying(request)).toBe(code);
});

test('a signed request lives 15 minutes either way, a presigned one as long as it says', () => {
  const at = (request: RequestToVerify, minutes: number): string =>
    codeOfVerifying(request, { nowMs: midnightMs + minutes * 60_000 });
  expect([-16, -14, 14, 16].map((minutes) => at(get, minutes))).toEqual([
    '403 RequestTimeTooSkewed',
    'taken',
    'taken',
    '403 RequestTimeTooSkewed',
  ]);
  expect([-16, -14, 1439, 1441].map((minutes) => at(presigned, minutes))).toEqual([
    '403 AccessDenied',
    'taken',
    'taken',
    '403 AccessDenied',
  ]);
});

test('a store that verifies tells nothing to who has no key, and serves who has', async () => {
  await using store = await openTestStore({ verifySignatures: true });
  await store.createBucket('bucket');
  await store.put('bucket', 'k', Buffer.from('text'));
  for (const target of ['/bucket/k', '/bucket/nothing', '/nothing']) {
    expect(codeOf(await send(store, { target }))).toBe('403 AccessDenied');
  }
  const { endpoint, region, ...keys } = store.address;
  const right = new S3Client({ endpoint, region, credentials: keys });
  const wrong = new S3Client({ endpoint, region, credentials: { ...keys, secretAccessKey: 'other' } });
  const Key = 'a b+c/é=1%&?#.log';
  await right.send(new PutObjectCommand({ Bucket: 'bucket', Key, Body: 'body' }));
  const { Body } = await right.send(new GetObjectCommand({ Bucket: 'bucket', Key }));
  expect(await Body!.transformToString()).toBe('body');
  const refused = wrong.send(new GetObjectCommand({ Bucket: 'bucket', Key }));
  await expect(refused).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' });
  right.destroy();
  wrong.destroy();
});

// As the AWS SDK for Java 2.57.8 signed /bucket/a//b, and its client from Apache sends it.
test('a second slash is one, though it came encoded', () => {
  const headers = {
    'amz-sdk-invocation-id': '193a45db-d9f3-76fc-eaf2-34f37642d53e',
    'amz-sdk-request': 'attempt=1; max=4',
    host: 's3.us-east-1.amazonaws.com',
    'x-amz-checksum-crc32': 'AAAAAA==',
    'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
    'x-amz-date': '20261126T165659Z',
    'x-amz-te': 'append-md5',
  };
  const signed = authorization(
    Object.keys(headers).join(';'),
    'd6cec60d12cd75b4b7eccc499598202afde8fa11173f16faf7d86b2deefd0b1e',
  ).replace('20130524', '20261126');
  const request = { method: 'GET', target: '/bucket/a/%2Fb', headers: { ...headers, authorization: signed } };
  expect(codeOfVerifying(request, { nowMs: Date.UTC(2026, 10, 26, 16, 57) })).toBe('taken');
});

// As aws-sdk-go-v2 1.48.0 sent it over TLS.
test('two lines of one header are signed as one', async () => {
  const clock = { ...openClock(), machineNowMs: () => Date.UTC(2026, 10, 26, 16, 52, 9) };
  await using store = await openTestStore({ verifySignatures: true, clock });
  await store.createBucket('bucket');
  const signed = {
    'accept-encoding': 'identity',
    'amz-sdk-invocation-id': '0b315efe-500a-49ef-a6af-59970a05d7c0',
    'amz-sdk-request': 'attempt=1; max=1',
    'content-encoding': ['gzip', 'aws-chunked'],
    'content-length': 51,
    'content-type': 'application/octet-stream',
    host: 's3.us-east-1.amazonaws.com',
    'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    'x-amz-date': '20261126T165209Z',
    'x-amz-decoded-content-length': 9,
    'x-amz-sdk-checksum-algorithm': 'CRC32C',
    'x-amz-trailer': 'x-amz-checksum-crc32c',
  };
  const { status, headers } = await send(store, {
    method: 'PUT',
    target: '/bucket/k?x-id=PutObject',
    headers: {
      ...signed,
      authorization: authorization(
        Object.keys(signed).join(';'),
        '3b9f89c1953865ede089adcbcacbc3abe632c51daab93724b5553c4790c09e53',
      ).replace('20130524', '20261126'),
    },
    body: '9\r\n123456789\r\n0\r\nx-amz-checksum-crc32c:4waSgw==\r\n\r\n',
  });
  expect({ status, etag: headers.etag }).toEqual({
    status: 200,
    etag: `"${createHash('md5').update('123456789').digest('hex')}"`,
  });
});
