// The part of the store contract that is about objects: bytes, digests, keys, ranges, conditions, errors.

import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';

import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3ServiceException,
} from '@aws-sdk/client-s3';
import { expect } from 'vitest';

import type { Contract } from './store-contract.ts';
import { codeOf, decodeListed, keysOf, md5Etag } from './store-session.ts';

export function objectContract({ session, behaves }: Contract): void {
  const { newBucket, put, text, listAll } = session;

  behaves('an object comes back with its bytes, type, encoding and metadata', async () => {
    const Bucket = await newBucket();
    const bytes = Buffer.from(Array.from({ length: 200_000 }, (_, i) => (i * 7) % 251));
    const md5 = createHash('md5').update(bytes).digest('hex');
    const answer = await session.s3.send(
      new PutObjectCommand({
        Bucket,
        Key: 'k',
        Body: bytes,
        ContentType: 'application/octet-stream',
        ContentEncoding: 'gzip',
        CacheControl: 'no-store',
        Metadata: { owner: 'rig', 'Mixed-Case': 'Kept As Is' },
      }),
    );
    expect(answer.ETag).toBe(`"${md5}"`);
    const { Body, $metadata, LastModified, ...head } = await session.s3.send(
      new GetObjectCommand({ Bucket, Key: 'k' }),
    );
    expect(Buffer.from(await Body!.transformToByteArray()).equals(bytes)).toBe(true);
    expect(head).toMatchObject({
      ETag: `"${md5}"`,
      ContentLength: 200_000,
      ContentType: 'application/octet-stream',
      ContentEncoding: 'gzip',
      CacheControl: 'no-store',
      AcceptRanges: 'bytes',
      Metadata: { owner: 'rig', 'mixed-case': 'Kept As Is' },
      ChecksumCRC32: answer.ChecksumCRC32!,
    });
    expect(LastModified).toBeInstanceOf(Date);
    expect($metadata.requestId).toMatch(/^[0-9A-Z]{16}$/);
    expect($metadata.extendedRequestId).toMatch(/^[0-9A-Za-z+/]{40,}=*$/);
  });

  behaves('an object of several megabytes comes back whole, and so does a range across them', async () => {
    const Bucket = await newBucket();
    const bytes = Buffer.from(Uint8Array.from({ length: 5_000_000 }, (_, i) => Math.imul(i, 0x9e3779b9) >>> 24));
    expect(await put(Bucket, 'k', bytes)).toBe(md5Etag(bytes));
    for (const [Range, part] of [
      [undefined, bytes],
      ['bytes=999999-3999999', bytes.subarray(999_999, 4_000_000)],
    ] as const) {
      const { Body } = await session.s3.send(new GetObjectCommand({ Bucket, Key: 'k', Range }));
      expect(Buffer.from(await Body!.transformToByteArray()).equals(part)).toBe(true);
    }
  });

  behaves('an empty object is an object', async () => {
    const Bucket = await newBucket();
    await put(Bucket, 'empty', new Uint8Array(0));
    expect(await text(Bucket, 'empty')).toBe('');
    expect(await session.s3.send(new HeadObjectCommand({ Bucket, Key: 'empty' }))).toMatchObject({
      ContentLength: 0,
      ETag: '"d41d8cd98f00b204e9800998ecf8427e"',
      ContentType: 'application/octet-stream',
    });
  });

  behaves('a stream of known length is stored without its framing', async () => {
    const Bucket = await newBucket();
    const chunks = [Buffer.alloc(10, 'a'), Buffer.alloc(100_000, 'b'), Buffer.alloc(1, 'c')];
    const Body = Readable.from(chunks);
    await session.s3.send(
      new PutObjectCommand({ Bucket, Key: 'k', Body, ContentLength: 100_011, ContentEncoding: 'gzip' }),
    );
    const got = await session.s3.send(new GetObjectCommand({ Bucket, Key: 'k' }));
    expect(await got.Body!.transformToString()).toBe(Buffer.concat(chunks).toString());
    expect(got.ContentEncoding).toBe('gzip');
  });

  behaves.each(
    ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const,
    (ChecksumAlgorithm) => `a checksum ${ChecksumAlgorithm} is verified, kept and given back`,
    async (ChecksumAlgorithm) => {
      const Bucket = await newBucket();
      const name = `Checksum${ChecksumAlgorithm}` as const;
      const answer = await session.s3.send(
        new PutObjectCommand({ Bucket, Key: 'k', Body: '123456789', ChecksumAlgorithm }),
      );
      expect(answer[name]).toMatch(/^[A-Za-z0-9+/]+=*$/);
      const got = await session.s3.send(new GetObjectCommand({ Bucket, Key: 'k', ChecksumMode: 'ENABLED' }));
      expect(await got.Body!.transformToString()).toBe('123456789');
      expect(got[name]).toBe(answer[name]);
    },
  );

  behaves('a wrong checksum or Content-MD5 is BadDigest, and nothing is stored', async () => {
    const Bucket = await newBucket();
    const wrong = { Bucket, Key: 'k', Body: 'text' };
    const withCrc = session.s3.send(new PutObjectCommand({ ...wrong, ChecksumCRC32: 'AAAAAA==' }));
    expect(await codeOf(withCrc)).toEqual({ code: 'BadDigest', status: 400 });
    const withMd5 = session.s3.send(new PutObjectCommand({ ...wrong, ContentMD5: '1B2M2Y8AsgTpgAmY7PhCfg==' }));
    expect(await codeOf(withMd5)).toEqual({ code: 'BadDigest', status: 400 });
    expect(keysOf(await listAll({ Bucket }))).toEqual([]);
  });

  behaves.each(
    [
      'plain',
      'with space and  two',
      'a+b%2B%25=c&d',
      'AWSLogs/aws-account-id=123456789012/year=2026/x.log.gz',
      'ünïcødé/日本/𝒳',
      '//double//slashes//',
      '../up/./here/..',
      'quotes"\'<>&;!*()~`^|{}[]\\#?@:$,',
      'k'.repeat(1024),
      'ü'.repeat(512),
    ],
    (Key) => `the key ${JSON.stringify(shortened(Key))} is kept as it is`,
    async (Key) => {
      const Bucket = await newBucket();
      await put(Bucket, Key);
      expect(await text(Bucket, Key)).toBe(Key);
      expect(keysOf(await listAll({ Bucket, Prefix: Key }))).toEqual([Key]);
      expect(keysOf(await listAll({ Bucket, EncodingType: 'url' })).map(decodeListed)).toEqual([Key]);
      await session.s3.send(new DeleteObjectCommand({ Bucket, Key }));
      expect(keysOf(await listAll({ Bucket }))).toEqual([]);
    },
  );

  behaves('a key of 1,025 bytes is too long', async () => {
    const Bucket = await newBucket();
    expect(await codeOf(put(Bucket, 'k'.repeat(1025)))).toEqual({ code: 'KeyTooLongError', status: 400 });
  });

  behaves.each(
    [
      ['bytes=0-0', '0', 'bytes 0-0/10'],
      ['bytes=-3', '789', 'bytes 7-9/10'],
      ['bytes=-100', '0123456789', 'bytes 0-9/10'],
      ['bytes=4-', '456789', 'bytes 4-9/10'],
      ['bytes=8-100', '89', 'bytes 8-9/10'],
      ['bytes=2-4', '234', 'bytes 2-4/10'],
    ] as const,
    ([Range, bytes]) => `the range ${Range} of ten bytes is ${bytes}`,
    async ([Range, bytes, ContentRange]) => {
      const Bucket = await newBucket();
      await put(Bucket, 'k', '0123456789');
      const got = await session.s3.send(new GetObjectCommand({ Bucket, Key: 'k', Range }));
      expect(await got.Body!.transformToString()).toBe(bytes);
      expect(got).toMatchObject({ ContentRange, ContentLength: bytes.length, $metadata: { httpStatusCode: 206 } });
      expect(got.ChecksumCRC32).toBeUndefined();
    },
  );

  behaves('a range beyond the object is InvalidRange', async () => {
    const Bucket = await newBucket();
    await put(Bucket, 'k', '0123456789');
    for (const Range of ['bytes=10-', 'bytes=10-20', 'bytes=-0']) {
      const got = session.s3.send(new GetObjectCommand({ Bucket, Key: 'k', Range }));
      expect(await codeOf(got)).toEqual({ code: 'InvalidRange', status: 416 });
    }
  });

  behaves('a conditional GET gives the object, 304 or 412', async () => {
    const Bucket = await newBucket();
    const etag = await put(Bucket, 'k', 'text');
    const get = async (condition: object): Promise<number> => {
      const answer = session.s3.send(new GetObjectCommand({ Bucket, Key: 'k', ...condition }));
      return answer.then(
        ({ $metadata }) => $metadata.httpStatusCode!,
        (error: S3ServiceException) => error.$metadata.httpStatusCode!,
      );
    };
    const { LastModified } = await session.s3.send(new HeadObjectCommand({ Bucket, Key: 'k' }));
    const earlier = new Date(LastModified!.getTime() - 1000);
    expect(await get({ IfMatch: etag })).toBe(200);
    expect(await get({ IfMatch: '"0123456789abcdef0123456789abcdef"' })).toBe(412);
    expect(await get({ IfNoneMatch: etag })).toBe(304);
    expect(await get({ IfNoneMatch: '"0123456789abcdef0123456789abcdef"' })).toBe(200);
    expect(await get({ IfModifiedSince: LastModified })).toBe(304);
    expect(await get({ IfModifiedSince: earlier })).toBe(200);
    expect(await get({ IfUnmodifiedSince: LastModified })).toBe(200);
    expect(await get({ IfUnmodifiedSince: earlier })).toBe(412);
    expect(await get({ IfMatch: etag, IfUnmodifiedSince: earlier })).toBe(200);
  });

  behaves('a conditional PUT never overwrites what it was not meant to', async () => {
    const Bucket = await newBucket();
    const conditional = (condition: object): Promise<unknown> =>
      session.s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'second', ...condition }));
    expect(await codeOf(conditional({ IfMatch: '"0123456789abcdef0123456789abcdef"' }))).toEqual({
      code: 'NoSuchKey',
      status: 404,
    });
    await session.s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'first', IfNoneMatch: '*' }));
    const refused = { code: 'PreconditionFailed', status: 412 };
    expect(await codeOf(conditional({ IfNoneMatch: '*' }))).toEqual(refused);
    expect(await codeOf(conditional({ IfMatch: '"0123456789abcdef0123456789abcdef"' }))).toEqual(refused);
    expect(await text(Bucket, 'k')).toBe('first');
    const { ETag } = await session.s3.send(new HeadObjectCommand({ Bucket, Key: 'k' }));
    await conditional({ IfMatch: ETag });
    expect(await text(Bucket, 'k')).toBe('second');
  });

  behaves('what is not there is told by the right error', async () => {
    const Bucket = await newBucket();
    const noKey = session.s3.send(new GetObjectCommand({ Bucket, Key: 'no' }));
    expect(await codeOf(noKey)).toEqual({ code: 'NoSuchKey', status: 404 });
    expect(await codeOf(session.s3.send(new HeadObjectCommand({ Bucket, Key: 'no' })))).toEqual({
      code: 'NotFound',
      status: 404,
    });
    const noBucket = { code: 'NoSuchBucket', status: 404 };
    const missing = { Bucket: `${Bucket}-missing`, Key: 'k' };
    expect(await codeOf(session.s3.send(new GetObjectCommand(missing)))).toEqual(noBucket);
    expect(await codeOf(session.s3.send(new PutObjectCommand({ ...missing, Body: new Uint8Array(0) })))).toEqual(
      noBucket,
    );
    expect(await codeOf(session.s3.send(new DeleteObjectCommand(missing)))).toEqual(noBucket);
    expect(await codeOf(session.s3.send(new ListObjectsV2Command(missing)))).toEqual(noBucket);
    expect(await codeOf(session.s3.send(new HeadBucketCommand(missing)))).toEqual({ code: 'NotFound', status: 404 });
    expect((await session.s3.send(new HeadBucketCommand({ Bucket }))).BucketRegion).toBe(session.region);
  });

  behaves('deleting twice succeeds twice', async () => {
    const Bucket = await newBucket();
    await put(Bucket, 'k');
    for (let i = 0; i < 2; i++) {
      const { $metadata } = await session.s3.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));
      expect($metadata.httpStatusCode).toBe(204);
    }
    expect(await codeOf(session.s3.send(new GetObjectCommand({ Bucket, Key: 'k' })))).toEqual({
      code: 'NoSuchKey',
      status: 404,
    });
  });

  behaves(
    'readers of an object that is overwritten all the time see one version or another, never a mixture',
    async () => {
      const Bucket = await newBucket();
      const version = (i: number): Buffer => Buffer.alloc(300_000, 'abcdefgh'[i % 8]);
      await put(Bucket, 'k', version(0));
      const etags = new Map([0, 1, 2, 3, 4, 5, 6, 7].map((i) => [md5Etag(version(i)), 'abcdefgh'[i]!] as const));
      const writers = Array.from({ length: 8 }, async (_, writer) => {
        for (let i = 0; i < 4; i++) await put(Bucket, 'k', version(writer + i));
      });
      const torn: string[] = [];
      const readers = Array.from({ length: 8 }, async () => {
        for (let i = 0; i < 8; i++) {
          const { Body, ETag } = await session.s3.send(new GetObjectCommand({ Bucket, Key: 'k' }));
          const bytes = Buffer.from(await Body!.transformToByteArray());
          if (md5Etag(bytes) !== ETag || !etags.has(ETag)) torn.push(`${ETag} with ${bytes.length} bytes`);
        }
      });
      await Promise.all([...writers, ...readers]);
      expect(torn).toEqual([]);
    },
  );
}

function shortened(key: string): string {
  return key.length > 60 ? `${key.slice(0, 8)}... (${Buffer.byteLength(key)} bytes)` : key;
}
